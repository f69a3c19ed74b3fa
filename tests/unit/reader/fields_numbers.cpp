#include <gtest/gtest.h>

#include "tests/unit/reader/fields_page.h"

namespace pleiade::reader::test {
namespace {

TEST(FieldsIban, ReadsOneWithOrWithoutItsLabel) {
    for (const auto* text : {"IBAN : FR14 2004 1010 0505 0001 3M02 606", "IBAN FR1420041010050500013M02606",
                             "FR14 2004 1010 0505 0001 3M02 606", "IBAN: fr14 2004 1010 0505 0001 3m02 606"}) {
        EXPECT_EQ(said(extract(PageWriter().text(100, 300, text)), "iban"), "FR1420041010050500013M02606 valid")
            << text;
    }
}

TEST(FieldsIban, FollowsItOverTwoRows) {
    const auto fields =
        extract(PageWriter().text(100, 300, "IBAN : FR14 2004 1010 0505").text(180, 335, "0001 3M02 606"));
    EXPECT_EQ(said(fields, "iban"), "FR1420041010050500013M02606 valid");
}

TEST(FieldsIban, ReadsAComb) {
    const auto fields =
        extract(PageWriter().text(100, 300, "IBAN").comb(100, 340, "FR1420041010050500013M02606", 0.9, 36));
    EXPECT_EQ(said(fields, "iban"), "FR1420041010050500013M02606 valid");
}

TEST(FieldsIban, NeverCallsAWrongOneValid) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "IBAN FR14 2004 1010 0505 0001 3M02 607")), "iban"),
              "FR1420041010050500013M02607 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "IBAN FR14 2004 1010 5005 0001 3M02 606")), "iban"),
              "FR1420041010500500013M02606 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "IBAN FR14 2004 1010 0505 0001 3M02")), "iban"), "-");
}

TEST(FieldsIban, NeverRepairsOnTheKeyAlone) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "IBAN FR14 2O04 1O10 0505 0001 3M02 606")), "iban"),
              "FR1420041010050500013M02606 unchecked");
    const auto twice = extract(PageWriter()
                                   .text(100, 300, "IBAN FR14 2O04 1O10 0505 0001 3M02 606")
                                   .text(100, 600, "FR14 2004 1010 0505 0001 3M02 606"));
    EXPECT_EQ(said(twice, "iban"), "FR1420041010050500013M02606 valid");
}

TEST(FieldsIban, ReadsOtherCountries) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "IBAN BE68 5390 0754 7034")), "iban"), "BE68539007547034 valid");
}

TEST(FieldsIban, IsNotTakenFromWords) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "FRANCE 12 rue des 3 Frères à PARIS 75018 le 14 mars")), "iban"),
              "-");
}

TEST(FieldsSiret, ReadsItUnderTheEmployer) {
    for (const auto* figures : {"732 829 320 00074", "73282932000074", "732829320 00074"}) {
        const auto fields =
            extract(PageWriter().text(100, 250, "L'EMPLOYEUR").text(100, 300, std::string("N° SIRET : ") + figures));
        EXPECT_EQ(said(fields, "siret"), "73282932000074 valid") << figures;
    }
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "SIRET").comb(100, 340, "73282932000074")), "siret"),
              "73282932000074 valid");
}

TEST(FieldsSiret, ReadsItGluedToItsLabel) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "SIRET:73282932000074 APE:8610Z")), "siret"),
              "73282932000074 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N°SIRETde l'établissement d'attache 73282932000074")), "siret"),
              "73282932000074 valid");
}

TEST(FieldsSiret, IsNothingWithoutItsLabel) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "73282932000074")), "siret"), "-");
    // A phone number and a fax number that make fourteen figures and satisfy nothing.
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Tél. 01 44 55 66 77 00 12")), "siret"), "-");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "SIRET Tél. 73 28 29 32 00 00 74")), "siret"), "-");
}

TEST(FieldsSiret, NeverCallsAWrongKeyValid) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "SIRET : 732 829 320 00075")), "siret"),
              "73282932000075 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "SIRET : 732 829 302 00074")), "siret"),
              "73282930200074 invalid");
}

TEST(FieldsSiret, OfAPractitionerIsNotTheEmployers) {
    const auto fields =
        extract(PageWriter().text(100, 200, "IDENTIFICATION DU MÉDECIN").text(100, 250, "SIRET 732 829 320 00074"));
    EXPECT_EQ(said(fields, "siret"), "-");
}

TEST(FieldsFiness, ReadsItWithCorsica) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° FINESS : 590780193")), "finess"), "590780193 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "FINESS 2A0000014")), "finess"), "2A0000014 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "FINESS 590780194")), "finess"), "590780194 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "590780193")), "finess"), "-");
}

TEST(FieldsFiness, NeedsBetterReadingThanALongerKey) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° FINESS : 590780193", 0.8)), "finess"),
              "590780193 unchecked");
}

TEST(FieldsFiness, OfTheLastBoxIsNotTheFirstNumberOfTheNextRow) {
    // Met on an invoice: the value under FINESS was lost, and the number of the invoice satisfied Luhn.
    const auto fields = extract(PageWriter()
                                    .text(100, 300, "facture")
                                    .text(700, 300, "acheteur")
                                    .text(1300, 300, "FINESS")
                                    .text(100, 340, "202682167"));
    EXPECT_EQ(said(fields, "finess"), "-");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "établissement de numéro FINESS").text(100, 335, "590780193")),
                   "finess"),
              "590780193 valid");
}

TEST(FieldsRpps, IsNotProvedByAWeakReadingMadeTwice) {
    const auto twice =
        extract(PageWriter().text(100, 300, "RPPS 10001234565", 0.6).text(100, 800, "RPPS 10001234565", 0.6));
    EXPECT_EQ(said(twice, "rpps"), "10001234565 unchecked");
}

TEST(FieldsRpps, ReadsIt) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "RPPS 10001234565 AM 591006277")), "rpps"), "10001234565 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° RPPS : 10001234566")), "rpps"), "10001234566 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "RPPS").comb(300, 300, "10001234565")), "rpps"),
              "10001234565 valid");
}

TEST(FieldsCaisse, ReadsTheCodeOrganisme) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code organisme : 01 595 0000")), "caisse"), "595 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code de l'organisme de rattachement 015950000")), "caisse"),
              "595 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code organisme 01 595")), "caisse"), "595 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code caisse 595")), "caisse"), "? invalid");
}

TEST(FieldsCaisse, IsNotProvedByTheSameHandOnTwoVolets) {
    // Met on a certificate: 595 misread as 545 on both of its volets.
    auto first = PageWriter(1).text(100, 300, "Code organisme").comb(100, 340, "015450000", 0.85);
    auto second = PageWriter(2).text(100, 300, "Code organisme").comb(100, 340, "015450000", 0.85);
    EXPECT_EQ(said(extract_fields({&first.page(), &second.page()}, hints()), "caisse"), "545 unchecked");
}

TEST(FieldsCaisse, MustExist) {
    const auto known = Organismes::parse(
        "# version: 2026-11-20\nregime;caisse;label_fr;departement;status;successor\n01;595;CPAM;59;open;\n",
        "organismes.csv");
    ASSERT_TRUE(known) << known.error().message;
    auto given = hints();
    given.organismes = &*known;
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code organisme : 01 595 0000"), given), "caisse"), "595 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code organisme : 01 545 0000"), given), "caisse"),
              "545 unchecked");
}

TEST(FieldsNumbers, OfTheThreeKindsOnOneRowKeepToTheirLabels) {
    const auto fields = extract(PageWriter().text(100, 300, "RPPS 10001234565 FINESS 590780193 SIRET 73282932000074"));
    EXPECT_EQ(said(fields, "rpps"), "10001234565 valid");
    EXPECT_EQ(said(fields, "finess"), "590780193 valid");
    EXPECT_EQ(said(fields, "siret"), "73282932000074 valid");
}

}  // namespace
}  // namespace pleiade::reader::test
