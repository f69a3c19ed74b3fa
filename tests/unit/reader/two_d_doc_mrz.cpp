#include "services/reader/mrz/find.h"

#include <gtest/gtest.h>

#include <tuple>

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

char digit_of(const std::string& text) {
    for (char digit = '0'; digit <= '9'; ++digit) {
        if (check_holds(text, digit)) return digit;
    }
    return '?';
}

// Documents of people who do not exist, in each layout.
std::vector<std::string> invented(Layout layout, const std::string& last, const std::string& first,
                                  const std::string& number, const std::string& birth) {
    const auto own = filled(number, layout == Layout::FrenchCard ? 12 : 9);
    const auto numbered = own + digit_of(own), born = birth + digit_of(birth);
    const std::string expiry = std::string("301231") + digit_of("301231");
    switch (layout) {
        case Layout::Td1: {
            const auto head = filled("IDFRA" + numbered, 30);
            const auto middle = filled(born + "F" + expiry + "FRA", 29);
            const auto all = head.substr(5) + middle.substr(0, 7) + middle.substr(8, 7) + middle.substr(18, 11);
            return {head, middle + digit_of(all), filled(last + "<<" + first, 30)};
        }
        case Layout::Td2:
        case Layout::Td3: {
            const std::size_t length = layout == Layout::Td2 ? 36 : 44;
            const auto second = filled(numbered + "FRA" + born + "F" + expiry, length - 1);
            const auto all = second.substr(0, 10) + second.substr(13, 7) + second.substr(21);
            return {filled((layout == Layout::Td2 ? "I<FRA" : "P<FRA") + last + "<<" + first, length),
                    second + digit_of(all)};
        }
        case Layout::FrenchCard: {
            const auto head = filled(filled("IDFRA" + last, 30) + "595012", 36);
            const auto second = numbered + filled(first, 14) + born + "F";
            return {head, second + digit_of(head + second)};
        }
    }
    return {};
}

TEST(Mrz, HoldsOnInventedDocumentsAndOnNoneWhoseFiguresChanged) {
    const std::tuple<const char*, const char*, const char*, const char*> people[] = {
        {"VARLIN", "LUCIE", "A12B34567", "550814"},
        {"MERCADIEL", "ALINE<ROSE", "X4RTBPFW4", "990101"},
        {"LE<GOFF", "YANN", "880692310", "481231"}};
    for (const auto layout : {Layout::Td1, Layout::Td2, Layout::Td3, Layout::FrenchCard}) {
        for (const auto& [last, first, number, birth] : people) {
            const auto lines = invented(layout, last, first, number, birth);
            const auto zone = parse_zone(lines);
            ASSERT_TRUE(zone) << name_of(layout);
            EXPECT_EQ(zone->layout, layout);
            EXPECT_TRUE(zone->holds()) << name_of(layout) << " " << last;
            EXPECT_EQ(zone->birth, birth);
            EXPECT_EQ(zone->last_name.front(), last[0]);
            for (std::size_t line = 0; line < lines.size(); ++line) {
                for (std::size_t at = 0; at < lines[line].size(); ++at) {
                    const char c = lines[line][at];
                    const bool checked = c >= '0' && c <= '9';
                    if (!checked) continue;
                    auto changed = lines;
                    changed[line][at] = c == '9' ? '0' : static_cast<char>(c + 1);
                    const auto read = parse_zone(changed);
                    EXPECT_FALSE(read && read->holds()) << name_of(layout) << " line " << line << " at " << at;
                }
            }
        }
    }
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
