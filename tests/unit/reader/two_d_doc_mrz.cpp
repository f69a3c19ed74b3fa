#include "services/reader/mrz/find.h"

#include <gtest/gtest.h>

#include "services/reader/identity_zones.h"
#include "services/reader/mrz/check_digit.h"
#include "tests/unit/reader/drawn_text.h"

namespace pleiade::reader::mrz {
namespace {

constexpr const char* kToday = "2026-11-20";

std::string filled(std::string text, std::size_t length) {
    text.resize(length, '<');
    return text;
}

// The specimens of ICAO 9303 (parts 4, 5 and 6), of holder Eriksson.
const std::vector<std::string> kPassport = {filled("P<UTOERIKSSON<<ANNA<MARIA", 44),
                                            "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};
const std::vector<std::string> kTd1 = {"I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                                       filled("ERIKSSON<<ANNA<MARIA", 30)};
const std::vector<std::string> kTd2 = {filled("I<UTOERIKSSON<<ANNA<MARIA", 36), "D231458907UTO7408122F1204159<<<<<<<6"};
// The specimen of the French national card.
const std::vector<std::string> kFrench = {"IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<",
                                          "8806923102858CORINNE<<<<<<<6512068F6"};

TEST(Mrz, HoldsOnTheSpecimensOfEachLayout) {
    const std::pair<Layout, std::vector<std::string>> specimens[] = {
        {Layout::Td3, kPassport}, {Layout::Td1, kTd1}, {Layout::Td2, kTd2}};
    for (const auto& [layout, lines] : specimens) {
        const auto zone = parse_zone(lines);
        ASSERT_TRUE(zone);
        EXPECT_EQ(zone->layout, layout);
        EXPECT_TRUE(zone->holds()) << name_of(layout);
        EXPECT_EQ(zone->last_name, "ERIKSSON");
        EXPECT_EQ(zone->first_name, "ANNA MARIA");
        EXPECT_EQ(to_iso(birth_of(*zone, {2026, 11, 20})->date), "1974-08-12");
    }
}

TEST(Mrz, ReadsTheFrenchCardsOwnLayout) {
    const auto zone = parse_zone(kFrench);
    ASSERT_TRUE(zone);
    EXPECT_EQ(zone->layout, Layout::FrenchCard);
    EXPECT_TRUE(zone->number_holds);
    EXPECT_TRUE(zone->birth_holds);
    EXPECT_TRUE(zone->holds());
    EXPECT_EQ(zone->last_name, "BERTHIER");
    EXPECT_EQ(zone->first_name, "CORINNE");
    EXPECT_EQ(to_iso(birth_of(*zone, {2026, 11, 20})->date), "1965-12-06");
}

TEST(Mrz, FollowsANumberThatRunsOnIntoTheOptionalData) {
    auto lines = kTd1;
    lines[0] = "I<UTO600001795<0152<<<<<<<<<<<";
    EXPECT_TRUE(parse_zone(lines)->number_holds);
    lines[0] = "I<UTO600001795<0153<<<<<<<<<<<";
    EXPECT_FALSE(parse_zone(lines)->number_holds);
}

TEST(Mrz, NoticesEveryFigureThatIsReadAsAnother) {
    for (std::size_t at = 13; at < 20; ++at) {
        auto lines = kPassport;
        lines[1][at] = lines[1][at] == '9' ? '0' : static_cast<char>(lines[1][at] + 1);
        EXPECT_FALSE(parse_zone(lines)->holds()) << at;
    }
}

TEST(Mrz, LeavesTheCenturyOpenWhereSomebodyOfAHundredMayBeAlive) {
    auto child = *parse_zone(kPassport);
    child.birth = "200812";
    EXPECT_FALSE(birth_of(child, {2026, 11, 20})->century_sure);
    child.birth = "740812";
    EXPECT_TRUE(birth_of(child, {2026, 11, 20})->century_sure);
    child.birth = "7408<<";
    EXPECT_FALSE(birth_of(child, {2026, 11, 20}));
    child.birth = "741342";
    EXPECT_FALSE(birth_of(child, {2026, 11, 20}));
}

OcrPage page_with(const std::vector<std::string>& lines) {
    std::vector<DrawnLine> drawn = {{"REPUBLIQUE FRANCAISE", 100}};
    int y = 900;
    for (const auto& line : lines) drawn.push_back({line, y += 40});
    return drawn_page(1, drawn);
}

TEST(Mrz, IsFoundAmongTheLinesOfAPage) {
    for (const auto* lines : {&kPassport, &kTd1, &kTd2, &kFrench}) {
        const auto found = find_zones(page_with(*lines));
        ASSERT_EQ(found.size(), 1U);
        EXPECT_TRUE(found[0].zone.holds());
        EXPECT_GE(found[0].box.y, 900);
    }
}

TEST(Mrz, StandsFillersThatWereMisreadOrMiscounted) {
    auto lines = kPassport;
    lines[0] = "P<UTOERIKSSON«ANNA<MARIA «««««« <<<<<";
    const auto found = find_zones(page_with(lines));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].zone.last_name, "ERIKSSON");
}

TEST(Mrz, GivesABirthDateThatIsValidAndNamesThatAreNot) {
    const auto page = page_with(kFrench);
    const auto zones = identity_zones({&page}, kToday);
    ASSERT_EQ(zones.fields.size(), 3U);
    for (const auto& field : zones.fields) {
        EXPECT_EQ(field.value.status == FieldStatus::Valid, field.field == "birth_date");
    }
    ASSERT_EQ(zones.reasons.size(), 1U);
    EXPECT_EQ(zones.reasons[0].text.find("BERTHIER"), std::string::npos);
}

TEST(Mrz, GivesNoValidDateWhenAFigureWasTakenForALetter) {
    auto lines = kFrench;
    lines[1].replace(lines[1].find("651206"), 6, "6512O6");
    const auto page = page_with(lines);
    const auto zones = identity_zones({&page}, kToday);
    ASSERT_FALSE(zones.fields.empty());
    for (const auto& field : zones.fields) EXPECT_NE(field.value.status, FieldStatus::Valid);
}

TEST(Mrz, SeesNothingInHeadingsAndNumbers) {
    EXPECT_TRUE(find_zones(page_with({"DECLARATION D'ACCIDENT DU TRAVAIL OU DE TRAJET",
                                      "12345678901234567890123456789012345678901234"}))
                    .empty());
    EXPECT_TRUE(find_zones(page_with({kPassport[0]})).empty());
    EXPECT_TRUE(find_zones(drawn_page(1, {})).empty());
    EXPECT_FALSE(parse_zone({}));
    EXPECT_FALSE(parse_zone({kPassport[0], kTd2[1]}));
    EXPECT_FALSE(check_holds("AB é", '1'));
}

}  // namespace
}  // namespace pleiade::reader::mrz
