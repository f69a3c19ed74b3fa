#include "services/reader/evidence.h"

#include <gtest/gtest.h>

#include "services/reader/marks.h"
#include "services/reader/typage_settings.h"
#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

std::string fault_of(const std::string& row) {
    const auto table =
        EvidenceTable::parse("type;kind;weight;patterns\n" + row + "\n", "typage.csv", shipped_nomenclature(), 9, 6);
    return table ? "" : table.error().message;
}

TEST(EvidenceTable, NamesFileLineAndColumnOfWhatIsWrong) {
    EXPECT_EQ(fault_of("AAT;title;5;avis d'arrêt de travail"), "");
    EXPECT_EQ(fault_of("AAT;titre;5;avis").substr(0, 16), "typage.csv:2:5: ");
    EXPECT_EQ(fault_of("NOPE;title;5;avis").substr(0, 16), "typage.csv:2:1: ");
    EXPECT_EQ(fault_of("AAT;title;fort;avis").substr(0, 17), "typage.csv:2:11: ");
    EXPECT_EQ(fault_of("AAT;cerfa;5;1017").substr(0, 17), "typage.csv:2:13: ");
    EXPECT_EQ(fault_of("AAT;mark;5;smell").substr(0, 17), "typage.csv:2:12: ");
    EXPECT_NE(fault_of("AAT;text;5;" + std::string(70, 'a')), "");
}

TEST(TypageSettings, RefusesAnUnknownKeyWithItsPlace) {
    const auto settings =
        TypageSettings::parse("version = \"1\"\ncertain_mini = 0.9\n", "typage.toml", shipped_nomenclature());
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().message.find("typage.toml:2:"), std::string::npos) << settings.error().message;
}

std::vector<std::string> numbers_in(const std::string& text) {
    const auto page = drawn_page(1, {{text, 100}});
    std::vector<std::string> digits;
    for (const auto& number : find_form_numbers(PageText(page))) digits.push_back(number.digits);
    return digits;
}

TEST(Marks, FindFormNumbersAsOcrLeavesThem) {
    using List = std::vector<std::string>;
    EXPECT_EQ(numbers_in("N° 14463*03"), List{"14463"});
    EXPECT_EQ(numbers_in("n°11626*03 articles L. 324-1"), List{"11626"});
    EXPECT_EQ(numbers_in("n° 11574 *04"), List{"11574"});
    EXPECT_EQ(numbers_in("N° 1446303"), List{"14463"});
    EXPECT_EQ(numbers_in("n°5077402 pour remplir"), List{"50774"});
    EXPECT_EQ(numbers_in("Cerfa : 16216"), List{"16216"});
    EXPECT_EQ(numbers_in("59000 LILLE Tél. 03 20 11 22 33"), List{});
    EXPECT_EQ(numbers_in("2 85 12 62 432 406 93"), List{});
}

TEST(Marks, TheLowestReferenceAtTheRightIsTheFormsOwn) {
    const auto page = drawn_page(
        1, {{"voir l'attestation S 6202", 1500}, {"(*) remplissez S6209", 2200}, {"DAT-PRE S6200i", 2260, 1400}});
    std::string own;
    for (const auto& reference : find_s_references(PageText(page))) {
        if (reference.own) own = reference.text;
    }
    EXPECT_EQ(own, "S6200");
}

TEST(Marks, APageNumberIsNoDate) {
    const auto mark = [](const std::string& text) { return find_page_mark(PageText(drawn_page(1, {{text, 2260}}))); };
    ASSERT_TRUE(mark("page 2/6"));
    EXPECT_EQ(mark("page 2 sur 6")->number, 2);
    EXPECT_EQ(mark("2/6")->total, 6);
    EXPECT_FALSE(mark("le 03/11/2026"));
    EXPECT_FALSE(mark("7/6"));
}

TEST(Marks, AVoletThatTheTextQuotesIsNotThePagesOwn) {
    const auto volet = [](const std::vector<DrawnLine>& lines) {
        const auto page = drawn_page(1, lines);
        return find_volet(PageText(page));
    };
    EXPECT_EQ(volet({{"volet 2", 150, 1300}, {"Conservez le volet 3 pour vous", 1200}}), 2);
    EXPECT_EQ(volet({{"volet médical 1", 100}}), 1);
    EXPECT_EQ(volet({{"volet 1", 100}, {"volet 2", 140}}), std::nullopt);
    EXPECT_EQ(volet({{"L'assuré envoie les volets 1 et 2 à sa caisse, le volet 3 à l'employeur", 2280}}), std::nullopt);
}

}  // namespace
}  // namespace pleiade::reader
