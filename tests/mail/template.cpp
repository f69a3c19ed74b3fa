#include "tests/mail/template.h"

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/csv.h"

namespace pleiade::mail {

namespace {

// Text that a file gives a name to: each {name} in its later lines stands for it.
using Lets = std::map<std::string, std::string, std::less<>>;

void add_let(Lets& lets, std::string_view rest) {
    const auto space = rest.find(' ');
    PLEIADE_CHECK(space != std::string_view::npos);
    lets["{" + std::string(rest.substr(0, space)) + "}"] = trim(rest.substr(space));
}

std::string with_lets(std::string line, const Lets& lets) {
    for (const auto& [name, text] : lets) {
        for (auto at = line.find(name); at != std::string::npos; at = line.find(name, at + text.size()))
            line.replace(at, name.size(), text);
    }
    return line;
}

}  // namespace

std::string Template::option(std::string_view name, std::string_view otherwise) const {
    const auto found = options.find(name);
    return found == options.end() ? std::string(otherwise) : found->second;
}

// "== TYPE id key=value..." opens a template; "let name text" names a text; "#" opens a comment; a line that begins
// with two blanks goes on with the one before.
std::vector<Template> parse_templates(std::string_view text, Half half, const std::string& file) {
    std::vector<Template> found;
    Lets lets;
    int number = 0;
    for (const std::string& raw : split(text, '\n')) {
        ++number;
        const std::string line = with_lets(std::string(trim(raw)), lets);
        if (line.empty() || line[0] == '#') continue;
        if (line.starts_with("let ")) {
            add_let(lets, std::string_view(line).substr(4));
            continue;
        }
        if (line.starts_with("== ")) {
            const auto words = split(line.substr(3), ' ');
            PLEIADE_CHECK(words.size() >= 2);
            Template made;
            made.type = words[0];
            made.id = words[1];
            made.half = half;
            for (std::size_t i = 2; i < words.size(); ++i) {
                const auto equal = words[i].find('=');
                PLEIADE_CHECK(equal != std::string::npos);
                made.options[words[i].substr(0, equal)] = words[i].substr(equal + 1);
            }
            found.push_back(std::move(made));
            continue;
        }
        if (found.empty()) {
            fmt::print(stderr, "{}:{}: a verb before the first template\n", file, number);
            PLEIADE_CHECK(!found.empty());
        }
        auto& lines = found.back().lines;
        if (raw.starts_with("  ") && !lines.empty()) {
            lines.back().rest += " " + line;
            continue;
        }
        const auto space = line.find(' ');
        lines.push_back(
            {line.substr(0, space), space == std::string::npos ? "" : std::string(trim(line.substr(space))), number});
    }
    return found;
}

const std::vector<Template>& templates_of(Half half) {
    static const auto load = [](bool train) {
        std::vector<Template> all;
        for (int i = 0; i < kEmbeddedTemplateCount; ++i) {
            const auto& embedded = kEmbeddedTemplates[i];
            if (embedded.train != train) continue;
            for (auto& one : parse_templates(embedded.text, train ? Half::Train : Half::Test, embedded.file)) {
                all.push_back(std::move(one));
            }
        }
        return all;
    };
    static const std::vector<Template> train = load(true);
    static const std::vector<Template> test = load(false);
    return half == Half::Train ? train : test;
}

std::vector<const Template*> templates_of(Half half, std::string_view type) {
    std::vector<const Template*> found;
    for (const Template& one : templates_of(half)) {
        if (one.type == type) found.push_back(&one);
    }
    return found;
}

}  // namespace pleiade::mail
