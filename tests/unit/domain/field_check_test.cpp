#include "common/domain/field_check.h"

#include <gtest/gtest.h>

#include "common/domain/identifiers/nir.h"

namespace pleiade {
namespace {

TEST(FieldCheck, KnowsEveryFieldOfTheContractAndNoOther) {
    for (const auto name : kFieldNames) {
        EXPECT_TRUE(is_field_name(name));
        EXPECT_EQ(check_field(name, "").status, FieldStatus::Invalid) << name;  // an empty text is never a value
    }
    EXPECT_FALSE(is_field_name("shoe_size"));
    EXPECT_EQ(check_field("shoe_size", "42").status, FieldStatus::Invalid);
}

TEST(FieldCheck, HoldsIdentifiersToTheirKey) {
    const std::string thirteen = "2550814168025";
    EXPECT_EQ(check_field("nir", "2 55 08 14 168 025 " + nir_key(thirteen)).status, FieldStatus::Valid);
    EXPECT_EQ(check_field("nir", "2 55 08 14 168 025 " + nir_key(thirteen)).value, thirteen + nir_key(thirteen));
    EXPECT_EQ(check_field("nir", thirteen).status, FieldStatus::Unchecked);
    const std::string wrong = thirteen + (nir_key(thirteen) == "01" ? "02" : "01");
    EXPECT_EQ(check_field("nir", wrong).status, FieldStatus::Invalid);
    EXPECT_EQ(check_field("nir", wrong).why_fr.find("2550814"), std::string::npos);  // the reason never says the value
    EXPECT_EQ(check_field("iban", "FR76 3000 6000 0112 3456 7890 189").status, FieldStatus::Valid);
    EXPECT_EQ(check_field("iban", "FR76 3000 6000 0112 3456 7890 188").status, FieldStatus::Invalid);
    EXPECT_EQ(check_field("siret", "73282932000074").status, FieldStatus::Valid);
    EXPECT_EQ(check_field("siret", "73282932000075").status, FieldStatus::Invalid);
    EXPECT_EQ(check_field("siret", "7328").status, FieldStatus::Invalid);
}

TEST(FieldCheck, ReadsDatesWithTheirWholeYearOnly) {
    EXPECT_EQ(check_field("birth_date", "14/08/1955").value, "1955-08-14");
    EXPECT_EQ(check_field("birth_date", "14081955").value, "1955-08-14");
    EXPECT_EQ(check_field("birth_date", "1955-08-14").status, FieldStatus::Valid);
    EXPECT_EQ(check_field("birth_date", "14/08/55").status, FieldStatus::Invalid);
    EXPECT_EQ(check_field("period_to", "31/02/2026").status, FieldStatus::Invalid);
}

TEST(FieldCheck, NeverCallsANameValid) {
    EXPECT_EQ(check_field("last_name", " D'Haëne ").value, "D'Haëne");
    EXPECT_EQ(check_field("last_name", "D'Haëne").status, FieldStatus::Unchecked);
    EXPECT_EQ(check_field("last_name", "??").status, FieldStatus::Invalid);
    EXPECT_EQ(check_field("postal_code", "59500").status, FieldStatus::Unchecked);
    EXPECT_EQ(check_field("caisse", "595").status, FieldStatus::Valid);
    EXPECT_EQ(check_field("caisse", "02 595").status, FieldStatus::Invalid);
}

}  // namespace
}  // namespace pleiade
