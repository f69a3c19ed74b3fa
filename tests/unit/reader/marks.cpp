#include "services/reader/marks.h"

#include <gtest/gtest.h>

#include "tests/unit/reader/drawn_text.h"

namespace pleiade::reader {
namespace {

std::vector<FormNumber> numbers_in(const std::string& line, int y = 80) {
    const auto page = drawn_page(1, {{line, y}});
    return find_form_numbers(PageText(page));
}

TEST(PageMarks, StandBesideTheReferenceWhichMayBearTheMonthOfItsEditionInstead) {
    const auto mark_of = [](const std::string& foot) {
        const auto page = drawn_page(1, {{"revenus", 600}, {foot, 2250, 1300}});
        return find_page_mark(PageText(page));
    };
    const auto mark = mark_of("S3711h 2/6");
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->number, 2);
    EXPECT_EQ(mark->total, 6);
    EXPECT_TRUE(mark_of("S 3711 h - 3/6"));
    for (const auto* edition : {"S3711h 06/19", "S3711h 6/19", "S3711h 12/2019", "S3711h", "F3711 2/6"})
        EXPECT_FALSE(mark_of(edition)) << edition;
}

TEST(Marks, AFormNumberIsReadWithWhatOcrMakesOfItsStar) {
    for (const char* written : {"N° 14463*03", "N° 14463 * 03", "n°14463\"03", "cerfa N° 1446303", "cerfa 14 463*03",
                                "cerfa N° 14463 : 03", "NE: 1446303"}) {
        const auto numbers = numbers_in(written);
        ASSERT_EQ(numbers.size(), 1u) << written;
        EXPECT_EQ(numbers[0].digits, "14463") << written;
        EXPECT_TRUE(numbers[0].own) << written;
    }
}

TEST(Marks, ANoticeNumberKeepsItsSign) {
    const auto numbers = numbers_in("N° 50261#04");
    ASSERT_EQ(numbers.size(), 1u);
    EXPECT_TRUE(numbers[0].notice);
}

TEST(Marks, ADigitReadAsALetterIsOnlyPerhapsAFormNumber) {
    const auto numbers = numbers_in("n° 5077S#02");
    ASSERT_EQ(numbers.size(), 1u);
    EXPECT_EQ(numbers[0].digits, "50775");
    EXPECT_TRUE(numbers[0].doubtful);
}

TEST(Marks, SevenDigitsAloneAreOnlyPerhapsAFormNumber) {
    const auto numbers = numbers_in("dossier 1446303");
    ASSERT_EQ(numbers.size(), 1u);
    EXPECT_TRUE(numbers[0].doubtful);
    EXPECT_FALSE(numbers[0].marked);
    EXPECT_TRUE(numbers_in("14463031").empty()) << "eight digits are a date or an account";
}

TEST(Marks, ANumberInTheBodyIsQuoted) {
    const auto numbers = numbers_in("voir le formulaire n° 11137*02", 1200);
    ASSERT_EQ(numbers.size(), 1u);
    EXPECT_FALSE(numbers[0].own);
}

TEST(Marks, AVoletIsReadWithoutItsSpace) {
    const auto volet = [](const std::string& line) { return find_volet(PageText(drawn_page(1, {{line, 100}}))); };
    EXPECT_EQ(volet("volet 2"), 2);
    EXPECT_EQ(volet("Volet2"), 2);
    EXPECT_EQ(volet("VOLET N° 3"), 3);
    EXPECT_EQ(volet("VOLETN 1 service"), 1);
    EXPECT_EQ(volet("volet médical 1"), 1);
    EXPECT_EQ(volet("les volets sont à conserver"), std::nullopt);
}

TEST(Marks, ANoticeCallsItselfSoInAHeading) {
    const auto heading = [](const std::string& line, int y = 250) {
        return has_notice_heading(PageText(drawn_page(1, {{line, y}})));
    };
    EXPECT_TRUE(heading("Notice explicative"));
    EXPECT_TRUE(heading("NOTICE D'UTILISATION"));
    EXPECT_TRUE(heading("Notice"));
    EXPECT_TRUE(heading("D notice à destination du patient")) << "what OCR makes of a logo comes first";
    EXPECT_FALSE(heading("Notice explicative", 1500)) << "named in the text";
    EXPECT_FALSE(heading("EMPLOYEUR (se reporter à la notice)"));
    EXPECT_FALSE(heading("lisez la notice explicative avant de remplir la présente demande"));
}

TEST(Marks, APageNumberStandsAtTheEdge) {
    const auto mark = [](const std::string& line, int y) {
        return find_page_mark(PageText(drawn_page(1, {{line, y}})));
    };
    const auto found = mark("2/3", 2200);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->number, 2);
    EXPECT_EQ(found->total, 3);
    EXPECT_FALSE(mark("2/3", 1200));
    EXPECT_FALSE(mark("5/3", 2200));
}

}  // namespace
}  // namespace pleiade::reader
