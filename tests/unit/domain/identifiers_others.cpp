#include <gtest/gtest.h>

#include "common/domain/identifiers/checksum.h"
#include "common/domain/identifiers/finess.h"
#include "common/domain/identifiers/form_reference.h"
#include "common/domain/identifiers/iban.h"
#include "common/domain/identifiers/postal_code.h"
#include "common/domain/identifiers/practitioner.h"
#include "common/domain/identifiers/rib.h"
#include "common/domain/identifiers/siret.h"
#include "common/domain/identifiers/tax_number.h"

namespace pleiade {
namespace {

const auto kValid = FieldStatus::Valid;
const auto kInvalid = FieldStatus::Invalid;
const auto kUnchecked = FieldStatus::Unchecked;

TEST(Checksum, CompactsWhatPeopleWriteBetweenGroups) {
    EXPECT_EQ(compact("fr14 2004.1010-05|05"),
              "FR142004101005"
              "05");
    EXPECT_EQ(compact("1\u00A02\u202F3"), "123");
    EXPECT_TRUE(luhn_holds("79927398713"));
    EXPECT_FALSE(luhn_holds("79927398710"));
    EXPECT_FALSE(luhn_holds(""));
    EXPECT_EQ(remainder_of("98765432109876543210", 97), 62u);
    EXPECT_EQ(remainder_of("1000", 97), 30u);
}

TEST(Iban, AcceptsThePublishedVectorWithItsRibKey) {
    EXPECT_EQ(parse_iban("FR14 2004 1010 0505 0001 3M02 606"), (Parsed{"FR1420041010050500013M02606", kValid}));
    EXPECT_EQ(parse_rib("20041 01005 0500013M026 06"), (Parsed{"20041010050500013M02606", kValid}));
    EXPECT_EQ(iban_of_rib("20041010050500013M02606"), "FR1420041010050500013M02606");
}

TEST(Iban, RefusesAWrongKey) {
    EXPECT_EQ(parse_iban("FR15 2004 1010 0505 0001 3M02 606")->status, kInvalid);
    EXPECT_EQ(parse_iban("FR14 2004 1010 0505 0001 3M02 607")->status, kInvalid);
    EXPECT_EQ(parse_rib("20041 01005 0500013M026 07")->status, kInvalid);
}

TEST(Iban, LeavesAFrenchOneUncheckedWhenOnlyItsRibKeyFails) {
    const auto iban = iban_of_rib("20041010050500013M02607");
    EXPECT_EQ(parse_iban(iban)->status, kUnchecked);
}

TEST(Iban, KnowsTheLengthOfOtherCountries) {
    EXPECT_EQ(parse_iban("DE89 3704 0044 0532 0130 00")->status, kValid);
    EXPECT_EQ(parse_iban("BE68 5390 0754 7034")->status, kValid);
    EXPECT_EQ(parse_iban("GB29 NWBK 6016 1331 9268 19")->status, kValid);
    EXPECT_FALSE(parse_iban("DE89 3704 0044 0532 0130 001"));
    EXPECT_EQ(parse_iban("SA03 8000 0000 6080 1016 7519")->status, kUnchecked);  // right, not in our table
    EXPECT_EQ(iban_length("FR"), 27);
    EXPECT_EQ(iban_length("XX"), 0);
}

TEST(Iban, RefusesWhatHasNotItsForm) {
    for (const auto* text :
         {"", "FR14", "1420041010050500013M02606FR", "FRXX20041010050500013M02606", "FR1420041010050500013M0260",
          "FR1420041010050500013M026066", "FR14É0041010050500013M0260"}) {
        EXPECT_FALSE(parse_iban(text)) << text;
    }
    EXPECT_FALSE(parse_rib("2004X010050500013M02606"));
    EXPECT_EQ(iban_of_rib("12"), "");
}

TEST(Siret, AcceptsThePublishedVectors) {
    EXPECT_EQ(parse_siren("732829320")->status, kValid);
    EXPECT_EQ(parse_siren("404 833 048")->status, kValid);
    EXPECT_EQ(parse_siret("732 829 320 00074"), (Parsed{"73282932000074", kValid}));
}

TEST(Siret, RefusesSwapsAndWrongKeys) {
    EXPECT_EQ(parse_siren("732829302")->status, kInvalid);
    EXPECT_EQ(parse_siret("73282932000075")->status, kInvalid);
    // Luhn holds on the fourteen digits but not on the SIREN.
    EXPECT_TRUE(luhn_holds("73282933000073"));
    EXPECT_EQ(parse_siret("73282933000073")->status, kInvalid);
    EXPECT_FALSE(parse_siret("7328293200007"));
    EXPECT_FALSE(parse_siret("00000000000000"));
    EXPECT_FALSE(parse_siret("7328293200007X"));
}

TEST(Siret, NumbersThePlacesOfLaPosteByDigitSum) {
    EXPECT_EQ(parse_siret("35600000000048")->status, kValid);
    EXPECT_EQ(parse_siret("35600000000001")->status, kValid);  // 3+5+6+1 = 15, Luhn does not hold
    EXPECT_FALSE(luhn_holds("35600000000001"));
    EXPECT_EQ(parse_siret("35600000000002")->status, kInvalid);
}

TEST(Finess, AcceptsThePublishedVectorsAndCorsica) {
    for (const auto* vector : {"590780193", "060785011", "130786049", "2A0000014", "2a0000014"}) {
        EXPECT_EQ(parse_finess(vector)->status, kValid) << vector;
    }
}

TEST(Finess, RefusesWrongKeysAndForms) {
    EXPECT_EQ(parse_finess("590780194")->status, kInvalid);
    EXPECT_EQ(parse_finess("2A0000015")->status, kInvalid);
    EXPECT_EQ(parse_finess("2B0000014")->status, kInvalid);
    for (const auto* text : {"59078019", "5907801933", "2C0000014", "000000000", "990780193"}) {
        EXPECT_FALSE(parse_finess(text)) << text;
    }
}

TEST(Practitioner, ChecksTheRppsAndLeavesTheAmNumberUnchecked) {
    EXPECT_EQ(parse_rpps("10001234565")->status, kValid);
    EXPECT_EQ(parse_rpps("10001234566")->status, kInvalid);
    EXPECT_FALSE(parse_rpps("06001234565"));
    EXPECT_FALSE(parse_rpps("1000123456"));
    EXPECT_EQ(parse_am_number("011006277"), (Parsed{"011006277", kUnchecked}));
    EXPECT_EQ(parse_am_number("011006278")->status, kInvalid);
    EXPECT_FALSE(parse_am_number("001006277"));
}

TEST(TaxNumber, AcceptsThePublishedVector) {
    EXPECT_EQ(parse_tax_number("30 23 217 600 053"), (Parsed{"3023217600053", kValid}));
    EXPECT_EQ(parse_tax_number("3023217600054")->status, kInvalid);
    EXPECT_FALSE(parse_tax_number("4023217600053"));
    EXPECT_EQ(parse_tax_number("0000000000000")->status, kInvalid);
}

TEST(FormReference, ReadsCerfaNumbers) {
    EXPECT_EQ(parse_cerfa("N° 10170*07"), (CerfaNumber{"10170", 7, false}));
    EXPECT_EQ(parse_cerfa("cerfa n° 14463*03"), (CerfaNumber{"14463", 3, false}));
    EXPECT_EQ(parse_cerfa("50069#04"), (CerfaNumber{"50069", 4, true}));
    EXPECT_EQ(parse_cerfa("12485"), (CerfaNumber{"12485", std::nullopt, false}));
    EXPECT_EQ(parse_cerfa("11574°04"), (CerfaNumber{"11574", 4, false}));  // the star as OCR gives it
    for (const auto* text : {"", "1017*07", "101700*07", "10170*", "10170*007", "10170*07 bis", "59500 DOUAI"}) {
        EXPECT_FALSE(parse_cerfa(text)) << text;
    }
}

TEST(FormReference, ReadsSReferences) {
    EXPECT_EQ(parse_s_reference("S3108 c"), (SReference{"S3108", 'c'}));
    EXPECT_EQ(parse_s_reference("S3138c"), (SReference{"S3138", 'c'}));
    EXPECT_EQ(parse_s_reference("S 6200i"), (SReference{"S6200", 'i'}));
    EXPECT_EQ(parse_s_reference("s3705A"), (SReference{"S3705", 'a'}));
    EXPECT_EQ(parse_s_reference("S1104"), (SReference{"S1104", 0}));
    for (const auto* text : {"", "S310", "S31088", "3108c", "S3108z", "S3108 cd"}) {
        EXPECT_FALSE(parse_s_reference(text)) << text;
    }
}

TEST(PostalCode, TellsItsDepartment) {
    EXPECT_EQ(parse_postal_code("59 500"), (Parsed{"59500", kUnchecked}));
    EXPECT_FALSE(parse_postal_code("00500"));
    EXPECT_FALSE(parse_postal_code("99100"));
    EXPECT_FALSE(parse_postal_code("5950"));
    EXPECT_EQ(department_of_postal_code("59500"), "59");
    EXPECT_EQ(department_of_postal_code("20000"), "2A");
    EXPECT_EQ(department_of_postal_code("20200"), "2B");
    EXPECT_EQ(department_of_postal_code("97400"), "974");
    EXPECT_EQ(department_of_postal_code("x"), "");
}

}  // namespace
}  // namespace pleiade
