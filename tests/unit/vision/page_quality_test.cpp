#include "common/vision/page_quality.h"

#include <gtest/gtest.h>

#include "common/vision/blank_page.h"
#include "tests/unit/vision/drawn_pages.h"

namespace pleiade::vision {
namespace {

Quality quality_of(const PageImage& page) {
    const auto sketch = make_sketch(page);
    return judge_quality(page, sketch, is_blank(sketch));
}
bool blank(const PageImage& page) {
    return is_blank(make_sketch(page));
}

TEST(BlankPage, IsBlankWithPunchHolesDustAndScannerBorders) {
    PageImage page = white_page();
    std::mt19937 random(3);
    for (int y : {400, 870, 1340}) cv::circle(page.grey, {72, y}, 18, cv::Scalar(20), cv::FILLED);
    for (int i = 0; i < 60; ++i) {
        cv::circle(page.grey, {int(random() % 1240), int(random() % 1750)}, 1, cv::Scalar(60), cv::FILLED);
    }
    cv::rectangle(page.grey, {0, 0}, {1239, 14}, cv::Scalar(0), cv::FILLED);
    cv::rectangle(page.grey, {1228, 0}, {1239, 1752}, cv::Scalar(10), cv::FILLED);
    cv::line(page.grey, {640, 0}, {640, 1752}, cv::Scalar(120), 2);  // a streak of the scanner's glass
    EXPECT_TRUE(blank(page));
    EXPECT_EQ(quality_of(page), Quality::Ok);
}

TEST(BlankPage, IsBlankWhenTheBackOfTheSheetShinesThrough) {
    PageImage back = letter_page(5, 30, 228);
    cv::flip(back.grey, back.grey, 1);
    cv::GaussianBlur(back.grey, back.grey, {0, 0}, 2);
    EXPECT_TRUE(blank(back));
}

TEST(BlankPage, IsBlankOnShadedOrYellowedPaper) {
    PageImage page = white_page();
    for (int y = 0; y < page.grey.rows; ++y) page.grey.row(y).setTo(cv::Scalar(235 - y / 20));
    EXPECT_TRUE(blank(page));
}

TEST(BlankPage, IsBlankWithTheEndorsersLineAlongItsEdge) {
    PageImage page = white_page();
    cv::putText(page.grey, "A0001230", {500, 30}, cv::FONT_HERSHEY_PLAIN, 1.2, cv::Scalar(0), 1);
    EXPECT_TRUE(blank(page));
}

TEST(BlankPage, IsBlankWithAStapleAFoldAndTheRimsOfTwoHoles) {
    PageImage page = white_page();
    cv::line(page.grey, {60, 70}, {105, 50}, cv::Scalar(40), 2, cv::LINE_AA);
    for (int x = 30; x < 1200; x += 60)
        cv::line(page.grey, {x, 880 + x / 200}, {x + 44, 880 + x / 200}, cv::Scalar(90), 2);
    for (int y : {640, 1112}) cv::ellipse(page.grey, {71, y}, {17, 17}, 0, 20, 150, cv::Scalar(60), 3);
    EXPECT_TRUE(blank(page));
}

TEST(BlankPage, IsNotBlankWithASignatureAcrossAFold) {
    PageImage page = white_page();
    cv::line(page.grey, {0, 880}, {1239, 884}, cv::Scalar(90), 2);
    cv::putText(page.grey, "Lune", {700, 890}, cv::FONT_HERSHEY_SCRIPT_COMPLEX, 2, cv::Scalar(60), 3, cv::LINE_AA);
    EXPECT_FALSE(blank(page));
}

TEST(BlankPage, IsNotBlankWithOneHandwrittenWord) {
    PageImage page = white_page();
    cv::putText(page.grey, "Vu", {600, 900}, cv::FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, cv::Scalar(90), 2, cv::LINE_AA);
    EXPECT_FALSE(blank(page));
}

TEST(BlankPage, IsNotBlankWithOnePaleLineOfPencil) {
    PageImage page = white_page();
    cv::putText(page.grey, "merci de rappeler", {300, 700}, cv::FONT_HERSHEY_SCRIPT_SIMPLEX, 1, cv::Scalar(175), 2,
                cv::LINE_AA);
    EXPECT_FALSE(blank(page));
}

TEST(BlankPage, IsNotBlankWhenItIsBlack) {
    PageImage page = white_page();
    page.grey.setTo(cv::Scalar(8));
    EXPECT_FALSE(blank(page));
    EXPECT_NE(quality_of(page), Quality::Ok);
}

TEST(Quality, LeavesOrdinaryPagesAlone) {
    EXPECT_EQ(quality_of(letter_page(6)), Quality::Ok);
    EXPECT_EQ(quality_of(letter_page(6, 3)), Quality::Ok);
    EXPECT_EQ(quality_of(letter_page(6, 30, 120)), Quality::Ok);
    EXPECT_EQ(quality_of(laid_askew(letter_page(7), 6)), Quality::Ok);
}

TEST(Quality, SaysBlurredOnlyWhenNoEdgeIsSharp) {
    PageImage slightly = letter_page(8), badly = letter_page(8);
    cv::GaussianBlur(slightly.grey, slightly.grey, {0, 0}, 0.8);
    cv::GaussianBlur(badly.grey, badly.grey, {0, 0}, 4.5);
    EXPECT_EQ(quality_of(slightly), Quality::Ok);
    EXPECT_EQ(quality_of(badly), Quality::Blurred);
}

TEST(Quality, TellsTooLightFromTooDark) {
    EXPECT_EQ(quality_of(letter_page(9, 30, 203)), Quality::TooLight);
    PageImage dark = letter_page(9);
    dark.grey.convertTo(dark.grey, -1, 0.2);
    EXPECT_EQ(quality_of(dark), Quality::TooDark);
    PageImage flooded = letter_page(9);
    flooded.bitonal = true;
    cv::rectangle(flooded.grey, {0, 600}, {1239, 1752}, cv::Scalar(0), cv::FILLED);
    EXPECT_EQ(quality_of(flooded), Quality::TooDark);
}

TEST(Quality, SaysCutWhenTheLinesRunOutOfTheImage) {
    PageImage page = letter_page(10);
    page.grey = page.grey(cv::Rect(127, 0, page.grey.cols - 127, page.grey.rows)).clone();
    EXPECT_EQ(quality_of(page), Quality::Cut);
}

TEST(Quality, CallsATinyImageUnreadable) {
    PageImage page = white_page();
    page.grey = page.grey(cv::Rect(0, 0, 100, 300)).clone();
    EXPECT_EQ(quality_of(page), Quality::Unreadable);
}

}  // namespace
}  // namespace pleiade::vision
