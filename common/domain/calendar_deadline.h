// Counting a statutory delay from the day of receipt. Each unit has its own rule; none counts the day of receipt.
//
//   calendar_days   n days later
//   working_days    n working days later
//   months          the same day n months later, else the last day of that month (code de procédure civile, art. 641)
//   clear_days      jours francs: neither the day of receipt nor the last day counts, so day n + 1; an end on a
//   Saturday,
//                   a Sunday or a public holiday moves to the next working day (code de procédure civile, art. 642)
//   hours           whole days only: a receipt is known by its day
#pragma once

#include <optional>
#include <string_view>

#include "common/domain/calendar.h"

namespace pleiade {

enum class DelayUnit { CalendarDays, WorkingDays, Months, ClearDays, Hours };

struct Delay {
    int count = 0;
    DelayUnit unit = DelayUnit::CalendarDays;
};

std::optional<DelayUnit> delay_unit_from(std::string_view word);
std::string_view to_word(DelayUnit unit);

// The last day of the delay. `count` is positive; hours are a multiple of 24.
Day deadline(Day received_on, const Delay& delay, const Calendar& calendar, std::string_view departement);

}  // namespace pleiade
