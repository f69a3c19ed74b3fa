#include "common/domain/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/check.h"

namespace pleiade {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;

std::optional<int> digits(std::string_view text) {
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool falls_on(const Holiday& holiday, Day day, const year_month_day& date) {
    const int year = static_cast<int>(date.year());
    if (year < holiday.year_first || year > holiday.year_last) return false;
    if (holiday.fixed) return *holiday.fixed == std::chrono::month_day{date.month(), date.day()};
    return day == easter_sunday(year) + days{holiday.days_after_easter};
}

}  // namespace

std::optional<Day> day_from(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                              std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

Date to_date(Day day) {
    const year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string to_french_date(Day day) {
    const year_month_day date{day};
    return fmt::format("{:02}/{:02}/{:04}", static_cast<unsigned>(date.day()), static_cast<unsigned>(date.month()),
                       static_cast<int>(date.year()));
}

Day easter_sunday(int year) {
    const int golden = year % 19;
    const int century = year / 100;
    const int in_century = year % 100;
    const int correction = (8 * century + 13) / 25;  // of the moon, every 312.5 years
    const int epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    const int weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    const int shift = (golden + 11 * epact + 19 * weekday) / 433;
    const int month = (epact + weekday - 7 * shift + 90) / 25;
    const int day = (epact + weekday - 7 * shift + 33 * month + 19) % 32;
    return Day{year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}}};
}

const Holiday* Calendar::holiday_on(Day day, std::string_view departement) const {
    const year_month_day date{day};
    for (const auto& holiday : holidays_) {
        const auto& where = holiday.departements;
        if (!where.empty() && std::find(where.begin(), where.end(), departement) == where.end()) continue;
        if (falls_on(holiday, day, date)) return &holiday;
    }
    return nullptr;
}

bool Calendar::is_working_day(Day day, std::string_view departement) const {
    const std::chrono::weekday weekday{day};
    if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
    return holiday_on(day, departement) == nullptr;
}

Day Calendar::working_day(Day from, int number, std::string_view departement) const {
    PLEIADE_CHECK(number >= 0);
    Day day = from;
    while (true) {
        if (is_working_day(day, departement)) {
            if (number == 0) return day;
            --number;
        }
        day += days{1};
    }
}

}  // namespace pleiade
