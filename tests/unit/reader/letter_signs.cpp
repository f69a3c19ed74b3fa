#include "services/reader/letter_signs.h"

#include <gtest/gtest.h>

#include "tests/unit/reader/drawn_text.h"

namespace pleiade::reader {
namespace {

bool foreign(const std::string& text) {
    const auto page = drawn_page(1, {{text, 300}});
    return reads_foreign(PageText(page));
}

TEST(LetterSigns, TellFrenchFromOtherLanguages) {
    std::string french, english;
    for (int i = 0; i < 6; ++i) {
        french +=
            "je vous prie de bien vouloir trouver dans cette lettre les pieces que vous avez demandees pour mon "
            "dossier ";
        english += "please find enclosed with this letter every paper that you asked from me about my case last month ";
    }
    EXPECT_FALSE(foreign(french));
    EXPECT_TRUE(foreign(english));
    EXPECT_FALSE(foreign("please find enclosed")) << "too short to tell";
}

TEST(LetterSigns, AnIbanCountsOnlyWithItsKey) {
    const auto with = [](const std::string& text) {
        const auto page = drawn_page(1, {{text, 300}});
        return has_iban(PageText(page));
    };
    EXPECT_TRUE(with("IBAN FR14 2004 1010 0505 0001 3M02 606 BIC PSSTFRPPLIL"));
    EXPECT_FALSE(with("IBAN FR15 2004 1010 0505 0001 3M02 606 BIC PSSTFRPPLIL"));
}

TEST(LetterSigns, SeeTheMachineReadableLinesOfACard) {
    const auto page = drawn_page(1, {{"IDFRAVARLIN<<<<<<<<<<<<<<<<<<<591013", 800}, {"REPUBLIQUE FRANCAISE", 100}});
    EXPECT_TRUE(has_mrz(PageText(page)));
    const auto plain = drawn_page(1, {{"demande de carte nationale d'identité", 100}});
    EXPECT_FALSE(has_mrz(PageText(plain)));
}

TEST(LetterSigns, CapitalsAloneAreNoMachineReadableLine) {
    EXPECT_FALSE(has_mrz(PageText(drawn_page(1, {{"AVEC ACCUSE DE RECEPTION AU PLUS TARD", 300}}))));
    EXPECT_FALSE(has_mrz(PageText(drawn_page(1, {{"IMPORTANT REMPLISSEZ IMMEDIATEMENT L'ATTESTATION", 300}}))));
}

TEST(LetterSigns, ALabelOfAFormIsNoObjectOfALetter) {
    const auto object = [](const std::string& line) {
        return letter_signs(PageText(drawn_page(1, {{line, 500}}))).object_line;
    };
    EXPECT_FALSE(object("Objet dont le contact a blessé la victime"));
    EXPECT_FALSE(object("OBJET DE LA DEMANDE"));
    EXPECT_TRUE(object("OBJET : réclamation"));
    EXPECT_TRUE(object("Objet Réclamation")) << "OCR loses colons";
    EXPECT_TRUE(object("N/Réf. : 12-45 Objet : réclamation"));
}

TEST(LetterSigns, TheTitlesThatAFormAsksForAreNoSalutation) {
    const auto greets = [](const std::string& line) {
        return letter_signs(PageText(drawn_page(1, {{line, 500}}))).salutation;
    };
    EXPECT_TRUE(greets("Madame, Monsieur,"));
    EXPECT_TRUE(greets("Madame, Monsieur le Directeur,"));
    EXPECT_TRUE(greets("Madame,"));
    EXPECT_TRUE(greets("Chère adhérente, cher adhérent, nous avons versé"));
    EXPECT_TRUE(greets("Messieurs, je vous écris au sujet de mon dossier"));
    EXPECT_FALSE(greets("je vous prie d'agréer, Madame, Monsieur,"));
    EXPECT_FALSE(greets("Madame Odette VARLIN"));
    EXPECT_FALSE(greets("Civilité : Madame Monsieur"));
    EXPECT_FALSE(greets("Madame Monsieur nom de naissance suivi du nom d'usage"));
}

TEST(LetterSigns, ALetterWithoutSalutationNamesTheCaisseAndTheDay) {
    const auto addressed = [](const std::vector<DrawnLine>& lines) {
        return letter_signs(PageText(drawn_page(1, lines))).address;
    };
    EXPECT_TRUE(addressed({{"CPAM des Flandres", 250, 900}, {"Hautreville, le 14/11/2026", 380, 900}}));
    EXPECT_TRUE(addressed({{"Caisse d'assurance maladie", 250}, {"le 3 novembre 2026", 380}}));
    EXPECT_FALSE(addressed({{"Dr Aline MERCADIEL", 150}, {"Lille, le 12/11/2026", 380}})) << "a prescription";
    EXPECT_FALSE(addressed({{"CPAM des Flandres", 250, 900}})) << "the stamp of a caisse";
    EXPECT_FALSE(addressed({{"CPAM des Flandres", 2000}, {"fait le 14/11/2026", 2100}})) << "the foot of a form";
}

TEST(LetterSigns, FindTheObjectOfALetterAndItsSecondLine) {
    auto page = drawn_page(
        1, {{"Objet : contestation de la décision", 500}, {"du 12 octobre", 540}, {"Madame, Monsieur,", 640}});
    page.lines[1].block = page.lines[0].block;
    const PageText text(page);
    const auto signs = letter_signs(text);
    ASSERT_TRUE(signs.object_line);
    EXPECT_EQ(text.folded().substr(signs.object_begin, signs.object_end - signs.object_begin),
              "objet contestation de la decision du 12 octobre");
    EXPECT_TRUE(signs.salutation);
}

}  // namespace
}  // namespace pleiade::reader
