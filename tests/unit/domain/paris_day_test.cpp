#include "common/domain/paris_day.h"

#include <gtest/gtest.h>

namespace pleiade {
namespace {

using namespace std::chrono;

std::string day_at(year_month_day date, milliseconds time) {
    return to_date(paris_day(sys_days{date} + time));
}

TEST(ParisDay, BeginsAnHourBeforeGreenwichInWinterAndTwoInSummer) {
    EXPECT_EQ(day_at(2026y / January / 5, 22h + 59min), "2026-01-05");
    EXPECT_EQ(day_at(2026y / January / 5, 23h), "2026-01-06");
    EXPECT_EQ(day_at(2026y / July / 5, 21h + 59min), "2026-07-05");
    EXPECT_EQ(day_at(2026y / July / 5, 22h), "2026-07-06");
}

TEST(ParisDay, ChangesItsClocksOnTheLastSundaysOfMarchAndOctober) {
    EXPECT_EQ(day_at(2026y / March / 28, 22h + 30min), "2026-03-28");
    EXPECT_EQ(day_at(2026y / March / 29, 22h + 30min), "2026-03-30");
    EXPECT_EQ(day_at(2026y / October / 24, 22h + 30min), "2026-10-25");
    EXPECT_EQ(day_at(2026y / October / 25, 22h + 30min), "2026-10-25");
}

}  // namespace
}  // namespace pleiade
