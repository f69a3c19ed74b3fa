#include <gtest/gtest.h>

#include "tests/unit/reader/fields_page.h"

namespace pleiade::reader::test {
namespace {

DocumentType sick_leave() {
    DocumentType type;
    type.code = "AAT";
    type.required = {"nir", "period_from", "period_to"};
    return type;
}

TEST(FieldsDates, ReadTheWaysOfWritingABirthDate) {
    for (const auto* text :
         {"Date de naissance : 14/08/1955", "né(e) le 14 août 1955", "Née le 14.08.1955",
          "Date de naissance 14 08 1955", "Date de naissance: 14/08/55", "DATE DE NAISSANCE |1|4|0|8|1|9|5|5|"}) {
        EXPECT_EQ(said(extract(PageWriter().text(100, 300, text)), "birth_date"), "1955-08-14 unchecked") << text;
    }
    EXPECT_EQ(
        said(extract(PageWriter().text(100, 300, "date de naissance").comb(100, 340, "14_08_1955")), "birth_date"),
        "1955-08-14 unchecked");
}

TEST(FieldsDates, CallABirthDateValidWhenTheNirAgrees) {
    const auto agrees = extract(
        PageWriter().text(100, 300, "NIR : 2 55 08 14 168 025 38").text(100, 340, "Date de naissance : 14/08/1955"));
    EXPECT_EQ(said(agrees, "birth_date"), "1955-08-14 valid");
    const auto differs = extract(
        PageWriter().text(100, 300, "NIR : 2 55 08 14 168 025 38").text(100, 340, "Date de naissance : 14/03/1955"));
    EXPECT_EQ(said(differs, "birth_date"), "1955-03-14 unchecked");
}

TEST(FieldsDates, RefuseTheImpossibleAndTheFuture) {
    for (const auto* text : {"Date de naissance : 14/08/2027", "Date de naissance : 31/02/1955",
                             "Date de naissance : 14/08/1855", "Date de naissance : 14/18/1955"}) {
        EXPECT_EQ(said(extract(PageWriter().text(100, 300, text)), "birth_date"), "-") << text;
    }
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date de l'accident : 21/11/2026")), "accident_date"), "-");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date de l'accident : 18/11/2019")), "accident_date"), "-");
}

// Nothing frames it but the day it came, and a hand misleads text recognition: a person may rely on it in boxes only.
TEST(FieldsDates, ReadTheDateOfALetterAndDoNotVouchForIt) {
    EXPECT_EQ(said(extract(PageWriter().text(900, 300, "Douai, le 12 novembre 2026")), "document_date"),
              "2026-11-12 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(900, 300, "Le 1er octobre 2026")), "document_date"),
              "2026-10-01 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 2000, "Fait à Lens le 12/11/2026")), "document_date"),
              "2026-11-12 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "vous m'avez écrit le 12 novembre 2026 sans me répondre")),
                   "document_date"),
              "-");
}

TEST(FieldsDates, DoNotTakeTheDayOfAnEventForTheDateOfItsRecord) {
    const auto document_date = [](const PageWriter& page) { return said(extract(page), "document_date"); };
    EXPECT_EQ(document_date(PageWriter().text(100, 300, "Le 12 mars 2019").text(100, 340, "est né(e) à Douai")), "-");
    EXPECT_EQ(document_date(PageWriter().text(100, 300, "Le 12 mars 2019").text(100, 340, "ont contracté mariage")),
              "-");
    EXPECT_EQ(document_date(PageWriter().text(100, 300, "Lucie, née à Douai, le 12 mars 2019")), "-");
    EXPECT_EQ(document_date(PageWriter().text(100, 300, "Naissance").text(100, 340, "le 12 mars 2019")), "-");
    EXPECT_EQ(document_date(PageWriter().text(100, 300, "NAISSANCE").text(100, 340, "Date : 12/03/2019")), "-");
    EXPECT_EQ(document_date(PageWriter()
                                .text(100, 300, "NOM : URVILLET")
                                .text(100, 340, "Prénom(s) : Rosalie")
                                .text(100, 380, "Date : 25 avril 2026")
                                .text(100, 420, "Parents : Danièle URVILLET")),
              "-")
        << "a birth, on an acte";
    // What the record says of itself stays.
    EXPECT_EQ(document_date(PageWriter()
                                .text(100, 300, "Le 12 mars 2019")
                                .text(100, 340, "est né(e) à Douai")
                                .text(100, 900, "Délivré le 12 novembre 2026")),
              "2026-11-12 unchecked");
    EXPECT_EQ(document_date(PageWriter().text(900, 300, "Douai, le 12 novembre 2026").text(100, 360, "A vous de voir")),
              "2026-11-12 unchecked");
}

TEST(FieldsDates, DoNotTakeALineOfATableForTheDateOfTheDocument) {
    const auto fields = extract(PageWriter()
                                    .text(100, 1000, "date")
                                    .text(400, 1000, "code acte")
                                    .text(800, 1000, "honoraires")
                                    .text(100, 1040, "02/11/2026")
                                    .text(400, 1040, "CS")
                                    .text(800, 1040, "25,00"));
    EXPECT_EQ(said(fields, "document_date"), "-");
}

TEST(FieldsDates, TakeABareDateForTheAccidentInItsSection) {
    const auto fields = extract(PageWriter()
                                    .text(100, 800, "LES INFORMATIONS RELATIVES À L'ACCIDENT")
                                    .text(100, 850, "Date")
                                    .comb(200, 850, "03_11_2026")
                                    .text(900, 850, "heure 14 H 30"));
    EXPECT_EQ(said(fields, "accident_date"), "2026-11-03 valid");
    EXPECT_EQ(said(fields, "document_date"), "-");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "accident survenu le 03/11/2026")), "accident_date"),
              "2026-11-03 valid");
}

TEST(FieldsDates, ReadThePeriodOfAnArret) {
    const auto type = sick_leave();
    const FieldHints given{"2026-11-20", &type};
    const auto words =
        extract(PageWriter().text(100, 300, "prescris un arrêt du 18/11/2026 au 02/12/2026 inclus"), given);
    EXPECT_EQ(said(words, "period_from"), "2026-11-18 valid");
    EXPECT_EQ(said(words, "period_to"), "2026-12-02 valid");
    const auto combs = extract(PageWriter()
                                   .text(100, 300, "à compter du")
                                   .comb(300, 300, "18_11_2026")
                                   .text(800, 300, "jusqu'au inclus")
                                   .comb(1050, 300, "02_12_2026"),
                               given);
    EXPECT_EQ(said(combs, "period_from"), "2026-11-18 valid");
    EXPECT_EQ(said(combs, "period_to"), "2026-12-02 valid");
}

TEST(FieldsDates, LeaveAPeriodThatEndsBeforeItBeginsToAPerson) {
    const auto type = sick_leave();
    const FieldHints given{"2026-11-20", &type};
    const auto fields =
        extract(PageWriter().text(100, 300, "à compter du 18/11/2026").text(800, 300, "jusqu'au 02/11/2026"), given);
    EXPECT_EQ(count_valid(fields, "period_from"), 0);
    EXPECT_EQ(count_valid(fields, "period_to"), 0);
}

TEST(FieldsDates, LeaveOneDayReadAtBothEndsToAPerson) {
    const auto type = sick_leave();
    const auto fields =
        extract(PageWriter().text(100, 300, "à compter du 18/11/2026").text(800, 300, "jusqu'au 18/11/2026"),
                {"2026-11-20", &type});
    EXPECT_EQ(said(fields, "period_from"), "2026-11-18 unchecked");
    EXPECT_EQ(said(fields, "period_to"), "2026-11-18 unchecked");
}

TEST(FieldsDates, LeaveOtherPeriodsAlone) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "séjour du 02/11/2026 au 09/11/2026")), "period_from"), "-");
}

TEST(FieldsDates, DoNotTrustWeakOrCorrectedReading) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date de l'accident : 03/11/2026", 0.7)), "accident_date"),
              "2026-11-03 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date de l'accident : O3/11/2026")), "accident_date"),
              "2026-11-03 unchecked");
}

TEST(FieldsDates, DoNotTrustADayThatMayHaveLostAFigure) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date de l'accident : 1/11/2026")), "accident_date"),
              "2026-11-01 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(900, 300, "Douai, le 1 novembre 2026")), "document_date"),
              "2026-11-01 unchecked");
}

TEST(FieldsDates, LeaveTheDateOfSomethingElseAlone) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date de mise en recouvrement 31/07/2026")), "document_date"),
              "-");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Date d'embauche 31/07/2026")), "document_date"), "-");
}

TEST(FieldsDates, OfAFirstFindingIsNotTheDocuments) {
    // Met on a certificate: «date de la première constatation médicale» beside «établi le», the comb of the latter
    // lost.
    for (const auto* label : {"date de la première constatation médicale", "date dc la prcmiere constat médicale"}) {
        EXPECT_EQ(said(extract(PageWriter().text(100, 300, label).comb(100, 340, "13112026")), "document_date"), "-")
            << label;
    }
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "date").comb(100, 340, "13112026")), "document_date"),
              "2026-11-13 unchecked");
}

TEST(FieldsDates, WhoseLabelWasNotReadInAListOfLabelsIsNotTheDocuments) {
    PageWriter record, letter;
    record.text(100, 200, "Nom : DUVAL").text(160, 250, "le 14/04/2026").text(100, 300, "Prénom : Hugo");
    letter.text(800, 200, "le 14/04/2026").text(100, 300, "Prénom : Hugo");
    EXPECT_EQ(said(extract(std::move(record)), "document_date"), "-");
    EXPECT_EQ(said(extract(std::move(letter)), "document_date"), "2026-04-14 unchecked");
}

TEST(FieldsDates, CallNoneOfTwoDifferentOnesValid) {
    const auto fields = extract(PageWriter()
                                    .text(100, 300, "Date de l'accident : 03/11/2026")
                                    .text(100, 700, "Date de l'accident : 08/11/2026"));
    EXPECT_EQ(count_valid(fields, "accident_date"), 0);
}

TEST(FieldsNames, AreReadBeforeABirthDateWhereNoLabelAnnouncesThem) {
    const auto named = extract(
        PageWriter().text(100, 300, "l'adresse et l'employeur connus de Étienne DUVAL-MOREL, né(e) le 31/07/1976."));
    EXPECT_EQ(said(named, "first_name"), "Étienne unchecked");
    EXPECT_EQ(said(named, "last_name"), "DUVAL-MOREL unchecked");
    EXPECT_EQ(said(named, "birth_date"), "1976-07-31 unchecked");
    for (const auto* nobody : {"je soussigné né le 31/07/1976", "la personne née le 31/07/1976",
                               "Monsieur DUVAL né le 31/07/1976", "DUVAL Émilie date de naissance 31/07/1976"})
        EXPECT_EQ(said(extract(PageWriter().text(100, 300, nobody)), "first_name"), "-") << nobody;
}

TEST(FieldsNames, AreReadBesideOrBelowTheirLabelsAndStayUnchecked) {
    const auto beside = extract(PageWriter()
                                    .text(100, 250, "ASSURÉ(E)")
                                    .text(100, 300, "Nom de famille : LEFÈVRE-MOREL")
                                    .text(800, 300, "Prénom : Anne Marie"));
    EXPECT_EQ(said(beside, "last_name"), "LEFÈVRE-MOREL unchecked");
    EXPECT_EQ(said(beside, "first_name"), "Anne Marie unchecked");
    const auto both = extract(PageWriter().text(100, 300, "Nom et prénom : DUVAL Émilie"));
    EXPECT_EQ(said(both, "last_name"), "DUVAL unchecked");
    EXPECT_EQ(said(both, "first_name"), "Émilie unchecked");
    const auto aside =
        extract(PageWriter().text(100, 300, "Nom (suivi, s'il y a lieu, du nom d'époux(se))").text(100, 335, "DUVAL"));
    EXPECT_EQ(said(aside, "last_name"), "DUVAL unchecked");
    const auto below = extract(
        PageWriter().text(100, 300, "Nom").text(700, 300, "Prénom").text(100, 335, "DUVAL").text(700, 335, "Émilie"));
    EXPECT_EQ(said(below, "last_name"), "DUVAL unchecked");
    EXPECT_EQ(said(below, "first_name"), "Émilie unchecked");
}

TEST(FieldsNames, AreTheBeneficiarysWhenOneIsNamed) {
    const auto fields = extract(PageWriter()
                                    .text(100, 200, "ASSURÉ(E)")
                                    .text(100, 250, "Nom et prénom : DUVAL Émilie")
                                    .text(100, 300, "Date de naissance : 14/08/1985")
                                    .text(100, 400, "PERSONNE RECEVANT LES SOINS (si ce n'est pas l'assuré(e))")
                                    .text(100, 450, "Nom et prénom : DUVAL Hugo")
                                    .text(800, 450, "Date de naissance : 02/05/2019"));
    EXPECT_EQ(said(fields, "first_name"), "Hugo unchecked");
    EXPECT_EQ(said(fields, "birth_date"), "2019-05-02 unchecked");
}

TEST(FieldsNames, OfOthersAreLeftOut) {
    const auto fields = extract(PageWriter()
                                    .text(100, 200, "LE MÉDECIN")
                                    .text(100, 250, "Nom et prénom : DUVAL Émilie")
                                    .text(100, 400, "LE TÉMOIN")
                                    .text(100, 450, "Nom : PETIT"));
    EXPECT_EQ(said(fields, "last_name"), "-");
    EXPECT_EQ(said(fields, "first_name"), "-");
}

TEST(FieldsPostalCode, IsReadUnderItsLabel) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Code postal 59500 Commune DOUAI")), "postal_code"),
              "59500 unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "59500 DOUAI CEDEX")), "postal_code"), "-");
}

}  // namespace
}  // namespace pleiade::reader::test
