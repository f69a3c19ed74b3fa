#include "tests/mail/identifiers.h"

#include <gtest/gtest.h>

#include "tests/mail/people.h"

namespace pleiade::mail {
namespace {

bool luhn_holds(const std::string& digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int digit = digits[digits.size() - 1 - i] - '0';
        const int value = i % 2 == 1 ? digit * 2 : digit;
        sum += value / 10 + value % 10;
    }
    return sum % 10 == 0;
}

TEST(MailIdentifiers, NirKeysAreThoseOfTheCnamTestSuite) {
    EXPECT_EQ(nir_key("2550814168025"), "38");
    EXPECT_EQ(nir_key("2840588321025"), "32");
    EXPECT_EQ(nir_key("1531245007231"), "60");
    EXPECT_EQ(nir_key("284052A321025"), "52");
    EXPECT_EQ(nir_key("284052B321025"), "79");
}

TEST(MailIdentifiers, EveryNirHasFifteenCharactersWhateverTheDepartment) {
    Rng rng(7);
    for (const std::string department : {"59", "2A", "2B", "974", "99"}) {
        const std::string nir = make_nir(rng, true, 1984, 5, department);
        ASSERT_EQ(nir.size(), 15u) << department;
        EXPECT_EQ(nir.substr(13), nir_key(nir.substr(0, 13)));
        EXPECT_EQ(nir.substr(0, 5), "28405");
    }
}

TEST(MailIdentifiers, NumbersOfPracticesAndCompaniesPassLuhn) {
    Rng rng(11);
    for (int i = 0; i < 200; ++i) {
        const std::string siret = make_siret(rng);
        EXPECT_EQ(siret.size(), 14u);
        EXPECT_TRUE(luhn_holds(siret) && luhn_holds(siret.substr(0, 9))) << siret;
        EXPECT_TRUE(luhn_holds(make_finess(rng, "59")));
        EXPECT_TRUE(luhn_holds(make_rpps(rng)));
        EXPECT_TRUE(luhn_holds(make_am_number(rng, "59", 1)));
    }
}

TEST(MailIdentifiers, IbansHoldBothTheirChecks) {
    Rng rng(13);
    for (int i = 0; i < 200; ++i) {
        const std::string iban = make_iban(rng, "20041");
        ASSERT_EQ(iban.size(), 27u);
        std::string digits;
        for (const char c : iban.substr(4) + iban.substr(0, 4))
            digits += c >= 'A' ? std::to_string(c - 'A' + 10) : std::string(1, c);
        int rest = 0;
        for (const char c : digits) rest = (rest * 10 + c - '0') % 97;
        EXPECT_EQ(rest, 1) << iban;
        // The RIB key makes bank, branch, account and key together a multiple of 97.
        rest = 0;
        for (const char c : iban.substr(4)) rest = (rest * 10 + c - '0') % 97;
        EXPECT_EQ(rest, 0) << iban;
    }
}

TEST(MailIdentifiers, PeopleAreBornWhenTheirNumberSays) {
    Rng rng(17);
    for (int i = 0; i < 100; ++i) {
        const Person person = make_adult(rng, "59", make_day(2026, 11, 20));
        EXPECT_EQ(person.nir.substr(0, 1), person.woman ? "2" : "1");
        EXPECT_EQ(std::stoi(person.nir.substr(1, 2)), year_of(person.birth) % 100);
        EXPECT_EQ(std::stoi(person.nir.substr(3, 2)), month_of(person.birth));
    }
}

TEST(MailIdentifiers, CapitalsKeepTheirAccentsAndMrzLosesThem) {
    EXPECT_EQ(upper("d'Hautecloque-Noël"), "D'HAUTECLOQUE-NOËL");
    EXPECT_EQ(unaccent("Éléonore Œuvrard"), "Eleonore OEuvrard");
}

}  // namespace
}  // namespace pleiade::mail
