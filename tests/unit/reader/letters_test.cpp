#include <gtest/gtest.h>

#include "services/reader/letters/letter_evidence.h"
#include "services/reader/letters/letter_model.h"
#include "services/reader/letters/terms.h"
#include "services/reader/typage.h"
#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader::letters {
namespace {

constexpr std::string_view kTable =
    "term;type;weight\n"
    "*;REMISE_DETTE;-3\n"
    "remise;REMISE_DETTE;40\n"
    "~dette;REMISE_DETTE;8\n"
    "*;CRA;-3\n"
    "commission;CRA;20\n"
    "~recou;CRA;6\n";

LetterModel model() {
    auto parsed = LetterModel::parse(kTable, "letters.csv", shipped_nomenclature());
    PLEIADE_CHECK(parsed);
    return std::move(*parsed);
}

TEST(Terms, AreWordsAndTheirPiecesButNoNumbers) {
    const auto terms = terms_of("remise de dette 150 euros");
    EXPECT_TRUE(terms.contains("remise"));
    EXPECT_TRUE(terms.contains("~_remi"));
    EXPECT_TRUE(terms.contains("~ette_"));
    EXPECT_FALSE(terms.contains("de"));  // little words stand between others and say nothing
    EXPECT_FALSE(terms.contains("150"));
    EXPECT_FALSE(terms_of("mon").contains("~_mon_"));  // the word itself
    EXPECT_TRUE(terms_of("").empty());
}

TEST(LetterModel, NamesTheTypeThatTheWordsSpeakFor) {
    const auto opinion = model().opinion_of("je demande une remise de ma dette");
    EXPECT_EQ(opinion.type, "REMISE_DETTE");
    EXPECT_GT(opinion.margin, 0);
    ASSERT_FALSE(opinion.said.empty());
    EXPECT_EQ(opinion.said.front(), "remise");
    EXPECT_LE(model().opinion_of("bonjour monsieur voici mon adresse").margin, 0);
    EXPECT_TRUE(LetterModel().opinion_of("remise").type.empty());
}

TEST(LetterModel, HasNoOpinionWhereTheLeadIsWithinItsDoubt) {
    const auto doubting =
        LetterModel::parse(std::string(kTable) + "*;UNKNOWN;60\n", "letters.csv", shipped_nomenclature());
    ASSERT_TRUE(doubting) << doubting.error().message;
    const std::string letter = "je demande une remise de ma dette";
    EXPECT_NEAR(doubting->opinion_of(letter).margin, model().opinion_of(letter).margin - 60, 1e-9);
    EXPECT_LE(doubting->opinion_of(letter).margin, 0);
}

TEST(LetterModel, SaysWhereItsTableIsWrong) {
    for (const char* row : {"remise;NO_SUCH_TYPE;1\n", "remise;UNKNOWN;1\n", "remise;CRA;heavy\n", ";CRA;1\n"}) {
        const auto parsed =
            LetterModel::parse(std::string("term;type;weight\n") + row, "letters.csv", shipped_nomenclature());
        ASSERT_FALSE(parsed) << row;
        EXPECT_NE(parsed.error().message.find("letters.csv:2:"), std::string::npos) << parsed.error().message;
    }
}

PageEvidence evidence_of(const OcrPage& page) {
    return gather_evidence(page, {}, shipped_tables().evidence, shipped_tables().settings);
}

TEST(LetterEvidence, OfALetterAloneNamesButIsNeverCertain) {
    const auto page = drawn_page(1, {{"CPAM de Lille-Douai", 380, 950},
                                     {"Lille, le 3 novembre 2026", 480, 950},
                                     {"Madame, Monsieur,", 700},
                                     {"je vous demande par ces lignes une remise de la dette que vous", 780},
                                     {"savez, que je ne puis payer, remise que je crois devoir obtenir.", 820}});
    auto evidence = evidence_of(page);
    std::erase_if(evidence.hits, [](const Hit& hit) { return hit.type != "REMISE_DETTE" || hit.weight > 0; });
    add_letter_evidence(model(), page, evidence);
    ASSERT_FALSE(evidence.hits.empty());
    const auto& hit = evidence.hits.back();
    EXPECT_EQ(hit.kind, EvidenceKind::Wording);
    EXPECT_NE(hit.reason.find("« remise »"), std::string::npos) << hit.reason;
    auto strongest = hit;
    strongest.weight = 5;
    const auto verdict = judge({strongest}, shipped_tables().settings);
    EXPECT_EQ(verdict.type, "REMISE_DETTE");
    EXPECT_FALSE(verdict.certain);
    EXPECT_LE(hit.weight, 5);
}

TEST(LetterEvidence, LeavesAttachmentsToTheirOwnSigns) {
    const auto parsed =
        LetterModel::parse("term;type;weight\ncomprime;ORDONNANCE;90\n", "letters.csv", shipped_nomenclature());
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto page = drawn_page(1, {{"un comprimé le matin et un comprimé le soir pendant huit jours", 200},
                                     {"à renouveler si besoin après avis de votre médecin", 240}});
    EXPECT_EQ(parsed->opinion_of("un comprime le matin").type, "ORDONNANCE");
    auto evidence = evidence_of(page);
    const auto before = evidence.hits.size();
    add_letter_evidence(*parsed, page, evidence);
    EXPECT_EQ(evidence.hits.size(), before);
}

TEST(LetterEvidence, IsNotAskedOfForms) {
    const auto form = drawn_page(1, {{"DEMANDE DE REMISE DE DETTE", 200, 100},
                                     {"cerfa n° 11135*04", 240},
                                     {"nom prénom adresse code postal date signature numéro", 400},
                                     {"remise remise remise dette dette dette montant euros", 440}});
    auto evidence = evidence_of(form);
    const auto before = evidence.hits.size();
    add_letter_evidence(model(), form, evidence);
    EXPECT_EQ(evidence.hits.size(), before);
}

}  // namespace
}  // namespace pleiade::reader::letters
