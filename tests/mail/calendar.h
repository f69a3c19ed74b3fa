// Days, and the ways in which people write them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace pleiade::mail {

using Day = std::chrono::sys_days;

Day make_day(int year, unsigned month, unsigned day);
Day parse_day(std::string_view iso);  // "2026-11-20"
int year_of(Day day);
int month_of(Day day);
std::string iso(Day day);      // 2026-11-20
std::string slashed(Day day);  // 20/11/2026
std::string worded(Day day);   // 20 novembre 2026, 1er mars 2026

}  // namespace pleiade::mail
