#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "tests/mail/mailbag.h"
#include "tests/mail/painter.h"
#include "tests/mail/scanner.h"

namespace pleiade::mail {
namespace {

std::string config() {
    return std::string(std::getenv("PLEIADE_SOURCE")) + "/deploy/config";
}

// A line of words that a reader could learn by heart; official titles, labels and headings are the same everywhere.
std::set<std::string> sentences_of(Half half) {
    static const std::set<std::string> kProse = {"say", "p", "note", "legal"};
    std::set<std::string> sentences;
    for (const Template& one : templates_of(half)) {
        for (const auto& line : one.lines) {
            const auto words = 1 + std::ranges::count(line.rest, ' ');
            if (kProse.contains(line.verb) && words >= 5) sentences.insert(line.rest);
        }
    }
    return sentences;
}

TEST(MailTemplates, EveryTypeOfTheNomenclatureIsDrawnInBothHalves) {
    const TruthTables tables(config());
    for (const Half half : {Half::Train, Half::Test}) {
        for (const auto& type : tables.nomenclature().types())
            EXPECT_FALSE(templates_of(half, type.code).empty()) << type.code;
        for (const Template& one : templates_of(half))
            EXPECT_NE(tables.nomenclature().find(one.type), nullptr) << one.id;
    }
}

TEST(MailTemplates, TheHalvesShareNoTemplateNorSentenceNorFont) {
    std::set<std::string> train_ids;
    for (const Template& one : templates_of(Half::Train)) EXPECT_TRUE(train_ids.insert(one.id).second) << one.id;
    for (const Template& one : templates_of(Half::Test)) EXPECT_FALSE(train_ids.contains(one.id)) << one.id;
    const auto train = sentences_of(Half::Train), test = sentences_of(Half::Test);
    EXPECT_GT(train.size(), 100u);
    EXPECT_GT(test.size(), 100u);
    for (const auto& sentence : test) EXPECT_FALSE(train.contains(sentence)) << sentence;
    for (const auto& one : fonts_of(Half::Train).forms)
        EXPECT_EQ(std::ranges::count(fonts_of(Half::Test).forms, one), 0) << one;
    for (const auto& one : fonts_of(Half::Train).hands) {
        for (const auto& other : fonts_of(Half::Test).hands) EXPECT_NE(one.family, other.family);
    }
}

TEST(MailTemplates, LettersHaveAtLeastFourWordingsOverBothHalves) {
    for (const std::string type :
         {"CRA", "CMRA", "RECLAMATION", "REMISE_DETTE", "MEDIATION", "CHGT_ADRESSE", "RESERVES_AT", "EMPLOYEUR",
          "PS_COURRIER", "RGPD", "REQUISITION", "FRAUDE", "PARTENAIRE", "INTERNE", "HORS_CPAM", "SECRET_MED"}) {
        std::ptrdiff_t wordings = 0;
        for (const Half half : {Half::Train, Half::Test}) {
            for (const Template* one : templates_of(half, type))
                wordings += std::ranges::count(one->lines, "wording", &TemplateLine::verb);
        }
        EXPECT_GE(wordings, 4) << type;
    }
}

// Who learns from two letters of a type knows two letters.
TEST(MailTemplates, TypesThatComeAsLettersHaveManyWordingsToLearnFrom) {
    const std::map<std::string, int> asked = {
        {"RECLAMATION", 25}, {"CRA", 20},         {"REMISE_DETTE", 20}, {"CHGT_ADRESSE", 20}, {"IJ_DIVERS", 20},
        {"HORS_CPAM", 20},   {"SECRET_MED", 18},  {"CMRA", 18},         {"FRAUDE", 18},       {"MEDIATION", 16},
        {"RGPD", 16},        {"PS_COURRIER", 16}, {"EMPLOYEUR", 14},    {"PARTENAIRE", 12},   {"RESERVES_AT", 12},
        {"REQUISITION", 12}, {"INTERNE", 12},     {"RENTE_AT", 8},      {"PATERNITE", 8},     {"CEAM", 8}};
    for (const auto& [type, wordings] : asked) {
        std::ptrdiff_t found = 0;
        for (const Template* one : templates_of(Half::Train, type))
            found += std::ranges::count(one->lines, "wording", &TemplateLine::verb);
        EXPECT_GE(found, wordings) << type;
    }
}

TEST(MailTemplates, ATextThatAFileNamesStandsInItsLaterLines) {
    const auto made = parse_templates(
        "let bye [[Cordialement||Salutations]]\n== CRA x\nsay {bye} {i.name}\nwording\nsay a\nwording\nsay b\nend\n",
        Half::Train, "x.form");
    ASSERT_EQ(made.size(), 1u);
    EXPECT_EQ(made[0].lines[0].rest, "[[Cordialement||Salutations]] {i.name}");
    std::set<std::string> names;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Rng rng(seed);
        const auto chosen = choose_wording(made[0].lines, rng);
        ASSERT_EQ(chosen.lines.size(), 2u);
        EXPECT_EQ(chosen.name, chosen.lines[1].rest == "a" ? "1" : "2");
        names.insert(chosen.name);
    }
    EXPECT_EQ(names.size(), 2u);
}

TEST(MailTemplates, EveryTemplateFitsItsPageAndDrawsTheFieldsThatItsTypeRequires) {
    const TruthTables tables(config());
    int index = 0;
    for (const Half half : {Half::Train, Half::Test}) {
        for (const Template& one : templates_of(half)) {
            std::set<std::string> drawn;
            // Each template in one of its print runs, all of them in the whole run.
            const int one_of = 1 + index++ % kEditions;
            for (int edition = 1; edition <= kEditions; ++edition) {
                if (edition != one_of && std::getenv("PLEIADE_FULL") == nullptr) continue;
                Rng rng(static_cast<std::uint64_t>(edition));
                const Dossier dossier = make_dossier(rng, half, make_day(2026, 11, 20), "595", "597", "CPAM");
                const Desk desk{[] { return std::make_unique<Canvas>(PaperSettings{.dpi = 20}); },
                                [&](const PageDraft& page) {
                                    EXPECT_FALSE(page.cut) << one.id << " edition " << edition;
                                    for (const auto& field : page.fields) {
                                        drawn.insert(field.field.starts_with("i.") || field.field.starts_with("p.")
                                                         ? field.field.substr(2)
                                                         : field.field);
                                    }
                                }};
                paint_spread(one, dossier, desk, rng, {.edition = edition});
            }
            for (const auto& required : tables.nomenclature().find(one.type)->required) {
                // Letters that people forget to sign with their number exist too: those types are keyed.
                if (one.option("paper", "form") == "form") {
                    EXPECT_TRUE(drawn.contains(required)) << one.id << " lacks " << required;
                }
            }
        }
    }
}

TEST(MailTemplates, BoxesThatDecideAreTickedAsTheDossierSaysInBothHalves) {
    const auto ticked = [](const Template& one, const std::string& third_party, const std::string& stage) {
        Rng rng(3);
        Dossier dossier = make_dossier(rng, one.half, make_day(2026, 11, 20), "595", "597", "CPAM");
        dossier.ticks = {{"third_party", third_party}, {"stage", stage}};
        std::map<std::string, std::string> ticks;
        const Desk desk{[] { return std::make_unique<Canvas>(PaperSettings{.dpi = 20}); },
                        [&](const PageDraft& page) { ticks.insert(page.ticks.begin(), page.ticks.end()); }};
        paint_spread(one, dossier, desk, rng, {});
        return ticks;
    };
    for (const Half half : {Half::Train, Half::Test}) {
        std::set<std::string> asked;
        for (const Template& one : templates_of(half)) {
            const bool asks = std::ranges::any_of(one.lines, [](const TemplateLine& line) {
                return line.rest.find("=third_party.") != std::string::npos ||
                       line.rest.find("=stage.") != std::string::npos;
            });
            if (!asks) continue;
            const auto yes = ticked(one, "yes", "prolongation"), no = ticked(one, "no", "initial");
            for (const auto& [question, answer] : yes) {
                EXPECT_EQ(answer, question == "stage" ? "prolongation" : "yes") << one.id;
                asked.insert(one.type + "." + question);
            }
            for (const auto& [question, answer] : no)
                EXPECT_EQ(answer, question == "stage" ? "initial" : "no") << one.id;
        }
        for (const auto* expected : {"FSP_MED.third_party", "DAT.third_party", "CM_ATMP.stage", "AAT.stage"})
            EXPECT_TRUE(asked.contains(expected)) << expected;
    }
}

// The sheets of one print run are alike but for what is written on them: what is printed on the blank is printed on a
// sheet that somebody filled in, at the same place.
TEST(MailTemplates, ABlankIsWhatIsPrintedOnEverySheetOfItsPrintRun) {
    const auto sheet = [](const Template& form, int edition, bool blank, std::uint64_t seed) {
        Rng rng(seed);
        const Dossier dossier = make_dossier(rng, form.half, make_day(2026, 11, 20), "595", "597", "CPAM");
        std::vector<ScannedPage> pages;
        ScanPlan plan;
        plan.mode = Mode::Grey;
        plan.dpi = 40;
        plan.defects = false;
        const Desk desk{[] { return std::make_unique<Canvas>(PaperSettings{.dpi = 40}); },
                        [&](const PageDraft& page) { pages.push_back(scan(*page.canvas, plan, rng, false)); }};
        paint_spread(form, dossier, desk, rng, {.edition = edition, .blank = blank});
        return pages;
    };
    const auto* form = templates_of(Half::Test, "FSP_PHARM").front();
    ASSERT_TRUE(is_printed_form(*form));
    EXPECT_EQ(sheet(*form, 1, true, 1).at(0).pixels, sheet(*form, 1, true, 2).at(0).pixels);
    EXPECT_NE(sheet(*form, 1, true, 1).at(0).pixels, sheet(*form, 2, true, 1).at(0).pixels);
    EXPECT_NE(sheet(*form, 1, true, 1).at(0).pixels, sheet(*form, 1, false, 1).at(0).pixels);
}

TEST(MailTemplates, FieldNamesAreThoseOfTheContract) {
    const std::set<std::string_view> names(kFieldNames.begin(), kFieldNames.end());
    for (const Half half : {Half::Train, Half::Test}) {
        for (const Template& one : templates_of(half)) {
            Rng rng(5);
            const Dossier dossier = make_dossier(rng, half, make_day(2026, 11, 20), "595", "595", "CPAM");
            for (const auto& line : choose_wording(one.lines, rng).lines) {
                for (const auto& mark : fill_in(line.rest, dossier, rng).marks) {
                    const std::string name = mark.field.starts_with("i.") || mark.field.starts_with("p.")
                                                 ? mark.field.substr(2)
                                                 : mark.field;
                    EXPECT_TRUE(names.contains(name)) << one.id << " draws " << mark.field;
                }
            }
        }
    }
}

}  // namespace
}  // namespace pleiade::mail
