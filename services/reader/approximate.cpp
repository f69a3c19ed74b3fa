#include "services/reader/approximate.h"

#include <algorithm>

#include "common/base/check.h"

namespace pleiade::reader {
namespace {

using Masks = std::array<std::uint64_t, 128>;

// One column of the dynamic programming table, as vertical differences of plus and minus one.
class Column {
  public:
    Column(std::size_t length, bool free_start)
        : last_(std::uint64_t{1} << (length - 1)), score_(static_cast<int>(length)), free_start_(free_start) {}

    int step(std::uint64_t equal) {
        const std::uint64_t x = equal | minus_;
        const std::uint64_t d0 = (((equal & plus_) + plus_) ^ plus_) | equal | minus_;
        std::uint64_t up = minus_ | ~(d0 | plus_);
        std::uint64_t down = plus_ & d0;
        if ((up & last_) != 0) ++score_;
        if ((down & last_) != 0) --score_;
        // Row zero costs nothing when the phrase may begin anywhere, one per character otherwise.
        up = (up << 1) | (free_start_ ? 0u : 1u);
        down <<= 1;
        plus_ = down | ~(x | up);
        minus_ = up & x;
        return score_;
    }

  private:
    std::uint64_t last_;
    std::uint64_t plus_ = ~std::uint64_t{0};
    std::uint64_t minus_ = 0;
    int score_;
    bool free_start_;
};

std::uint64_t mask_of(const Masks& masks, char c) {
    const auto code = static_cast<unsigned char>(c);
    return code < masks.size() ? masks[code] : 0;
}

Masks masks_of(std::string_view text) {
    Masks masks{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const auto code = static_cast<unsigned char>(text[i]); code < masks.size()) {
            masks[code] |= std::uint64_t{1} << i;
        }
    }
    return masks;
}

bool starts_a_word(std::string_view text, std::size_t at) {
    return at == 0 || at >= text.size() || text[at] == ' ' || text[at - 1] == ' ';
}

constexpr std::size_t kGroup = 3;

}  // namespace

std::vector<std::uint16_t> CharacterGroups::of(std::string_view text) {
    std::vector<std::uint16_t> groups;
    for (std::size_t i = 0; i + kGroup <= text.size(); ++i) {
        std::uint32_t group = 0;
        for (const char c : text.substr(i, kGroup)) group = group << 5 ^ static_cast<unsigned char>(c);
        groups.push_back(static_cast<std::uint16_t>(group % kPlaces));
    }
    return groups;
}

CharacterGroups::CharacterGroups(std::string_view text) {
    for (const auto group : of(text)) groups_.set(group);
}

Phrase::Phrase(std::string folded) : text_(std::move(folded)) {
    PLEIADE_CHECK(!text_.empty() && text_.size() <= kLengthMax);
    groups_ = CharacterGroups::of(text_);
    masks_ = masks_of(text_);
    reversed_ = masks_of(std::string(text_.rbegin(), text_.rend()));
}

int Phrase::errors_allowed() const {
    const auto length = static_cast<int>(text_.size());
    return length < 7 ? 0 : std::min(7, 1 + (length - 7) / 8);
}

bool Phrase::may_be_in(const CharacterGroups& text, int errors_max) const {
    // An error changes the groups that it stands in.
    int may_miss = static_cast<int>(kGroup) * errors_max;
    for (const auto group : groups_) {
        if (!text.has(group) && --may_miss < 0) return false;
    }
    return true;
}

std::optional<Match> Phrase::find_in(std::string_view folded, int errors_max) const {
    std::optional<Match> best;
    Column forward(text_.size(), true);
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const int errors = forward.step(mask_of(masks_, folded[i]));
        if (errors > errors_max || (best && errors >= best->errors)) continue;
        const std::size_t end = i + 1;
        // An occurrence that stops inside a word is another word: "ordonnance" in "ordonnancement".
        if (!starts_a_word(folded, end)) continue;
        // Walk back to where this occurrence begins: the start that costs the same and stands at a word.
        Column backward(text_.size(), false);
        const std::size_t reach = text_.size() + static_cast<std::size_t>(errors_max);
        const std::size_t first = end > reach ? end - reach : 0;
        for (std::size_t at = end; at-- > first;) {
            const int cost = backward.step(mask_of(reversed_, folded[at]));
            if (cost > errors_max || !starts_a_word(folded, at) || folded[at] == ' ') continue;
            if (!best || cost < best->errors) best = Match{at, end, cost};
        }
    }
    return best;
}

int edit_distance(std::string_view a, std::string_view b) {
    if (a.empty()) return static_cast<int>(b.size());
    PLEIADE_CHECK(a.size() <= Phrase::kLengthMax);
    const auto masks = masks_of(a);
    Column column(a.size(), false);
    int score = static_cast<int>(a.size());
    for (const char c : b) score = column.step(mask_of(masks, c));
    return score;
}

}  // namespace pleiade::reader
