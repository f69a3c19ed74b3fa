#include "common/domain/identifiers/form_reference.h"

#include "common/domain/identifiers/checksum.h"
#include "common/domain/text_fold.h"

namespace pleiade {
namespace {

void skip_spaces(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}
bool skip_word(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    skip_spaces(text);
    return true;
}
std::string_view take_digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    const auto digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

}  // namespace

std::optional<CerfaNumber> parse_cerfa(std::string_view text) {
    const auto plain = folded(text);
    std::string_view rest = plain;
    skip_spaces(rest);
    skip_word(rest, "cerfa");
    skip_word(rest, "no");
    skip_word(rest, ".");
    const auto number = take_digits(rest);
    if (number.size() != 5) return std::nullopt;
    CerfaNumber cerfa{std::string(number), std::nullopt, false};
    skip_spaces(rest);
    if (rest.empty()) return cerfa;
    cerfa.notice = rest.front() == '#';
    // What OCR engines make of the star: a degree sign (folded to o), quotes, x.
    if (std::string_view("*#'\"x+").find(rest.front()) == std::string_view::npos && !rest.starts_with("o")) {
        return std::nullopt;
    }
    rest.remove_prefix(1);
    skip_spaces(rest);
    const auto version = take_digits(rest);
    skip_spaces(rest);
    if (version.empty() || version.size() > 2 || !rest.empty()) return std::nullopt;
    cerfa.version = static_cast<int>(remainder_of(version, 100));
    return cerfa;
}

std::optional<SReference> parse_s_reference(std::string_view text) {
    const auto plain = folded(text);
    std::string_view rest = plain;
    skip_spaces(rest);
    if (!skip_word(rest, "s")) return std::nullopt;
    const auto digits = take_digits(rest);
    if (digits.size() != 4) return std::nullopt;
    SReference reference{"S" + std::string(digits), 0};
    skip_spaces(rest);
    if (!rest.empty() && rest.front() >= 'a' && rest.front() <= 'k') {
        reference.version = rest.front();
        rest.remove_prefix(1);
        skip_spaces(rest);
    }
    if (!rest.empty()) return std::nullopt;
    return reference;
}

}  // namespace pleiade
