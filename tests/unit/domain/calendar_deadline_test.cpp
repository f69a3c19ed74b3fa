#include "common/domain/calendar_deadline.h"

#include <gtest/gtest.h>

namespace pleiade {
namespace {

Calendar calendar_2026() {
    using std::chrono::July;
    using std::chrono::May;
    return Calendar({{"Fête du Travail", May / 1, 0, {}, 0, 9999},
                     {"Fête nationale", July / 14, 0, {}, 0, 9999},
                     {"Vendredi saint", std::nullopt, -2, {"67"}, 0, 9999},
                     {"Lundi de Pâques", std::nullopt, 1, {}, 0, 9999}});
}

std::string due(const char* received_on, int count, DelayUnit unit, const char* departement = "59") {
    return to_date(deadline(*day_from(received_on), {count, unit}, calendar_2026(), departement));
}

TEST(CalendarDeadline, CountsCalendarDaysWithoutTheDayOfReceiptAndNeverExtendsThem) {
    EXPECT_EQ(due("2026-11-20", 15, DelayUnit::CalendarDays), "2026-12-05");  // a Saturday stays one
    EXPECT_EQ(due("2026-12-20", 15, DelayUnit::CalendarDays), "2027-01-04");
    EXPECT_EQ(due("2028-02-15", 15, DelayUnit::CalendarDays), "2028-03-01");  // leap year
}

TEST(CalendarDeadline, CountsMonthsFromDayToDayAndStopsAtTheMonthsEnd) {
    EXPECT_EQ(due("2026-11-20", 2, DelayUnit::Months), "2027-01-20");
    EXPECT_EQ(due("2026-12-31", 2, DelayUnit::Months), "2027-02-28");
    EXPECT_EQ(due("2027-12-31", 2, DelayUnit::Months), "2028-02-29");
    EXPECT_EQ(due("2026-08-31", 1, DelayUnit::Months), "2026-09-30");
    EXPECT_EQ(due("2026-01-15", 24, DelayUnit::Months), "2028-01-15");
}

TEST(CalendarDeadline, CountsJoursFrancsWithoutBothEndsAndExtendsOverWeekendsAndHolidays) {
    // Ten full days from 21 to 30 November, so the last day is the 1st of December.
    EXPECT_EQ(due("2026-11-20", 10, DelayUnit::ClearDays), "2026-12-01");
    EXPECT_EQ(due("2026-11-17", 10, DelayUnit::ClearDays), "2026-11-30");  // the 28th is a Saturday: Monday
    EXPECT_EQ(due("2026-11-18", 10, DelayUnit::ClearDays), "2026-11-30");  // a Sunday: Monday
    EXPECT_EQ(due("2026-07-03", 10, DelayUnit::ClearDays), "2026-07-15");  // 14 July
    EXPECT_EQ(due("2026-04-20", 10, DelayUnit::ClearDays), "2026-05-04");  // 1 May is a Friday: Monday
    EXPECT_EQ(due("2026-03-23", 10, DelayUnit::ClearDays, "59"), "2026-04-03");
    EXPECT_EQ(due("2026-03-23", 10, DelayUnit::ClearDays, "67"), "2026-04-07");  // Good Friday, then Easter Monday
    EXPECT_EQ(due("2026-11-20", 30, DelayUnit::ClearDays), "2026-12-21");
}

TEST(CalendarDeadline, CountsWorkingDaysAndWholeDaysOfHours) {
    EXPECT_EQ(due("2026-11-20", 1, DelayUnit::WorkingDays), "2026-11-23");
    EXPECT_EQ(due("2026-11-20", 5, DelayUnit::WorkingDays), "2026-11-27");
    EXPECT_EQ(due("2026-11-20", 48, DelayUnit::Hours), "2026-11-22");
}

TEST(CalendarDeadline, KnowsItsUnitsByTheirWord) {
    for (const auto unit :
         {DelayUnit::CalendarDays, DelayUnit::WorkingDays, DelayUnit::Months, DelayUnit::ClearDays, DelayUnit::Hours}) {
        EXPECT_EQ(delay_unit_from(to_word(unit)), unit);
    }
    EXPECT_FALSE(delay_unit_from("days").has_value());
}

}  // namespace
}  // namespace pleiade
