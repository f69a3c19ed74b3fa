#include "common/domain/identifiers/date_text.h"

#include <date/date.h>

#include <array>
#include <cstdio>
#include <vector>

#include "common/domain/identifiers/checksum.h"
#include "common/domain/text_fold.h"

namespace pleiade {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"janvier",   "fevrier", "mars",     "avril",
                                                      "mai",       "juin",    "juillet",  "aout",
                                                      "septembre", "octobre", "novembre", "decembre"};
constexpr int kOldestYear = 1850;
constexpr int kLatestYear = 2200;

date::year_month_day calendar_day(const CivilDate& d) {
    return date::year{d.year} / d.month / d.day;
}
CivilDate civil(const date::year_month_day& d) {
    return {static_cast<int>(d.year()), static_cast<int>(static_cast<unsigned>(d.month())),
            static_cast<int>(static_cast<unsigned>(d.day()))};
}

// Runs of digits and runs of letters; nothing at all when another character than a date's separators stands there.
std::vector<std::string> pieces_of(std::string_view folded_text) {
    enum class Kind { None, Digits, Letters };
    std::vector<std::string> pieces;
    Kind last = Kind::None;
    for (const char c : folded_text) {
        const Kind kind = c >= '0' && c <= '9' ? Kind::Digits : c >= 'a' && c <= 'z' ? Kind::Letters : Kind::None;
        if (kind == Kind::None) {
            if (c != ' ' && c != '.' && c != '/' && c != '-') return {};
            last = Kind::None;
            continue;
        }
        if (kind != last) pieces.emplace_back();
        pieces.back() += c;
        last = kind;
    }
    return pieces;
}

int number(std::string_view digits) {
    return static_cast<int>(remainder_of(digits, 100'000'000));
}

std::optional<CivilDate> with_year(std::string_view year, int month, int day, const CivilDate& not_after) {
    if (year.size() == 4) return civil_date(number(year), month, day);
    if (year.size() != 2) return std::nullopt;
    const int century = not_after.year / 100 * 100;
    const auto this_century = civil_date(century + number(year), month, day);
    if (this_century && *this_century <= not_after) return this_century;
    return civil_date(century - 100 + number(year), month, day);
}

}  // namespace

std::optional<CivilDate> civil_date(int year, int month, int day) {
    if (year < kOldestYear || year > kLatestYear || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
    const CivilDate found{year, month, day};
    if (!calendar_day(found).ok()) return std::nullopt;
    return found;
}

std::optional<CivilDate> civil_date_of(const Date& iso) {
    if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
    const auto text = std::string_view(iso);
    if (!all_digits(text.substr(0, 4)) || !all_digits(text.substr(5, 2)) || !all_digits(text.substr(8))) {
        return std::nullopt;
    }
    return civil_date(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8)));
}

Date to_iso(const CivilDate& d) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", d.year, d.month, d.day);
    return text.data();
}

CivilDate plus_days(const CivilDate& d, int days) {
    return civil(date::year_month_day{date::sys_days{calendar_day(d)} + date::days{days}});
}

CivilDate plus_months(const CivilDate& d, int months) {
    auto moved = calendar_day(d) + date::months{months};
    if (!moved.ok()) moved = moved.year() / moved.month() / date::last;
    return civil(moved);
}

int month_of_name(std::string_view name) {
    if (name.size() < 3) return 0;
    if (name == "jui") return 0;  // juin or juillet
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
        if (kMonths[i].starts_with(name)) return static_cast<int>(i) + 1;
    }
    return 0;
}

std::optional<CivilDate> parse_date(std::string_view text, const CivilDate& not_after) {
    auto pieces = pieces_of(folded(text));
    if (pieces.size() == 1 && pieces[0].size() == 8 && all_digits(pieces[0])) {
        const std::string_view whole = pieces[0];
        return with_year(whole.substr(4), number(whole.substr(2, 2)), number(whole.substr(0, 2)), not_after);
    }
    if (pieces.size() == 4 && pieces[0] == "1" && pieces[1] == "er") pieces.erase(pieces.begin() + 1);
    if (pieces.size() != 3 || !all_digits(pieces[0]) || !all_digits(pieces[2])) return std::nullopt;
    if (const int month = month_of_name(pieces[1])) {
        return pieces[0].size() <= 2 ? with_year(pieces[2], month, number(pieces[0]), not_after) : std::nullopt;
    }
    if (!all_digits(pieces[1]) || pieces[1].size() > 2) return std::nullopt;
    if (pieces[0].size() == 4 && pieces[2].size() <= 2) {
        return civil_date(number(pieces[0]), number(pieces[1]), number(pieces[2]));
    }
    if (pieces[0].size() > 2) return std::nullopt;
    return with_year(pieces[2], number(pieces[1]), number(pieces[0]), not_after);
}

}  // namespace pleiade
