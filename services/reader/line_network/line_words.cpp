#include "services/reader/line_network/line_words.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pleiade::reader::line_network {
namespace {

constexpr float kLeast = 2e-9F;  // exp(-20): nothing is less certain
constexpr float kUnlikely = 0.002F;
constexpr std::size_t kTextsKept = 6;
constexpr std::size_t kLinksBack = 64;  // a chain's next character was added lately, if at all

// A character as the columns show it.
struct Shown {
    int output = 0;
    int first = 0, last = 0;  // columns
    double certainty = 0;     // of these, and of the blank ones before it
};

double certainty_of(float odds) {
    return std::log(std::max(std::min(odds, 1.F), kLeast));
}

// What the line may say up to a column: a chain of characters, and how likely it is with and without a blank at its
// end.
struct Text {
    int chain = 0;  // 0: nothing yet
    float ending_blank = 0, ending_sign = 0;
    float odds() const { return ending_blank + ending_sign; }
};
struct Link {
    int before = 0, output = 0;
};

// The likeliest text, all ways of spelling it in columns counted together: a weak space between words is one that many
// columns speak for a little (A. Graves et al., Connectionist Temporal Classification, 2006: prefix search).
std::vector<int> likeliest_text(const Columns& columns, int blank) {
    std::vector<Link> links{{0, -1}};
    std::vector<Text> texts{{0, 1, 0}};
    std::vector<int> likely;
    std::vector<Text> next;
    for (int x = 0; x < columns.count; ++x) {
        const float* odds = columns.at(x);
        likely.clear();
        for (int o = 0; o < columns.outputs; ++o) {
            if (o != blank && odds[o] > kUnlikely) likely.push_back(o);
        }
        next.clear();
        const auto add = [&](int chain, float with_blank, float with_sign) {
            for (auto& text : next) {
                if (text.chain != chain) continue;
                text.ending_blank += with_blank;
                text.ending_sign += with_sign;
                return;
            }
            next.push_back({chain, with_blank, with_sign});
        };
        const auto longer = [&](int chain, int output) {
            for (std::size_t i = links.size(); i-- > 1;) {
                if (links[i].before == chain && links[i].output == output) return static_cast<int>(i);
                if (links.size() - i > kLinksBack) break;
            }
            links.push_back({chain, output});
            return static_cast<int>(links.size()) - 1;
        };
        for (const auto& text : texts) {
            const int last = links[static_cast<std::size_t>(text.chain)].output;
            add(text.chain, text.odds() * odds[blank], last >= 0 ? text.ending_sign * odds[last] : 0);
            for (const int output : likely) {
                const float before = output == last ? text.ending_blank : text.odds();
                if (before > 0) add(longer(text.chain, output), 0, before * odds[output]);
            }
        }
        std::sort(next.begin(), next.end(), [](const Text& a, const Text& b) { return a.odds() > b.odds(); });
        if (next.size() > kTextsKept) next.resize(kTextsKept);
        const float most = next.front().odds();
        while (next.back().odds() < kUnlikely * most) next.pop_back();
        for (auto& text : next) {
            text.ending_blank /= most;
            text.ending_sign /= most;
        }
        texts.swap(next);
    }
    std::vector<int> outputs;
    for (int chain = texts.front().chain; chain > 0; chain = links[static_cast<std::size_t>(chain)].before)
        outputs.push_back(links[static_cast<std::size_t>(chain)].output);
    std::reverse(outputs.begin(), outputs.end());
    return outputs;
}

// Which columns each character of a text takes: the likeliest way to spell it. A state for each character and for the
// blank before it, and one for the last blank.
std::vector<Shown> placed(const std::vector<int>& text, const Columns& columns, int blank) {
    const int states = 2 * static_cast<int>(text.size()) + 1;
    const auto output_of = [&](int state) {
        return state % 2 == 0 ? blank : text[static_cast<std::size_t>(state / 2)];
    };
    constexpr float kNever = -1e9F;
    std::vector<float> best(static_cast<std::size_t>(states), kNever), now(best);
    std::vector<std::uint8_t> came(static_cast<std::size_t>(states) * static_cast<std::size_t>(columns.count));
    for (int x = 0; x < columns.count; ++x) {
        for (int state = 0; state < states; ++state) {
            const auto at = static_cast<std::size_t>(state);
            int steps = 0;
            float before = x == 0 ? (state < 2 ? 0 : kNever) : best[at];
            if (x > 0 && state > 0 && best[at - 1] > before) before = best[at - 1], steps = 1;
            const bool may_skip = state % 2 == 1 && state > 1 && output_of(state) != output_of(state - 2);
            if (x > 0 && may_skip && best[at - 2] > before) before = best[at - 2], steps = 2;
            now[at] = before + static_cast<float>(certainty_of(columns.at(x)[output_of(state)]));
            came[static_cast<std::size_t>(x) * static_cast<std::size_t>(states) + at] =
                static_cast<std::uint8_t>(steps);
        }
        best.swap(now);
    }
    std::vector<int> state_at(static_cast<std::size_t>(columns.count));
    int state = states - 1;
    if (states > 1 && best[static_cast<std::size_t>(states) - 2] > best[static_cast<std::size_t>(states) - 1]) --state;
    for (int x = columns.count - 1; x >= 0; --x) {
        state_at[static_cast<std::size_t>(x)] = state;
        state -= came[static_cast<std::size_t>(x) * static_cast<std::size_t>(states) + static_cast<std::size_t>(state)];
    }
    std::vector<Shown> shown;
    double before = 0;  // of the blank columns since the last character
    for (int x = 0; x < columns.count; ++x) {
        const float* odds = columns.at(x);
        const int here = state_at[static_cast<std::size_t>(x)];
        if (here % 2 == 0) {
            // A blank beside a character may be a part of it: which of the two is no doubt about the text.
            float beside = 0;
            for (const int neighbour : {here - 1, here + 1}) {
                if (neighbour > 0 && neighbour < states) beside = std::max(beside, odds[output_of(neighbour)]);
            }
            before = std::min(before, certainty_of(odds[blank] + beside));
            continue;
        }
        const double certainty = certainty_of(odds[output_of(here)] + odds[blank]);
        if (x == 0 || state_at[static_cast<std::size_t>(x) - 1] != here) {
            shown.push_back({output_of(here), x, x, std::min(before, certainty)});
            before = 0;
        }
        shown.back().last = x;
        shown.back().certainty = std::min(shown.back().certainty, certainty);
    }
    if (!shown.empty()) shown.back().certainty = std::min(shown.back().certainty, before);
    return shown;
}

}  // namespace

std::vector<Word> words_of(const Columns& columns, const LineModel& model) {
    if (columns.count == 0) return {};
    const auto shown = placed(likeliest_text(columns, model.blank), columns, model.blank);
    std::vector<Word> words;
    bool open = false;
    double gap = 0;  // certainty of the space before
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto& one = shown[i];
        const auto& text = model.texts[static_cast<std::size_t>(one.output)];
        if (text == " ") {
            if (open) words.back().certainty = std::min(words.back().certainty, one.certainty);
            gap = one.certainty;
            open = false;
            continue;
        }
        const double from = i == 0 ? 0 : (shown[i - 1].last + one.first) / 2.0;
        const double to = i + 1 == shown.size() ? columns.count : (one.last + shown[i + 1].first) / 2.0 + 0.5;
        if (!open) {
            words.push_back({"", gap, from, to});
            gap = 0;
            open = true;
        }
        words.back().text += text;
        words.back().certainty = std::min(words.back().certainty, one.certainty);
        words.back().last = to;
    }
    return words;
}

}  // namespace pleiade::reader::line_network
