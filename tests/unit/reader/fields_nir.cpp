#include <gtest/gtest.h>

#include "tests/unit/reader/fields_page.h"

namespace pleiade::reader::test {
namespace {

const std::string kNir = "255081416802538";

digits::Odds certainly(char figure) {
    digits::Odds odds{};
    odds[static_cast<std::size_t>(figure - '0')] = 1;
    return odds;
}

TEST(FieldsNir, ReadsOneBesideItsLabel) {
    const auto fields = extract(PageWriter().text(100, 300, "N° d'immatriculation : 2 55 08 14 168 025 38"));
    EXPECT_EQ(said(fields, "nir"), kNir + " valid");
    const auto& value = fields.at("nir").front();
    EXPECT_EQ(value.page, 1);
    EXPECT_EQ(value.box.y, 300);
    EXPECT_EQ(value.box.height, PageWriter::kLetterHeight);
    EXPECT_EQ(value.box.x, 100 + 23 * PageWriter::kLetterWidth);
    EXPECT_GT(value.confidence, 0.9);
}

TEST(FieldsNir, ReadsEveryWayOfWritingTheLabel) {
    for (const auto* label : {"Numéro de sécurité sociale", "n° de securite sociale :", "NUMÉRO D’IMMATRICULATION",
                              "N° Sécurité sociale", "NIR :", "N°SS", "Numero d'immatncu1ation"}) {
        const auto fields = extract(PageWriter().text(100, 300, std::string(label) + " 2 55 08 14 168 025 38"));
        EXPECT_EQ(said(fields, "nir"), kNir + " valid") << label;
    }
}

TEST(FieldsNir, ReadsGluedSpacedAndBarredFigures) {
    for (const auto* figures : {"255081416802538", "2550814168025 38", "2.55.08.14.168.025.38", "2|55|08|14|168|025|38",
                                "2|5|5|0|8|1|4|1|6|8|0|2|5|3|8", "[2 [5 [5 0|8|1|4 1|6|8] 0|2|5| |3|8|",
                                "2 55 08 14 168 025 (38)", "2-55-08-14-168-025-38"}) {
        const auto fields = extract(PageWriter().text(100, 300, std::string("N° d'immatriculation ") + figures));
        EXPECT_EQ(said(fields, "nir"), kNir + " valid") << figures;
    }
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR:255081416802538")), "nir"), kNir + " valid");
}

TEST(FieldsNir, KnowsTheInsuredsNumberByOtherNamesToo) {
    for (const auto* label : {"Assuré(e), n°", "N° assuré(e) :", "N° de l'assuré", "Numéro d'assuré social",
                              "N° d'inscription au répertoire", "N° de Séc. Soc."}) {
        const auto fields = extract(PageWriter().text(100, 300, std::string(label) + " 2 55 08 14 168 025 38"));
        EXPECT_EQ(said(fields, "nir"), kNir + " valid") << label;
    }
    // What ends otherwise is another word, not «n°» misread.
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "l'assuré(e) n'a pas 2550814168025")), "nir"), "-");
}

TEST(FieldsNir, TakesTheFirstFigureOffTheLabelThatItWasReadWith) {
    for (const auto* row :
         {"Numéro de sécurité sociale.2 55 08 14 168 025 38", "N° Sécurité Sociale2 55 08 14 168 025 38"})
        EXPECT_EQ(said(extract(PageWriter().text(100, 300, row)), "nir"), kNir + " valid") << row;
}

// A row of boxes, of which the first ones are strokes beside the number's own.
PageWriter longer_comb(const std::string& before, const std::string& figures) {
    PageWriter page;
    page.text(100, 300, "N° d'immatriculation").comb(420, 302, before + figures);
    for (auto& word : page.page().lines.back().words) word.odds = certainly(word.text.front());
    return page;
}

TEST(FieldsNir, TakesANumberOutOfALongerCombOnlyByASecondMatch) {
    EXPECT_EQ(said(extract(longer_comb("1", kNir)), "nir"), kNir + " unchecked");
    EXPECT_EQ(said(extract(longer_comb("1", kNir).text(100, 500, "né(e) le 17/08/1955")), "nir"), kNir + " valid");
    EXPECT_EQ(said(extract(longer_comb("17", kNir).text(100, 500, "né(e) le 17/08/1955")), "nir"), kNir + " valid");
    EXPECT_EQ(said(extract(longer_comb("1", kNir).text(100, 500, "né(e) le 17/09/1954")), "nir"), kNir + " unchecked");
    EXPECT_EQ(count_valid(extract(longer_comb("1", "255081416802539").text(100, 500, "né(e) le 17/08/1955")), "nir"),
              0);
}

TEST(FieldsNir, IsTheInsuredsWhereOnlyTheDeceasedHasOne) {
    const auto claim = [] {
        PageWriter page;
        page.text(100, 200, "LA PERSONNE DÉCÉDÉE").text(100, 300, "N° d'immatriculation 2 55 08 14 168 025 38");
        return page;
    };
    EXPECT_EQ(said(extract(claim()), "nir"), kNir + " valid");
    const auto both =
        extract(claim().text(100, 600, "LE DEMANDEUR").text(100, 700, "N° d'immatriculation 2 84 05 2B 321 025 79"));
    EXPECT_EQ(said(both, "nir"), "284052B32102579 valid");
}

TEST(FieldsNir, ReadsACombBesideOrBelowItsLabel) {
    EXPECT_EQ(
        said(extract(PageWriter().text(100, 300, "N° d'immatriculation").comb(420, 302, "2550814168025_38")), "nir"),
        kNir + " valid");
    EXPECT_EQ(
        said(extract(PageWriter().text(100, 300, "N° d'immatriculation").comb(90, 340, "2550814168025_38")), "nir"),
        kNir + " valid");
}

TEST(FieldsNir, ReadsANumberThatBeginsTheNextRow) {
    const auto fields = extract(PageWriter()
                                    .text(100, 300, "Je vous écris au sujet de mon numéro de sécurité sociale :")
                                    .text(100, 335, "2 55 08 14 168 025 38 et vous remercie."));
    EXPECT_EQ(said(fields, "nir"), kNir + " valid");
}

TEST(FieldsNir, NeedsNoLabelWhenWrittenInItsGroups) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "Mme DUPONT, 2 55 08 14 168 025 38, est suivie")), "nir"),
              kNir + " valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° 255 08 14 168 025 38")), "nir"), kNir + " valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "2 84 05 2A 321 025 52")), "nir"), "284052A32102552 valid");
    // In other groups, or in none, it may be anything.
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "255 081 416 802 538")), "nir"), kNir + " unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "255081416802538")), "nir"), kNir + " unchecked");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "2 55 08 14 168 025 39")), "nir"), "-");
}

TEST(FieldsNir, ReadsACombThatStandsALittleOffItsLabel) {
    const auto beside = [](int label_height, int comb_y) {
        PageWriter page;
        page.text(100, 300, "N° d'immatriculation");
        for (auto& word : page.page().lines.front().words) word.box.height = label_height;
        page.comb(420, comb_y, "255081416802538");
        for (auto& box : page.page().lines.back().words) box.odds = certainly(box.text.front());
        return said(extract(page), "nir");
    };
    EXPECT_EQ(beside(2 * PageWriter::kLetterHeight, 298), kNir + " valid") << "its box goes round the cells too";
    EXPECT_EQ(beside(16, 305), kNir + " valid") << "its letters are lower than the cells";
}

TEST(FieldsNir, KeepsTheLettersOfCorsica) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR : 2 84 05 2A 321 025 52")), "nir"),
              "284052A32102552 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR : 2 84 05 2B 321 025 79")), "nir"),
              "284052B32102579 valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR :").comb(200, 300, "284052B321025_79")), "nir"),
              "284052B32102579 valid");
    // 2A read 24: another number, whose key does not hold.
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR : 2 84 05 24 321 025 52")), "nir"),
              "284052432102552 invalid");
}

TEST(FieldsNir, LeavesANumberWithoutKeyUnchecked) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° d'immatriculation 2 55 08 14 168 025")), "nir"),
              "2550814168025 unchecked");
}

TEST(FieldsNir, NeverCallsAWrongKeyOrASwapValid) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR : 2 55 08 14 168 025 39")), "nir"),
              "255081416802539 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR : 2 55 80 14 168 025 38")), "nir"),
              "255801416802538 invalid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "NIR : 2 55 08 14 168 025 00")), "nir"),
              "255081416802500 invalid");
}

TEST(FieldsNir, NeverRepairsOnTheKeyAlone) {
    // O for 0 and S for 5: the number is right, yet only its key says so.
    const auto fields = extract(PageWriter().text(100, 300, "NIR : 2 5S O8 14 168 025 38"));
    EXPECT_EQ(said(fields, "nir"), kNir + " unchecked");
    EXPECT_LT(fields.at("nir").front().confidence, 0.61);
}

TEST(FieldsNir, RepairsWithASecondMatch) {
    const auto born = extract(
        PageWriter().text(100, 300, "NIR : 2 5S O8 14 168 025 38").text(100, 340, "Date de naissance : 31/08/1955"));
    EXPECT_EQ(said(born, "nir"), kNir + " valid");
    const auto other_month = extract(
        PageWriter().text(100, 300, "NIR : 2 5S O8 14 168 025 38").text(100, 340, "Date de naissance : 31/07/1955"));
    EXPECT_EQ(said(other_month, "nir"), kNir + " unchecked");
    const auto twice = extract(PageWriter()
                                   .text(100, 300, "NIR : 2 5S O8 14 168 025 38", 0.7)
                                   .text(100, 900, "N° de sécurité sociale : 2 55 08 14 168 025 38", 0.95));
    EXPECT_EQ(said(twice, "nir"), kNir + " valid");
}

TEST(FieldsNir, DoesNotTrustWeakReading) {
    const auto weak = PageWriter().text(100, 300, "N° d'immatriculation").comb(420, 300, "2550814168025_38", 0.45);
    EXPECT_EQ(said(extract(weak), "nir"), kNir + " unchecked");
    auto born = weak;
    born.text(100, 360, "né(e) le 31/08/1955");
    EXPECT_EQ(said(extract(born), "nir"), kNir + " unchecked");  // below what even a second match makes up for
    auto middling = PageWriter().text(100, 300, "N° d'immatriculation").comb(420, 300, "2550814168025_38", 0.65);
    EXPECT_EQ(said(extract(middling), "nir"), kNir + " unchecked");
    middling.text(100, 360, "né(e) le 31/08/1955");
    EXPECT_EQ(said(extract(middling), "nir"), kNir + " valid");
}

TEST(FieldsNir, CallsNoneOfTwoDifferentNumbersValid) {
    const auto fields = extract(PageWriter()
                                    .text(100, 300, "N° d'immatriculation : 2 55 08 14 168 025 38")
                                    .text(100, 500, "N° d'immatriculation : 2 84 05 88 321 025 32"));
    EXPECT_EQ(said(fields, "nir"), "several");
    EXPECT_EQ(count_valid(fields, "nir"), 0);
}

TEST(FieldsNir, CountsTheSameNumberSeenTwiceOnce) {
    const auto fields = extract(PageWriter()
                                    .text(100, 300, "N° d'immatriculation : 2 55 08 14 168 025 38")
                                    .text(100, 500, "N° de sécurité sociale : 255081416802538"));
    EXPECT_EQ(said(fields, "nir"), kNir + " valid");
}

TEST(FieldsNir, KeepsTheChildAndTheInsuredApart) {
    const auto fields = extract(PageWriter()
                                    .text(100, 200, "PERSONNE RECEVANT LES SOINS")
                                    .text(100, 250, "N° d'immatriculation : 2 94 03 75 120 005 91")
                                    .text(100, 290, "Date de naissance : 12/03/1994")
                                    .text(100, 400, "ASSURÉ(E)")
                                    .text(100, 450, "N° d'immatriculation : 2 55 08 14 168 025 38"));
    EXPECT_EQ(said(fields, "nir"), kNir + " valid");
    EXPECT_EQ(said(fields, "beneficiary_nir"), "294037512000591 valid");
    EXPECT_EQ(said(fields, "birth_date"), "1994-03-12 valid");
}

TEST(FieldsNir, TakesTheLabelsOwnPersonBeforeTheSections) {
    const auto fields =
        extract(PageWriter()
                    .text(100, 250, "Numéro de sécurité sociale de l'assuré(e) : 2 55 08 14 168 025 38")
                    .text(100, 300, "Numéro de sécurité sociale du bénéficiaire : 2 94 03 75 120 005 91"));
    EXPECT_EQ(said(fields, "nir"), kNir + " valid");
    EXPECT_EQ(said(fields, "beneficiary_nir"), "294037512000591 valid");
}

TEST(FieldsNir, GivesTheInsuredTheBeneficiarysNumberOnlyWhenTheInsuredsPlaceIsBlank) {
    auto alone = PageWriter()
                     .text(100, 200, "PERSONNE RECEVANT LES SOINS")
                     .text(100, 250, "numéro d'immatriculation : 2 94 03 75 120 005 91")
                     .text(100, 400, "ASSURÉ(E) (à remplir si la personne recevant les soins n'est pas l'assuré(e))")
                     .text(100, 450, "numéro d'immatriculation")
                     .text(100, 500, "nom et prénom");
    EXPECT_EQ(said(extract(alone), "nir"), "294037512000591 valid");
    EXPECT_EQ(said(extract(alone), "beneficiary_nir"), "-");
    auto unread = alone;
    unread.text(500, 450, "Hop INT 10 10/8", 0.2);  // somebody's handwriting
    EXPECT_EQ(said(extract(unread), "nir"), "-");
    EXPECT_EQ(said(extract(unread), "beneficiary_nir"), "294037512000591 valid");
}

TEST(FieldsNir, ReadsFiguresBetweenTheTeethOfAComb) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° d'immatriculation 2,5 5 0,8 1 4,1 6 8 0,2 5 3,8")), "nir"),
              kNir + " valid");
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° SIRET 7328,29 32000,074")), "siret"), "-");  // amounts
}

TEST(FieldsNir, LeavesTheSpousesNumberOut) {
    const auto fields = extract(
        PageWriter().text(100, 200, "VOTRE CONJOINT").text(100, 250, "N° d'immatriculation : 2 55 08 14 168 025 38"));
    EXPECT_EQ(said(fields, "nir"), "-");
}

TEST(FieldsNir, TakesAProvisionalNumberForWhatItIs) {
    EXPECT_EQ(said(extract(PageWriter().text(100, 300, "N° d'immatriculation : 7 1595 12345678")), "nir"),
              "7159512345678 unchecked");
}

TEST(FieldsNir, IgnoresOtherLongNumbers) {
    const auto fields = extract(PageWriter()
                                    .text(100, 200, "Numéro fiscal : 30 23 217 600 053")
                                    .text(100, 250, "Référence de l'avis : 26 59 1234567 89")
                                    .text(100, 300, "Tél. 01 44 55 66 77 ou 06 12 34 56 78")
                                    .text(100, 350, "N° de compte 00012345678 clé 38"));
    EXPECT_EQ(said(fields, "nir"), "-");
    EXPECT_EQ(said(fields, "iban"), "-");
    EXPECT_EQ(said(fields, "siret"), "-");
}

TEST(FieldsNir, StopsAtTheNextNumberOfTheRow) {
    const auto fields = extract(PageWriter()
                                    .text(100, 300, "N° d'immatriculation 2 55 08 14 168 025 38")
                                    .text(900, 300, "Code organisme 01 595 0000"));
    EXPECT_EQ(said(fields, "nir"), kNir + " valid");
    EXPECT_EQ(said(fields, "caisse"), "595 valid");
}

TEST(FieldsNir, GivesNothingForAnEmptyOrStruckComb) {
    for (const auto* boxes : {"| | | | | | | | | | | | | | |", "|_|_|_|_|_|_|_|_|", "XXXXXXXXXXXXXXX",
                              "000000000000000", "111111111111111", "---------------"}) {
        EXPECT_EQ(
            count_valid(extract(PageWriter().text(100, 300, std::string("N° d'immatriculation ") + boxes)), "nir"), 0)
            << boxes;
    }
}

TEST(FieldsNir, BoxesTheValueOnTheScanOfATurnedPage) {
    PageWriter writer;
    writer.text(100, 300, "NIR : 2 55 08 14 168 025 38");
    writer.page().rotation = 180;
    const auto box = extract(writer).at("nir").front().box;
    EXPECT_EQ(box.y, 2339 - 300 - PageWriter::kLetterHeight);
    EXPECT_GT(box.x, 1654 / 2);
}

}  // namespace
}  // namespace pleiade::reader::test
