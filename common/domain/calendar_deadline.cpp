#include "common/domain/calendar_deadline.h"

#include <array>

#include "common/base/check.h"

namespace pleiade {
namespace {

using std::chrono::days;

constexpr std::array<std::string_view, 5> kUnits = {"calendar_days", "working_days", "months", "clear_days", "hours"};

Day same_day_in(Day day, int months) {
    const std::chrono::year_month_day from{day};
    const auto target = std::chrono::year_month{from.year(), from.month()} + std::chrono::months{months};
    const std::chrono::year_month_day same{target.year(), target.month(), from.day()};
    return same.ok() ? Day{same} : Day{target / std::chrono::last};
}

}  // namespace

std::optional<DelayUnit> delay_unit_from(std::string_view word) {
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
        if (kUnits[i] == word) return static_cast<DelayUnit>(i);
    }
    return std::nullopt;
}

std::string_view to_word(DelayUnit unit) {
    return kUnits[static_cast<std::size_t>(unit)];
}

Day deadline(Day received_on, const Delay& delay, const Calendar& calendar, std::string_view departement) {
    PLEIADE_CHECK(delay.count > 0);
    switch (delay.unit) {
        case DelayUnit::CalendarDays:
            return received_on + days{delay.count};
        case DelayUnit::WorkingDays:
            return calendar.working_day(received_on + days{1}, delay.count - 1, departement);
        case DelayUnit::Months:
            return same_day_in(received_on, delay.count);
        case DelayUnit::ClearDays:
            return calendar.working_day(received_on + days{delay.count + 1}, 0, departement);
        case DelayUnit::Hours:
            PLEIADE_CHECK(delay.count % 24 == 0);
            return received_on + days{delay.count / 24};
    }
    PLEIADE_CHECK(false);
    return received_on;
}

}  // namespace pleiade
