#include "services/reader/fields/date_spots.h"

#include <algorithm>
#include <optional>
#include <string>

#include "services/reader/fields/decoding.h"

namespace pleiade::reader::fields {
namespace {

constexpr int kWordsMax = 5;     // «1 er janvier 2 024» at worst
constexpr double kGapMax = 2.5;  // between the words of one date, in heights of text

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A word as part of a written date: figures, separators, a month's name. `corrected` counts letters taken for figures.
struct Part {
    std::string text;
    int corrected = 0;
    bool possible = false;
};

char figure_for(char c) {
    switch (c) {
        case 'O':
        case 'o':
        case 'Q':
            return '0';
        case 'I':
        case 'l':
        case '|':
        case '!':
            return '1';
        case 'Z':
        case 'z':
            return '2';
        case 'S':
        case 's':
            return '5';
        case 'B':
            return '8';
        default:
            return 0;
    }
}

Part part_of(const Word& word) {
    Part part;
    std::string_view plain = word.plain;
    while (!plain.empty() && std::string_view("(,;:.\"'").find(plain.front()) != std::string_view::npos) {
        plain.remove_prefix(1);
    }
    while (!plain.empty() && std::string_view("),;:.\"'").find(plain.back()) != std::string_view::npos) {
        plain.remove_suffix(1);
    }
    if (plain.empty() || plain.size() > 16) return part;
    if (month_of_name(plain) != 0 || plain == "er" || plain == "1er" || plain == "/" || plain == "-") {
        part.text = plain;
        part.possible = true;
        return part;
    }
    const auto digits = std::count_if(plain.begin(), plain.end(), is_digit);
    if (digits == 0) return part;
    // Letters among figures: from the text as read, for case tells I from i.
    for (const char c : word.text) {
        if (is_digit(c) || c == '/' || c == '.' || c == '-') {
            part.text += c;
        } else if (const char figure = figure_for(c); figure != 0) {
            part.text += figure;
            ++part.corrected;
        } else if (std::string_view("(),;:\"'").find(c) == std::string_view::npos) {
            return part;
        }
    }
    while (!part.text.empty() && !is_digit(part.text.back())) part.text.pop_back();
    part.possible = part.corrected <= digits;
    return part;
}

// The digits alone do not make a date of «12 34 5678»: between separators or around a month's name they do.
bool looks_written(const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return c == '/' || c == '.' || c == '-' || (c >= 'a' && c <= 'z'); });
}

// A day or a month of one figure among separators may have lost another one: 1/07 for 31/07. Beside the name of a
// month people do write one, but «1er» for the first.
bool is_whole(const std::string& text) {
    int figures = 0, parts = 0;
    bool worded = false, lone_one = false;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (is_digit(c)) {
            ++figures;
            continue;
        }
        if (figures == 1 && c != 'e') {
            ++parts;
            lone_one = lone_one || text[i - 1] == '1';
        }
        figures = 0;
        worded = worded || (c >= 'a' && c <= 'z');
    }
    return parts == 0 || (worded && parts == 1 && !lone_one);
}

void measure(const Row& row, DateSpot& found) {
    found.weakest = 1;
    double letters = 0;
    for (int w = found.spot.first_word; w <= found.spot.last_word; ++w) {
        const auto& word = row.words[static_cast<std::size_t>(w)];
        found.confidence += word.confidence * static_cast<double>(word.text.size());
        letters += static_cast<double>(word.text.size());
        found.weakest = std::min(found.weakest, word.confidence);
    }
    found.confidence /= letters;
}

class RowDates {
  public:
    RowDates(const PageRows& page, int row, const CivilDate& not_after)
        : page_(page), row_(page.rows[static_cast<std::size_t>(row)]), index_(row), not_after_(not_after) {
        for (const auto& word : row_.words) parts_.push_back(part_of(word));
    }

    std::vector<DateSpot> written() const {
        std::vector<DateSpot> found;
        for (int first = 0; first < count();) {
            auto date = starting_at(first);
            first = date ? date->spot.last_word + 1 : first + 1;
            if (date) found.push_back(*date);
        }
        return found;
    }

  private:
    int count() const { return static_cast<int>(row_.words.size()); }

    // The longest one: «12 mars 20» must not hide «12 mars 2026».
    std::optional<DateSpot> starting_at(int first) const {
        std::optional<DateSpot> best;
        std::string text;
        int corrected = 0;
        for (int last = first; last < std::min(count(), first + kWordsMax); ++last) {
            const auto& part = parts_[static_cast<std::size_t>(last)];
            if (!part.possible || (last > first && far(last))) break;
            if (!text.empty()) text += ' ';
            text += part.text;
            corrected += part.corrected;
            if (!looks_written(text)) continue;
            const auto date = parse_date(text, not_after_);
            if (!date) continue;
            best = DateSpot{
                *date, {index_, first, last, box_of(row_, first, last)}, corrected, 0, 0, false, false, is_whole(text)};
        }
        if (best) measure(row_, *best);
        return best;
    }

    bool far(int word) const {
        const auto& left = row_.words[static_cast<std::size_t>(word) - 1].box;
        return row_.words[static_cast<std::size_t>(word)].box.x - right_of(left) > kGapMax * page_.text_height;
    }

    const PageRows& page_;
    const Row& row_;
    int index_;
    const CivilDate& not_after_;
    std::vector<Part> parts_;
};

std::string with_separators(const std::string& figures) {
    if (figures.size() == 8) return figures;
    return figures.substr(0, 2) + "/" + figures.substr(2, 2) + "/" + figures.substr(4);
}

constexpr double kChance = 0.4;  // of a date with a wrong figure to be one too, of about these years
constexpr int kYearsBack = 120, kYearsAhead = 3;

// The likeliest date that the boxes may hold; the figures and how many were changed come back with its posterior.
std::optional<double> decode_date(const Candidate& candidate, const CivilDate& not_after, std::string& figures,
                                  int& changed) {
    if (candidate.odds.empty()) return std::nullopt;
    const auto holds = [&](const std::string& text) {
        if (text.find_first_not_of("0123456789") != std::string::npos) return false;
        const auto date = parse_date(with_separators(text), not_after);
        return date && date->year >= not_after.year - kYearsBack && date->year <= not_after.year + kYearsAhead;
    };
    const auto decoded = decode(candidate.odds, holds, kChance);
    if (!decoded) return std::nullopt;
    figures = decoded->text;
    changed = decoded->changed;
    return decoded->posterior;
}

bool overlaps(const Spot& a, const Spot& b) {
    return a.row == b.row && a.first_word <= b.last_word && b.first_word <= a.last_word;
}

}  // namespace

std::vector<DateSpot> date_spots(const PageRows& page, const std::vector<NumberRun>& runs, const CivilDate& not_after) {
    std::vector<DateSpot> found;
    for (std::size_t r = 0; r < page.rows.size(); ++r) {
        const auto written = RowDates(page, static_cast<int>(r), not_after).written();
        found.insert(found.end(), written.begin(), written.end());
    }
    const auto written = found.size();
    for (const std::size_t length : {8, 6}) {
        for (const auto& candidate : stretches(page, runs, length)) {
            int corrected = candidate.corrected;
            double confidence = candidate.confidence, weakest = candidate.weakest;
            auto figures = candidate.digits;
            const auto posterior = decode_date(candidate, not_after, figures, corrected);
            if (posterior) confidence = weakest = *posterior;
            const auto date = parse_date(with_separators(figures), not_after);
            const Spot spot{candidate.row, candidate.first_word, candidate.last_word, candidate.box};
            if (!date || std::any_of(found.begin(), found.end(),
                                     [&](const DateSpot& other) { return overlaps(other.spot, spot); })) {
                continue;
            }
            found.push_back({*date, spot, corrected, confidence, weakest, true, posterior.has_value(), true});
        }
    }
    if (found.size() != written) {
        std::stable_sort(found.begin(), found.end(), [](const DateSpot& a, const DateSpot& b) {
            return a.spot.row != b.spot.row ? a.spot.row < b.spot.row : a.spot.first_word < b.spot.first_word;
        });
    }
    return found;
}

}  // namespace pleiade::reader::fields
