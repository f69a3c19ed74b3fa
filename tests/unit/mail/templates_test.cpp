#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "tests/mail/mailbag.h"
#include "tests/mail/painter.h"

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

TEST(MailTemplates, EveryTemplateFitsItsPageAndDrawsTheFieldsThatItsTypeRequires) {
    const TruthTables tables(config());
    for (const Half half : {Half::Train, Half::Test}) {
        for (const Template& one : templates_of(half)) {
            std::set<std::string> drawn;
            for (std::uint64_t seed = 1; seed <= 1; ++seed) {
                Rng rng(seed);
                const Dossier dossier = make_dossier(rng, half, make_day(2026, 11, 20), "595", "597", "CPAM");
                const Desk desk{[] { return std::make_unique<Canvas>(PaperSettings{.dpi = 20}); },
                                [&](const PageDraft& page) {
                                    EXPECT_FALSE(page.cut) << one.id << " seed " << seed;
                                    for (const auto& field : page.fields) {
                                        drawn.insert(field.field.starts_with("i.") || field.field.starts_with("p.")
                                                         ? field.field.substr(2)
                                                         : field.field);
                                    }
                                }};
                paint_spread(one, dossier, desk, rng, {});
            }
            for (const auto& required : tables.nomenclature().find(one.type)->required) {
                // Letters that people forget to sign with their number exist too: those types are keyed.
                if (one.option("paper", "form") == "form")
                    EXPECT_TRUE(drawn.contains(required)) << one.id << " lacks " << required;
            }
        }
    }
}

TEST(MailTemplates, FieldNamesAreThoseOfTheContract) {
    const std::set<std::string_view> names(kFieldNames.begin(), kFieldNames.end());
    for (const Half half : {Half::Train, Half::Test}) {
        for (const Template& one : templates_of(half)) {
            Rng rng(5);
            const Dossier dossier = make_dossier(rng, half, make_day(2026, 11, 20), "595", "595", "CPAM");
            for (const auto& line : choose_wording(one.lines, rng)) {
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
