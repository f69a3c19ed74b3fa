// Boxes to tick: which of a blank's answer a question, what the ticked ones answer, and which type they name.
#include "services/reader/ticks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reader/forms/tick_words.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

using forms::FormPage;
using forms::TickState;
using forms::ZoneKind;
using testing::Contains;
using testing::Field;

FormPage page_with(std::vector<std::tuple<std::string, std::string, TickState>> boxes) {
    FormPage page;
    for (auto& [name, group, state] : boxes) {
        forms::PlacedZone zone;
        zone.name = name;
        zone.group = group;
        zone.kind = ZoneKind::Tick;
        zone.tick = state;
        page.zones.push_back(zone);
    }
    return page;
}

std::string said(const std::vector<FormPage>& pages) {
    TickZones by_page;
    std::vector<int> numbers;
    for (const auto& page : pages) {
        numbers.push_back(static_cast<int>(numbers.size()) + 1);
        by_page[numbers.back()] = &page.zones;
    }
    std::string text;
    for (const auto& tick : ticks_of(numbers, by_page))
        text += (text.empty() ? "" : " ") + tick.question + "=" + (tick.doubtful ? "?" : tick.answer);
    return text;
}

TEST(Ticks, AnswerTheQuestionsOfTheirGroups) {
    using enum TickState;
    EXPECT_EQ(said({page_with({{"third_party_yes", "third_party", Ticked}, {"third_party_no", "third_party", Empty}})}),
              "third_party=yes");
    EXPECT_EQ(said({page_with({{"third_party_yes", "third_party", Empty}, {"third_party_no", "third_party", Empty}})}),
              "");
    EXPECT_EQ(said({page_with({{"stage_initial_2", "stage_2", Ticked}, {"other", "", Ticked}})}), "stage=initial");
}

TEST(Ticks, AreDoubtfulWhereOneOfThemIsOrVoletsDisagree) {
    using enum TickState;
    EXPECT_EQ(
        said({page_with({{"third_party_yes", "third_party", Doubtful}, {"third_party_no", "third_party", Ticked}})}),
        "third_party=?");
    EXPECT_EQ(said({page_with({{"stage_initial", "stage", Ticked}}), page_with({{"stage_final", "stage", Ticked}})}),
              "stage=?");
    // The second volet of a carbon copy is often too pale: what is ticked on the first holds.
    EXPECT_EQ(said({page_with({{"stage_initial", "stage", Ticked}}), page_with({{"stage_initial", "stage", Empty}})}),
              "stage=initial");
    EXPECT_EQ(said({page_with({{"stage_initial", "stage", Ticked}}), page_with({{"stage_initial", "stage", Ticked}})}),
              "stage=initial");
}

TickRules rules_of(const std::string& rows) {
    auto rules = TickRules::parse("document;question;answer;effect;value;enabled;ticked_fr;source;note\n" + rows,
                                  "tick_rules.csv", shipped_nomenclature(), nullptr);
    EXPECT_TRUE(rules) << rules.error().message;
    return *rules;
}

TEST(Ticks, NameTheTypeWhereTheTableSaysSoAndLeaveDoubtToAPerson) {
    const auto rules = rules_of("FSP_*;risk;at;type;FEUILLE_AT;yes;accident du travail;test;\n");
    DocumentReading document;
    document.type = "FSP_MED";
    document.certain = true;
    document.ticks = {{"risk", "illness", false, 1}};
    take_type_from_ticks(rules, document);
    EXPECT_EQ(document.type, "FSP_MED");
    EXPECT_TRUE(document.certain);

    document.ticks = {{"risk", "", true, 1}};
    take_type_from_ticks(rules, document);
    EXPECT_EQ(document.type, "FSP_MED");
    EXPECT_FALSE(document.certain);
    EXPECT_THAT(document.reasons, Contains(Field(&Reason::text, "case « accident du travail » douteuse")));

    document.certain = true;
    document.ticks = {{"risk", "at", false, 1}};
    take_type_from_ticks(rules, document);
    EXPECT_EQ(document.type, "FEUILLE_AT");
    EXPECT_TRUE(document.certain);
    EXPECT_THAT(document.reasons, Contains(Field(&Reason::text, "case cochée : accident du travail")));
}

// A blank's row: words and boxes ("[]") from left to right, 3 mm to a box, 2 mm to a letter.
struct Drawn {
    forms::Form form;
    std::vector<forms::PrintedWord> words;
    void row(double y, const std::string& text, double first = 20) {
        double x = first;
        for (std::size_t i = 0; i < text.size();) {
            if (text[i] == ' ') {
                x += 1.2, ++i;
            } else if (text[i] == '_') {
                x += 8, ++i;
            } else if (text.compare(i, 2, "[]") == 0) {
                forms::Zone zone;
                zone.name = "tick_" + std::to_string(form.zones.size());
                zone.kind = ZoneKind::Tick;
                zone.box = {x, y, 3, 3};
                form.zones.push_back(zone);
                x += 3, i += 2;
            } else {
                const auto end = std::min(text.find_first_of(" _[", i), text.size());
                words.push_back({text.substr(i, end - i), {x, y, 2.0 * static_cast<double>(end - i), 3}, 0, 0});
                x += 2.0 * static_cast<double>(end - i);
                i = end;
            }
        }
    }
    std::string named() {
        form.size = {210, 297};
        const auto table = forms::TickWords::parse(shipped_text("tick_words.csv"), "tick_words.csv");
        EXPECT_TRUE(table) << table.error().message;
        forms::name_ticks(form, words, *table);
        std::string text;
        for (const auto& zone : form.zones) text += (text.empty() ? "" : " ") + (zone.group.empty() ? "-" : zone.name);
        return text;
    }
};

TEST(TickWords, NameBoxesWhetherTheirWordsStandBehindOrBefore) {
    Drawn behind;
    behind.row(50, "accident causé par un tiers : _[] non_[] oui_date :");
    EXPECT_EQ(behind.named(), "third_party_no third_party_yes");
    Drawn before;
    before.row(50, "accident causé par un tiers : _oui []_non []_date :");
    EXPECT_EQ(before.named(), "third_party_yes third_party_no");
}

TEST(TickWords, AskForTheQuestionThatStandsNearest) {
    Drawn form;
    form.row(50, "accident causé par un tiers _[] oui_[] non_tiers payant _[] oui_[] non");
    EXPECT_EQ(form.named(), "third_party_yes third_party_no direct_payment_yes direct_payment_no");
}

TEST(TickWords, TakeTheLineAboveForAQuestionOnlyWhereTheirOwnAsksNothing) {
    Drawn above;
    above.row(44, "S'agit-il d'un accident causé par un tiers ?");
    above.row(50, "[] oui_[] non");
    EXPECT_EQ(above.named(), "third_party_yes third_party_no");
    Drawn other;
    other.row(44, "accident causé par un tiers _[] oui_[] non");
    other.row(50, "contrat responsable _[] oui_[] non");
    EXPECT_EQ(other.named(), "third_party_yes third_party_no - -");
}

TEST(TickWords, NameWhatStandsAloneOnItsBoxAndLeaveWordsThatMeanTooMuch) {
    Drawn form;
    form.row(50, "lien avec _[] maladie_[] accident causé par un tiers_[] grossesse pathologique_[] ALD", 5);
    form.row(60, "[] avis initial_[] avis de prolongation");
    form.row(70, "dossier _[] initial_[] complet");
    EXPECT_EQ(form.named(),
              "risk_illness third_party_yes risk_maternity risk_long_illness stage_initial stage_prolongation - -");
}

TEST(TickWords, TakeOffWhatOcrMadeOfTheBoxesAndKnowTheOneWhoseWordItLost) {
    Drawn form;
    form.row(50, "accident causé par un tiers _[] non_[] oui");
    for (auto& word : form.words) {
        if (word.text == "non") word = {"lJnon", {word.box.x - 4.2, 50, word.box.width + 4.2, 3}, 0, 0};
    }
    EXPECT_EQ(form.named(), "third_party_no third_party_yes");
    Drawn lost;
    lost.row(50, "accident causé par un tiers _[] non_[] oui");
    std::erase_if(lost.words, [](const auto& word) { return word.text == "oui"; });
    EXPECT_EQ(lost.named(), "third_party_no third_party_yes");
    // A third box whose word was lost as well: which of them is it?
    Drawn two;
    two.row(50, "accident causé par un tiers _[] _[] oui_[] _date [] heure");
    std::erase_if(two.words, [](const auto& word) { return word.text == "date" || word.text == "heure"; });
    two.row(60, "couleur _[] rouge_[] vert");
    EXPECT_EQ(two.named(), "- third_party_yes - - - -");
}

TEST(TickWords, AskWhereOcrJoinedTwoWords) {
    Drawn form;
    form.row(50, "accident causé par untiers _[] oui_[] non");
    EXPECT_EQ(form.named(), "third_party_yes third_party_no");
}

TEST(TickWords, NeverTakeTheQuestionForTheWordOfItsFirstBox) {
    Drawn form;
    form.row(50, "accident causé par un tiers non []_oui []");
    std::erase_if(form.words, [](const auto& word) { return word.text == "non"; });
    EXPECT_EQ(form.named(), "third_party_no third_party_yes");
}

TEST(TickWords, NameNothingWhereWordsStandOnBothSides) {
    Drawn form;
    form.row(50, "accident causé par un tiers _oui []_non []");
    form.row(60, "couleur _[] rouge_[] vert");
    EXPECT_EQ(form.named(), "- - - -");
}

}  // namespace
}  // namespace pleiade::reader
