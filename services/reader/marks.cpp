#include "services/reader/marks.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "common/base/csv.h"
#include "services/reader/fold.h"

namespace pleiade::reader {
namespace {

constexpr double kHeadShare = 0.30;
constexpr double kFootShare = 0.86;
constexpr std::size_t kHeadingWordsMax = 8;

int number_of(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool at_head_or_foot(const PageText& text, const Box& box) {
    const double y = text.y_of(box);
    return text.is_crop() || y < kHeadShare || y > kFootShare;
}

// Calls `found` with the match's place and its groups.
template <std::size_t Groups, class Found>
void each_match(const std::string& text, const re2::RE2& pattern, Found found) {
    std::array<re2::StringPiece, Groups + 1> groups;
    std::size_t from = 0;
    while (from <= text.size() && pattern.Match(text, from, text.size(), re2::RE2::UNANCHORED, groups.data(),
                                                static_cast<int>(groups.size()))) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
        const auto end = begin + groups[0].size();
        found(begin, end, groups);
        from = std::max(end, from + 1);
    }
}

// Digits, and the letters that OCR makes of them.
std::string joined_digits(re2::StringPiece text) {
    static constexpr std::string_view kLetters = "OoSsIlBZ", kMeant = "00551182";
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') digits += c;
        if (const auto at = kLetters.find(c); at != std::string_view::npos) digits += kMeant[at];
    }
    return digits;
}

}  // namespace

std::vector<FormNumber> find_form_numbers(const PageText& text) {
    // 14463*03, 50261#04; the sign is often lost or read as a quote, a degree or a digit.
    static const re2::RE2 versioned(R"((?:^|[^\d])(\d{2} ?\d{3}) ?([*#"'’°+×x%»“”]{1,2}) ?(\d{2})(?:[^\d]|$))");
    static const re2::RE2 lettered(R"((?:^|[^\pL\d])([\dOoSsIlBZ]{5}) ?([*#]) ?(\d{2})(?:[^\d]|$))");
    static const re2::RE2 numbered(
        R"((?i)(?:n ?[°ºo®*"'’]{1,2}|cerfa)[ :.°ºno]{0,6}(\d{2} ?\d{3}) ?([*#4:.;,!|-])? ?(0\d|1\d)(?:[^\d]|$))");
    // The star lost, the "N°" misread: "NE: 1446303".
    static const re2::RE2 bare(R"((?:^|\s)(N[^\d\s]{0,3} ?)?(\d{5})[*#4]?(0\d|1\d)(?:[^\d]|$))");
    static const re2::RE2 named(R"((?i)cerfa[^\d]{0,16}(\d{5})(?:[^\d]|$))");
    std::vector<FormNumber> numbers;
    const bool says_cerfa = text.folded().find("cerfa") != std::string::npos;
    const auto add = [&](std::size_t begin, std::size_t end, re2::StringPiece digits, bool notice, bool marked,
                         bool doubtful = false) {
        const auto box = text.box_of_raw(begin, end);
        const auto plain = joined_digits(digits);
        const bool own = at_head_or_foot(text, box);
        for (auto& known : numbers) {
            if (known.digits != plain) continue;
            known.marked |= marked;
            known.notice |= notice;
            known.own |= own;
            known.doubtful &= doubtful;
            return;
        }
        numbers.push_back({plain, notice, marked, own, doubtful, box});
    };
    each_match<3>(text.raw(), versioned, [&](auto begin, auto end, const auto& groups) {
        add(begin, end, groups[1], groups[2].find('#') != re2::StringPiece::npos, true);
    });
    each_match<3>(text.raw(), numbered, [&](auto begin, auto end, const auto& groups) {
        const bool signed_number = groups[2] == "*" || groups[2] == "#";
        add(begin, end, groups[1], groups[2] == "#", signed_number || says_cerfa);
    });
    each_match<1>(text.raw(), named,
                  [&](auto begin, auto end, const auto& groups) { add(begin, end, groups[1], false, true); });
    each_match<3>(text.raw(), lettered, [&](auto begin, auto end, const auto& groups) {
        add(begin, end, groups[1], groups[2] == "#", true, true);
    });
    each_match<3>(text.raw(), bare, [&](auto begin, auto end, const auto& groups) {
        add(begin, end, groups[2], false, says_cerfa || !groups[1].empty(), true);
    });
    return numbers;
}

std::vector<SReference> find_s_references(const PageText& text) {
    // The version letter is often read as a digit, the S as 5 or 8.
    static const re2::RE2 reference(R"((?:^|[^\pL\d])([S$58]) ?\.? ?(\d{4}) ?-?[a-zA-Z\d]?(?:[^\pL\d]|$))");
    std::vector<SReference> references;
    each_match<2>(text.raw(), reference, [&](auto begin, auto end, const auto& groups) {
        const bool doubtful = groups[1] == "5" || groups[1] == "8";
        references.push_back({"S" + std::string(groups[2]), false, doubtful, text.box_of_raw(begin, end)});
    });
    // The form's own stands lowest, at the right; those that it quotes stand in sentences.
    SReference* own = nullptr;
    for (auto& candidate : references) {
        const double x = text.x_of(candidate.box), y = text.y_of(candidate.box);
        if (text.is_crop() || y < kFootShare) continue;
        if (candidate.doubtful && x < 0.5) continue;
        if (own == nullptr || y + 0.2 * x > text.y_of(own->box) + 0.2 * text.x_of(own->box)) own = &candidate;
    }
    if (own != nullptr) own->own = true;
    std::erase_if(references, [](const SReference& found) { return found.doubtful && !found.own; });
    return references;
}

std::optional<PageMark> find_page_mark(const PageText& text) {
    static const re2::RE2 worded(R"((?i)\b(?:page|feuillet)\s*n?[°o]?\s*(\d{1,2})\s*(?:/|sur|de)\s*(\d{1,2})\b)");
    static const re2::RE2 alone(R"(^[-–—(\s]*(\d{1,2})\s?(?:/|sur)\s?(\d{1,2})[-–—)\s]*$)");
    // "S3711h 2/6": one figure and a small total, for forms print the month of their edition there too (06/19).
    static const re2::RE2 referenced(R"((?i)\bS\s?\d{4}\s?[a-z]?\s*[-–—]?\s*([1-9])\s?/\s?([1-9]|1[0-2])\s*$)");
    for (const auto& line : text.page().lines) {
        const double y = text.y_of(line.box);
        if (y > 0.15 && y < 0.85) continue;
        const auto words = line.text();
        re2::StringPiece number, total;
        const bool found = re2::RE2::PartialMatch(words, worded, &number, &total) ||
                           re2::RE2::FullMatch(words, alone, &number, &total) ||
                           re2::RE2::PartialMatch(words, referenced, &number, &total);
        if (!found) continue;
        const PageMark mark{number_of({number.data(), number.size()}), number_of({total.data(), total.size()}),
                            line.box};
        if (mark.number >= 1 && mark.number <= mark.total && mark.total <= 30) return mark;
    }
    return std::nullopt;
}

std::optional<int> find_volet(const PageText& text) {
    // "volet médical 1", of which OCR leaves "volet mél 1"; "volet2"; "voletn 1", where it lost the sign of "n°".
    static const re2::RE2 volet(R"((?i)\bvolets?\s*(?:m\S{1,8}\s+|administ\S*\s+|n\s?[°ºo]?\s?)?([1-5])\b)");
    std::set<int> head, foot;
    for (const auto& line : text.page().lines) {
        const double y = text.y_of(line.box);
        const bool at_head = text.is_crop() || y < 0.25;
        if (!at_head && (y < 0.90 || line.words.size() > 5)) continue;
        const auto words = line.text();
        each_match<1>(words, volet,
                      [&](auto, auto, const auto& groups) { (at_head ? head : foot).insert(groups[1][0] - '0'); });
    }
    const auto& named = head.empty() ? foot : head;
    return named.size() == 1 ? std::optional(*named.begin()) : std::nullopt;
}

bool has_notice_heading(const PageText& text) {
    static const re2::RE2 heading(
        R"(^(?:\S+ )?notice (?:explicative|d utilisation|d informations?|pour|relative|destinee|a destination)\b)");
    return std::any_of(text.page().lines.begin(), text.page().lines.end(), [&](const OcrLine& line) {
        if (text.y_of(line.box) > kHeadShare || line.words.size() > kHeadingWordsMax) return false;
        const auto words = plain_words(line.text());
        return words == "notice" || re2::RE2::PartialMatch(words, heading);
    });
}

}  // namespace pleiade::reader
