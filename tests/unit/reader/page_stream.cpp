#include "services/reader/page_stream.h"

#include <gtest/gtest.h>

#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

std::vector<DrawnLine> care_sheet(const std::string& name) {
    return {{"cerfa n° 12541*02", 120},     {"feuille de soins - médecin", 100, 500, 40},
            {"nom et prénom " + name, 400}, {"personne recevant les soins", 500},
            {"actes effectués", 900},       {"signature de l'assuré(e)", 1500},
            {"S3110b", 2250, 1450}};
}
std::vector<DrawnLine> prescription(const std::string& drug) {
    return {{"Docteur Aline MERCADIEL", 120},
            {"médecine générale", 160},
            {"RPPS 10016409293", 240},
            {"Lille, le 12/11/2026", 400},
            {drug + " : 1 comprimé matin et soir pendant 8 jours", 700}};
}
std::vector<DrawnLine> leave(int volet) {
    return {{"cerfa n° 10170*07", 120},
            {"avis d'arrêt de travail", 100, 500, 40},
            {"volet " + std::to_string(volet), 150, 1300},
            {"prescris un arrêt de travail", 900},
            {"S3116f", 2250, 1450}};
}
std::vector<DrawnLine> solidarity(int page) {
    return {{"Demande de complémentaire santé solidaire", 100, 300, page == 1 ? 40 : 20},
            {"ressources de votre foyer rubrique " + std::to_string(page), 600},
            {page == 1 ? "composition de votre foyer" : "revenus des douze derniers mois", 800},
            {"S3711h page " + std::to_string(page) + "/3", 2250, 1350}};
}
std::vector<DrawnLine> protocol_notice() {
    return {
        {"cerfa", 60}, {"n° 50774#02 pour remplir le protocole de soins", 120, 200, 30}, {"quelques conseils", 400}};
}
std::vector<DrawnLine> protocol(int volet) {
    return {{"cerfa n° 11626*03", 120},
            {"protocole de soins", 100, 500, 40},
            {"volet " + std::to_string(volet), 150, 1300},
            {"affection de longue durée", 900}};
}

std::vector<std::vector<int>> pages_of(const std::vector<DocumentReading>& documents) {
    std::vector<std::vector<int>> pages;
    for (const auto& document : documents) pages.push_back(document.pages);
    return pages;
}
using Pages = std::vector<std::vector<int>>;

TEST(PageStream, EachCareSheetHasItsOwnPrescription) {
    const auto documents =
        documents_of({drawn_read(1, care_sheet("VARLIN")), drawn_read(2, prescription("PARACETAMOL")),
                      drawn_read(3, care_sheet("MERCADIEL")), drawn_read(4, prescription("IBUPROFENE"))});
    EXPECT_EQ(pages_of(documents), (Pages{{1}, {2}, {3}, {4}}));
    EXPECT_EQ(documents[1].type, "ORDONNANCE");
    EXPECT_EQ(documents[1].role, Role::Attachment);
    EXPECT_EQ(documents[1].attached_to, 1);
    EXPECT_EQ(documents[3].attached_to, 3);
}

TEST(PageStream, TwoCareSheetsInARowAreTwoDocuments) {
    const auto documents = documents_of({drawn_read(1, care_sheet("VARLIN")), drawn_read(2, care_sheet("VARLIN"))});
    EXPECT_EQ(pages_of(documents), (Pages{{1}, {2}}));
}

TEST(PageStream, TwoPrescriptionsInARowAreTwoDocumentsByTheirHeads) {
    auto other = prescription("IBUPROFENE");
    other[0] = {"Docteur Paul QUEVART", 120};
    const auto documents = documents_of(
        {drawn_read(1, care_sheet("VARLIN")), drawn_read(2, prescription("PARACETAMOL")), drawn_read(3, other)});
    EXPECT_EQ(pages_of(documents), (Pages{{1}, {2}, {3}}));
}

TEST(PageStream, AReportStaysWithTheLetterThatSendsIt) {
    const std::vector<DrawnLine> letter = {{"M. le Médecin-Conseil", 300},
                                           {"CPAM de Lille-Douai", 340},
                                           {"CONFIDENTIEL - SECRET MÉDICAL", 450, 400, 40},
                                           {"Lille, le 15/11/2026", 530, 900},
                                           {"Docteur, veuillez trouver le compte rendu de mon hospitalisation.", 600}};
    const std::vector<DrawnLine> report = {{"Clinique de la Lys", 90},
                                           {"COMPTE RENDU D'HOSPITALISATION", 230, 500, 30},
                                           {"Cher confrère, ce patient a séjourné dans le service.", 300},
                                           {"Conclusion : poursuite du traitement.", 470}};
    const auto documents = documents_of({drawn_read(1, letter), drawn_read(2, report)});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2}}));
    EXPECT_EQ(documents[0].type, "SECRET_MED");
}

TEST(PageStream, VoletsOfOneNoticeOfLeaveAreOneDocument) {
    const auto documents = documents_of({drawn_read(1, leave(1)), drawn_read(2, leave(2))});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2}}));
    EXPECT_EQ(documents[0].volets, (std::map<int, int>{{1, 1}, {2, 2}}));
}

TEST(PageStream, VoletOneAgainOpensAnotherLeave) {
    const auto documents = documents_of({drawn_read(1, leave(1)), drawn_read(2, leave(2)), drawn_read(3, leave(1))});
    EXPECT_EQ(pages_of(documents), (Pages{{1, 2}, {3}}));
}

TEST(PageStream, NumberedPagesStayTogether) {
    const auto documents =
        documents_of({drawn_read(1, solidarity(1)), drawn_read(2, solidarity(2)), drawn_read(3, solidarity(3))});
    EXPECT_EQ(pages_of(documents), (Pages{{1, 2, 3}}));
    EXPECT_EQ(documents[0].type, "C2S");
}

TEST(PageStream, APageIsKnownByItsReferenceAndNumberAlone) {
    std::vector<PageRead> pages = {drawn_read(1, solidarity(1))};
    for (int page = 2; page <= 6; ++page) {
        pages.push_back(drawn_read(
            page, {{"avez-vous perçu d'autres revenus", 600}, {"S3711h " + std::to_string(page) + "/6", 2250, 1350}}));
    }
    pages[0] = drawn_read(1, {{"Demande de complémentaire santé solidaire", 100, 300, 40},
                              {"composition de votre foyer", 800},
                              {"S3711h 1/6", 2250, 1350}});
    const auto documents = documents_of(pages);
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2, 3, 4, 5, 6}}));
    EXPECT_EQ(documents[0].type, "C2S");
    // Page 2 of 6 alone is that form, and a question.
    const auto alone = documents_of({pages[1]});
    ASSERT_EQ(alone.size(), 1u);
    EXPECT_EQ(alone[0].type, "C2S");
    EXPECT_FALSE(alone[0].certain);
}

std::vector<DrawnLine> filled_sheet(const std::string& day, const std::string& amount) {
    auto lines = care_sheet("VARLIN Lucie");
    lines.push_back({"numéro d'immatriculation 2 55 08 14 168 025 38 date de naissance 14/08/1955", 600});
    lines.push_back({"médecin identification 591234567 RPPS 10016409293", 700});
    lines.push_back({"acte du " + day + " code C montant des honoraires " + amount, 1000});
    lines.push_back({"montant total en euros " + amount + " l'assuré(e) a tout payé", 1200});
    return lines;
}

TEST(PageStream, TheSameSheetOnceMoreIsFlagged) {
    const auto flagged = [](const std::vector<DocumentReading>& documents) {
        return std::any_of(documents.at(1).reasons.begin(), documents.at(1).reasons.end(), [](const Reason& reason) {
            return reason.text.find("page 2 : sans doute la même que la page 1") == 0 && reason.page == 2;
        });
    };
    const auto first = drawn_read(1, filled_sheet("12/11/2026", "26,50"));
    const auto twice = documents_of({first, drawn_read(2, filled_sheet("12/11/2026", "26,50"))});
    ASSERT_EQ(pages_of(twice), (Pages{{1}, {2}}));
    EXPECT_TRUE(flagged(twice));
    EXPECT_TRUE(twice[1].certain);  // a signal, not a refusal
    // The same patient with the same doctor on another day, at another price.
    EXPECT_FALSE(flagged(documents_of({first, drawn_read(2, filled_sheet("19/11/2026", "30,00"))})));
    // Only the print is the same.
    EXPECT_FALSE(flagged(documents_of({drawn_read(1, care_sheet("VARLIN")), drawn_read(2, care_sheet("VARLIN"))})));
}

TEST(PageStream, ANoticeBelongsToTheFormThatFollowsIt) {
    const auto documents =
        documents_of({drawn_read(1, protocol_notice()), drawn_read(2, protocol(1)), drawn_read(3, protocol(2))});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2, 3}}));
    EXPECT_EQ(documents[0].type, "PROT_ALD");
}

TEST(PageStream, ANoticeAloneIsUnknown) {
    const auto documents = documents_of({drawn_read(1, protocol_notice())});
    ASSERT_EQ(documents.size(), 1u);
    EXPECT_EQ(documents[0].type, kUnknownType);
    EXPECT_FALSE(documents[0].certain);
}

TEST(PageStream, ANoticeWithoutNumberIsUnknownWithAllItsPages) {
    const auto documents =
        documents_of({drawn_read(1, {{"Demande de capital décès", 120, 500, 40},
                                     {"Notice explicative", 200, 600, 30},
                                     {"le capital décès est versé aux ayants droit", 500},
                                     {"1/2", 2200, 1400}}),
                      drawn_read(2, {{"pièces à joindre à la demande", 200},
                                     {"Extrait d'acte de naissance", 300, 500, 40},
                                     {"avec les mentions marginales délivrées par l'officier de l'état civil", 400},
                                     {"2/2", 2200, 1400}})});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2}}));
    EXPECT_EQ(documents[0].type, kUnknownType);
    EXPECT_FALSE(documents[0].certain);
}

TEST(PageStream, ANumberedPageFollowsWhateverItSpeaksOf) {
    auto second = solidarity(2);
    second = {{"extrait d'acte de naissance", 120, 500, 40}, {"livret de famille", 400}, {"page 2/3", 2250, 1350}};
    const auto documents = documents_of({drawn_read(1, solidarity(1)), drawn_read(2, second)});
    EXPECT_EQ(pages_of(documents), (Pages{{1, 2}}));
}

TEST(PageStream, APageUnderTheRunningTitleOfItsFormStaysWithIt) {
    const std::vector<DrawnLine> suite = {{"Demande de complémentaire santé solidaire (suite)", 80, 500},
                                          {"Prime d'activité", 900, 150, 40},
                                          {"caisse d'allocations familiales : numéro allocataire", 1000},
                                          {"ma mutuelle et son numéro d'adhérent", 1100}};
    const auto documents = documents_of({drawn_read(1, solidarity(1)), drawn_read(2, suite)});
    EXPECT_EQ(pages_of(documents), (Pages{{1, 2}}));
}

TEST(PageStream, AVoletFollowsOneWhoseNumberCannotBeRead) {
    auto first = protocol(1);
    first[2] = {"vole! méd1cal", 150, 1300};
    const auto documents = documents_of({drawn_read(1, first), drawn_read(2, protocol(2))});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2}}));
    EXPECT_TRUE(documents[0].certain);
}

TEST(PageStream, ADocumentWithoutItsFirstPageIsAQuestion) {
    const auto documents = documents_of({drawn_read(1, solidarity(2)), drawn_read(2, solidarity(3))});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2}}));
    EXPECT_EQ(documents[0].type, "C2S");
    EXPECT_FALSE(documents[0].certain);
}

TEST(PageStream, APageWithoutAnyTextMakesTheCutDoubtful) {
    const auto documents = documents_of({drawn_read(1, care_sheet("VARLIN")), drawn_read(2, {})});
    ASSERT_EQ(pages_of(documents), (Pages{{1, 2}}));
    EXPECT_FALSE(documents[0].certain);
}

TEST(PageStream, BlankPagesAreInNoDocument) {
    auto blank = drawn_read(2, {});
    blank.reading.kind = PageKind::Blank;
    const auto documents =
        documents_of({drawn_read(1, care_sheet("VARLIN")), blank, drawn_read(3, prescription("PARACETAMOL"))});
    EXPECT_EQ(pages_of(documents), (Pages{{1}, {3}}));
}

TEST(PageStream, APageWithoutAnyTextStaysInExactlyOneDocument) {
    const auto documents = documents_of({drawn_read(1, {}), drawn_read(2, care_sheet("VARLIN")), drawn_read(3, {})});
    std::vector<int> all;
    for (const auto& document : documents) all.insert(all.end(), document.pages.begin(), document.pages.end());
    EXPECT_EQ(all, (std::vector<int>{1, 2, 3}));
}

TEST(PageStream, AnAttachmentAloneIsAMaster) {
    const auto documents = documents_of({drawn_read(1, prescription("PARACETAMOL"))});
    ASSERT_EQ(documents.size(), 1u);
    EXPECT_EQ(documents[0].role, Role::Master);
    EXPECT_FALSE(documents[0].attached_to.has_value());
}

// A letter that nothing but its wording, of so many log-odds, and its form speaks for.
PageEvidence letter_whose_wording_means(const std::string& type, double weight) {
    PageEvidence letter;
    letter.page = 1;
    letter.words = 60;
    letter.ocr_confidence = 0.9;
    letter.opens_letter = true;
    letter.hits = {{.type = type, .key = "wording", .weight = weight, .kind = EvidenceKind::Wording},
                   {.type = "PARTENAIRE", .key = "letter", .weight = 2, .kind = EvidenceKind::Mark}};
    return letter;
}

Verdict verdict_on(const PageEvidence& page) {
    return group_pages({&page}, shipped_nomenclature(), shipped_tables().settings).front().verdict;
}

TEST(PageStream, ALetterIsNamedByItsWordingAndNeverCertain) {
    const auto verdict = verdict_on(letter_whose_wording_means("FRAUDE", 1.5));
    EXPECT_EQ(verdict.type, "FRAUDE");
    EXPECT_FALSE(verdict.certain);
    EXPECT_LE(verdict.confidence, 0.73);
    EXPECT_FALSE(verdict.grounds.empty());
    EXPECT_EQ(verdict_on(letter_whose_wording_means("FRAUDE", 0.5)).type, kUnknownType);  // hardly likelier than not
}

TEST(PageStream, WordingNamesNoFormAndNoPageThatAPhraseSaysOtherwiseOf) {
    auto elsewhere = letter_whose_wording_means("FRAUDE", 1.5);
    elsewhere.hits.push_back({.type = "RGPD", .key = "droit", .weight = 3, .kind = EvidenceKind::Text});
    EXPECT_EQ(verdict_on(elsewhere).type, kUnknownType);
    auto numbered = letter_whose_wording_means("FRAUDE", 1.5);
    numbered.hits.push_back({.type = std::string(kUnknownType), .key = "16030", .weight = 6});
    EXPECT_EQ(verdict_on(numbered).type, kUnknownType);
    auto sheet = letter_whose_wording_means("FRAUDE", 1.5);
    sheet.opens_letter = false;
    EXPECT_EQ(verdict_on(sheet).type, kUnknownType);
}

}  // namespace
}  // namespace pleiade::reader
