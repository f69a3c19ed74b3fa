#include "tests/mail/calendar.h"

#include <fmt/format.h>

#include <array>

namespace pleiade::mail {
namespace {

std::chrono::year_month_day civil(Day day) {
    return {day};
}
unsigned day_of(Day day) {
    return static_cast<unsigned>(civil(day).day());
}

}  // namespace

Day make_day(int year, unsigned month, unsigned day) {
    return Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
}

Day parse_day(std::string_view text) {
    const std::string copy(text);
    return make_day(std::stoi(copy.substr(0, 4)), static_cast<unsigned>(std::stoi(copy.substr(5, 2))),
                    static_cast<unsigned>(std::stoi(copy.substr(8, 2))));
}

int year_of(Day day) {
    return static_cast<int>(civil(day).year());
}
int month_of(Day day) {
    return static_cast<int>(static_cast<unsigned>(civil(day).month()));
}
std::string iso(Day day) {
    return fmt::format("{:04}-{:02}-{:02}", year_of(day), month_of(day), day_of(day));
}
std::string slashed(Day day) {
    return fmt::format("{:02}/{:02}/{:04}", day_of(day), month_of(day), year_of(day));
}

std::string worded(Day day) {
    static constexpr std::array kMonths = {"janvier", "février", "mars",      "avril",   "mai",      "juin",
                                           "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
    const unsigned number = day_of(day);
    return fmt::format("{}{} {} {}", number, number == 1 ? "er" : "",
                       kMonths[static_cast<std::size_t>(month_of(day) - 1)], year_of(day));
}

}  // namespace pleiade::mail
