#include "common/domain/calendar.h"

#include <gtest/gtest.h>

namespace pleiade {
namespace {

using std::chrono::days;

Day day(std::string_view text) {
    const auto found = day_from(text);
    EXPECT_TRUE(found.has_value()) << text;
    return found.value_or(Day{});
}

Calendar small_calendar() {
    using std::chrono::December;
    using std::chrono::January;
    using std::chrono::July;
    return Calendar({{"Jour de l'an", January / 1, 0, {}, 0, 9999},
                     {"Lundi de Pâques", std::nullopt, 1, {}, 0, 9999},
                     {"Vendredi saint", std::nullopt, -2, {"57", "67", "68"}, 0, 9999},
                     {"Saint-Étienne", December / 26, 0, {"57", "67", "68"}, 0, 9999},
                     {"Abolition", December / 20, 0, {"974"}, 0, 9999},
                     {"Une seule année", July / 15, 0, {}, 2026, 2026}});
}

TEST(Calendar, FindsEasterOfTheYearsThatTheObservatoriesPublish) {
    const std::vector<std::pair<int, std::string>> published = {
        {1818, "1818-03-22"}, {1943, "1943-04-25"}, {2000, "2000-04-23"}, {2019, "2019-04-21"}, {2024, "2024-03-31"},
        {2025, "2025-04-20"}, {2026, "2026-04-05"}, {2027, "2027-03-28"}, {2028, "2028-04-16"}, {2029, "2029-04-01"},
        {2030, "2030-04-21"}, {2038, "2038-04-25"}, {2285, "2285-03-22"}};
    for (const auto& [year, expected] : published) EXPECT_EQ(to_date(easter_sunday(year)), expected);
}

TEST(Calendar, FindsEasterOnASundayBetweenTheTwoLimitsForFiveCenturies) {
    for (int year = 1800; year < 2300; ++year) {
        const Day easter = easter_sunday(year);
        EXPECT_EQ(std::chrono::weekday{easter}, std::chrono::Sunday) << year;
        EXPECT_GE(easter, day(std::to_string(year) + "-03-22"));
        EXPECT_LE(easter, day(std::to_string(year) + "-04-25"));
    }
}

TEST(Calendar, ReadsOnlyDaysThatExist) {
    EXPECT_EQ(to_date(day("2024-02-29")), "2024-02-29");
    for (const char* bad : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1", "20260101",
                            "01/01/2026", "2026-01-01T00:00:00", "2026-01-+1", "abcd-ef-gh"}) {
        EXPECT_FALSE(day_from(bad).has_value()) << bad;
    }
    EXPECT_EQ(to_french_date(day("2026-11-02")), "02/11/2026");
}

TEST(Calendar, DoesNotWorkOnWeekendsNorOnNationalHolidays) {
    const auto calendar = small_calendar();
    EXPECT_TRUE(calendar.is_working_day(day("2026-11-20"), "59"));   // Friday
    EXPECT_FALSE(calendar.is_working_day(day("2026-11-21"), "59"));  // Saturday
    EXPECT_FALSE(calendar.is_working_day(day("2026-11-22"), "59"));  // Sunday
    EXPECT_FALSE(calendar.is_working_day(day("2026-01-01"), "59"));
    EXPECT_FALSE(calendar.is_working_day(day("2026-04-06"), "59"));  // Easter Monday
    EXPECT_TRUE(calendar.is_working_day(day("2026-01-01") + days{1}, "974"));
}

TEST(Calendar, KeepsLocalHolidaysInTheirDepartements) {
    const auto calendar = small_calendar();
    for (const char* departement : {"57", "67", "68"}) {
        EXPECT_FALSE(calendar.is_working_day(day("2026-04-03"), departement)) << departement;  // Good Friday
        EXPECT_EQ(calendar.holiday_on(day("2025-12-26"), departement)->name_fr, "Saint-Étienne");
    }
    for (const char* departement : {"59", "974", "", "6", "670"}) {
        EXPECT_TRUE(calendar.is_working_day(day("2026-04-03"), departement)) << departement;
    }
    EXPECT_FALSE(calendar.is_working_day(day("2027-12-20"), "974"));  // a Monday
    EXPECT_TRUE(calendar.is_working_day(day("2027-12-20"), "59"));
}

TEST(Calendar, KeepsAHolidayInItsYears) {
    const auto calendar = small_calendar();
    EXPECT_EQ(calendar.holiday_on(day("2025-07-15"), "59"), nullptr);
    EXPECT_NE(calendar.holiday_on(day("2026-07-15"), "59"), nullptr);
    EXPECT_EQ(calendar.holiday_on(day("2027-07-15"), "59"), nullptr);
}

TEST(Calendar, CountsWorkingDaysFromTheFirstAtOrAfter) {
    const auto calendar = small_calendar();
    struct Case {
        const char* from;
        int number;
        const char* departement;
        const char* expected;
    };
    for (const auto& [from, number, departement, expected] : std::vector<Case>{
             {"2026-11-20", 0, "59", "2026-11-20"},
             {"2026-11-20", 1, "59", "2026-11-23"},
             {"2026-11-20", 2, "59", "2026-11-24"},
             {"2026-11-21", 0, "59", "2026-11-23"},
             {"2026-11-22", 1, "59", "2026-11-24"},
             {"2026-04-02", 1, "59", "2026-04-03"},  // Good Friday is an ordinary day in the Nord
             {"2026-04-02", 1, "67", "2026-04-07"},  // and not in Alsace: Friday, weekend, Easter Monday
             {"2026-04-03", 0, "68", "2026-04-07"},
             {"2025-12-31", 1, "59", "2026-01-02"},
         }) {
        EXPECT_EQ(to_date(calendar.working_day(day(from), number, departement)), expected)
            << from << " +" << number << " in " << departement;
    }
}

}  // namespace
}  // namespace pleiade
