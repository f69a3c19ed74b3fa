// Days without hours: French working days and public holidays, Easter included. Pure; the holidays themselves are data
// (deploy/config/calendar.toml), because Alsace-Moselle and the overseas departements have their own.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/reading.h"

namespace pleiade {

using Day = std::chrono::sys_days;

// "2026-11-20" only; a day that does not exist (30 February) gives nothing.
std::optional<Day> day_from(std::string_view yyyy_mm_dd);
Date to_date(Day day);
std::string to_french_date(Day day);  // "20/11/2026"

// Gregorian Easter (anonymous algorithm of Meeus, Jones and Butcher), for any year of the Gregorian calendar.
Day easter_sunday(int year);

// A holiday falls on a fixed day of the year or so many days after Easter Sunday (negative: before).
struct Holiday {
    std::string name_fr;
    std::optional<std::chrono::month_day> fixed;
    int days_after_easter = 0;              // used when `fixed` is empty
    std::vector<std::string> departements;  // empty: everywhere in France
    int year_first = 0;                     // the years in which it holds, inclusive
    int year_last = 9999;
};

// Working days of a departement: neither Saturday, nor Sunday, nor public holiday there.
// Immutable once built, so any thread may read it.
class Calendar {
  public:
    Calendar() = default;
    explicit Calendar(std::vector<Holiday> holidays) : holidays_(std::move(holidays)) {}

    // nullptr on an ordinary day. A departement that no holiday names has the national ones only.
    const Holiday* holiday_on(Day day, std::string_view departement) const;
    bool is_working_day(Day day, std::string_view departement) const;
    // Working day `number` at or after `from`: 0 is the first one, 1 the next...
    Day working_day(Day from, int number, std::string_view departement) const;
    const std::vector<Holiday>& holidays() const { return holidays_; }

  private:
    std::vector<Holiday> holidays_;
};

}  // namespace pleiade
