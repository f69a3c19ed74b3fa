#include <gtest/gtest.h>

#include "common/domain/identifiers/nir.h"

namespace pleiade {
namespace {

FieldStatus status_of(std::string_view text) {
    const auto parsed = parse_nir(text);
    EXPECT_TRUE(parsed.has_value()) << text;
    return parsed ? parsed->status : FieldStatus::Invalid;
}

TEST(Nir, AcceptsThePublishedVectors) {
    for (const auto* vector :
         {"2 55 08 14 168 025 38", "2 84 05 88 321 025 32", "2 94 03 75 120 005 91", "1 53 12 45 007 231 60",
          "2 84 05 2A 321 025 52", "2 84 05 2B 321 025 79", "2 84 20 2B 321 025 28", "2 84 99 2B 321 025 31"}) {
        EXPECT_EQ(status_of(vector), FieldStatus::Valid) << vector;
    }
}

TEST(Nir, RefusesThePublishedBadVectors) {
    EXPECT_FALSE(parse_nir("8 84 05 88 321 025 23"));
    EXPECT_EQ(status_of("2 55 08 14 168 025 00"), FieldStatus::Invalid);
    EXPECT_EQ(status_of("2 84 05 88 321 025 30"), FieldStatus::Invalid);  // the README's failing example
}

TEST(Nir, KeepsTheCorsicanLettersAndUpperCasesThem) {
    EXPECT_EQ(parse_nir("284052a321025 52"), (Parsed{"284052A32102552", FieldStatus::Valid}));
    EXPECT_EQ(status_of("2 84 05 24 321 025 52"), FieldStatus::Invalid);  // 2A misread as 24
    EXPECT_FALSE(parse_nir("2 84 05 2C 321 025 52"));
    EXPECT_FALSE(parse_nir("2 84 A5 88 321 025 32"));
}

TEST(Nir, LeavesANumberWithoutKeyUnchecked) {
    EXPECT_EQ(parse_nir("2 84 05 88 321 025"), (Parsed{"2840588321025", FieldStatus::Unchecked}));
}

TEST(Nir, RefusesWhatHasNotItsForm) {
    for (const auto* text : {"", "2", "28405883210253", "2840588321025321", "3 84 05 88 321 025 32",
                             "2 84 00 88 321 025 32", "2 84 13 88 321 025 32", "2 84 05 00 321 025 32",
                             "2 84 05 88 000 025 32", "2 84 05 88 321 000 32", "2 84 05 88 321 025 AB"}) {
        EXPECT_FALSE(parse_nir(text)) << text;
    }
}

TEST(Nir, CatchesEverySingleDigitErrorAndEverySwapOfNeighbours) {
    const std::string good = "255081416802538";
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (char c = '0'; c <= '9'; ++c) {
            auto wrong = good;
            wrong[i] = c;
            if (wrong == good) continue;
            const auto parsed = parse_nir(wrong);
            EXPECT_TRUE(!parsed || parsed->status == FieldStatus::Invalid) << wrong;
        }
        if (i + 1 < good.size() && good[i] != good[i + 1]) {
            auto wrong = good;
            std::swap(wrong[i], wrong[i + 1]);
            const auto parsed = parse_nir(wrong);
            EXPECT_TRUE(!parsed || parsed->status == FieldStatus::Invalid) << wrong;
        }
    }
}

TEST(Nir, ComputesItsKey) {
    EXPECT_EQ(nir_key("2550814168025"), "38");
    EXPECT_EQ(nir_key("284052B321025"), "79");
    EXPECT_EQ(nir_key("284"), "");
    EXPECT_EQ(nir_key("28405XX321025"), "");
}

TEST(Nir, TellsTheProvisionalAndMigrantNumbersApart) {
    const auto provisional = parse_person_number("7159512345678");
    ASSERT_TRUE(provisional);
    EXPECT_EQ(provisional->kind, PersonNumberKind::Provisional);
    EXPECT_EQ(provisional->status, FieldStatus::Unchecked);
    EXPECT_EQ(caisse_of(*provisional), "595");
    EXPECT_FALSE(parse_nir("7159512345678"));

    EXPECT_EQ(parse_person_number("8059512345678")->kind, PersonNumberKind::Provisional);  // before 2012
    const auto migrant = parse_person_number("6259512345678" + nir_key("6259512345678"));
    ASSERT_TRUE(migrant);
    EXPECT_EQ(migrant->kind, PersonNumberKind::Migrant);
    EXPECT_EQ(migrant->status, FieldStatus::Valid);
    EXPECT_FALSE(parse_person_number("6059512345678"));
    EXPECT_FALSE(parse_person_number("9159512345678"));

    const auto nir = parse_person_number("2 55 08 14 168 025 38");
    ASSERT_TRUE(nir);
    EXPECT_EQ(nir->kind, PersonNumberKind::Nir);
    EXPECT_EQ(caisse_of(*nir), "");
}

TEST(Nir, SaysWhatItKnowsOfTheBirth) {
    const auto birth = nir_birth("284052A32102552");
    ASSERT_TRUE(birth);
    EXPECT_EQ(birth->sex_digit, 2);
    EXPECT_EQ(birth->year_in_century, 84);
    EXPECT_EQ(birth->month, 5);
    EXPECT_EQ(birth->department, "2A");
    EXPECT_FALSE(nir_birth("284992B32102531")->month);
    EXPECT_TRUE(nir_agrees_with_birth("255081416802538", "1955-08-31"));
    EXPECT_FALSE(nir_agrees_with_birth("255081416802538", "1955-09-01"));
    EXPECT_TRUE(nir_agrees_with_birth("284992B32102531", "1984-01-01"));
    EXPECT_FALSE(nir_agrees_with_birth("284992B32102531", "1985-01-01"));
    EXPECT_FALSE(nir_agrees_with_birth("255081416802538", ""));
}

}  // namespace
}  // namespace pleiade
