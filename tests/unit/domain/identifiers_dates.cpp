#include <gtest/gtest.h>

#include "common/domain/identifiers/date_text.h"

namespace pleiade {
namespace {

const CivilDate kToday{2026, 11, 20};

Date iso_of(std::string_view text) {
    const auto found = parse_date(text, kToday);
    return found ? to_iso(*found) : "";
}

TEST(DateText, ReadsFigures) {
    EXPECT_EQ(iso_of("14082024"), "2024-08-14");
    EXPECT_EQ(iso_of("14/08/2024"), "2024-08-14");
    EXPECT_EQ(iso_of("14-08-2024"), "2024-08-14");
    EXPECT_EQ(iso_of("14.8.2024"), "2024-08-14");
    EXPECT_EQ(iso_of("14 08 2024"), "2024-08-14");
    EXPECT_EQ(iso_of("2024-08-14"), "2024-08-14");
}

TEST(DateText, GivesATwoDigitYearItsCentury) {
    EXPECT_EQ(iso_of("14/08/24"), "2024-08-14");
    EXPECT_EQ(iso_of("20/11/26"), "2026-11-20");
    EXPECT_EQ(iso_of("21/11/26"), "1926-11-21");  // it would be after the day it came
    EXPECT_EQ(iso_of("14/08/55"), "1955-08-14");
}

TEST(DateText, ReadsMonthsInWords) {
    EXPECT_EQ(iso_of("1er janvier 2024"), "2024-01-01");
    EXPECT_EQ(iso_of("1ER JANVIER 2024"), "2024-01-01");
    EXPECT_EQ(iso_of("12 févr. 2024"), "2024-02-12");
    EXPECT_EQ(iso_of("3 août 2024"), "2024-08-03");
    EXPECT_EQ(iso_of("31 déc. 2023"), "2023-12-31");
    EXPECT_EQ(iso_of("9 juil. 2023"), "2023-07-09");
    EXPECT_EQ(iso_of("5 mars 2025"), "2025-03-05");
    EXPECT_EQ(iso_of("5 jui 2025"), "");  // juin or juillet
}

TEST(DateText, RefusesDaysThatDoNotExist) {
    for (const auto* text :
         {"", "31/04/2024", "29/02/2023", "00/01/2024", "12/13/2024", "32/01/2024", "14082O24", "140820", "14/08",
          "14/08/2024/1", "14/08/1234", "1er 2024", "14 frimaire 2024", "le 14/08/2024", "114/08/2024", "14/08/024"}) {
        EXPECT_EQ(iso_of(text), "") << text;
    }
    EXPECT_EQ(iso_of("29/02/2024"), "2024-02-29");
}

TEST(DateText, ReadsOnlyStrictIsoBack) {
    EXPECT_EQ(civil_date_of("2024-02-29"), (CivilDate{2024, 2, 29}));
    EXPECT_FALSE(civil_date_of("2023-02-29"));
    EXPECT_FALSE(civil_date_of("2024-2-29"));
    EXPECT_FALSE(civil_date_of("2024/02/29"));
    EXPECT_FALSE(civil_date_of(""));
}

TEST(DateText, CountsDaysAndMonths) {
    EXPECT_EQ(to_iso(plus_days({2024, 2, 28}, 2)), "2024-03-01");
    EXPECT_EQ(to_iso(plus_days({2024, 1, 1}, -1)), "2023-12-31");
    EXPECT_EQ(to_iso(plus_months({2024, 3, 31}, -1)), "2024-02-29");
    EXPECT_EQ(to_iso(plus_months({2026, 11, 20}, -27)), "2024-08-20");
}

}  // namespace
}  // namespace pleiade
