// Dates as French paper writes them, to the YYYY-MM-DD of the contract.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/reading.h"

namespace pleiade {

struct CivilDate {
    int year = 0, month = 0, day = 0;
    auto operator<=>(const CivilDate&) const = default;
};

// Nothing when that day does not exist.
std::optional<CivilDate> civil_date(int year, int month, int day);
std::optional<CivilDate> civil_date_of(const Date& iso);  // strict YYYY-MM-DD
Date to_iso(const CivilDate& date);
CivilDate plus_days(const CivilDate& date, int days);
CivilDate plus_months(const CivilDate& date, int months);  // the last day of the month when that day does not exist

// The whole text is one date: JJMMAAAA, JJ/MM/AAAA, JJ/MM/AA (also with . - or spaces), "1er janvier 2024",
// "12 févr. 2024", YYYY-MM-DD. A year of two digits is the latest one that does not put the date after `not_after`.
std::optional<CivilDate> parse_date(std::string_view text, const CivilDate& not_after);

// 1 to 12 for a month's name or abbreviation, as folded text ("janvier", "fevr", "aout"); 0 otherwise.
int month_of_name(std::string_view folded_name);

}  // namespace pleiade
