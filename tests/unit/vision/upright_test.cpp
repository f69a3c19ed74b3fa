#include "common/vision/upright.h"

#include <gtest/gtest.h>

#include "common/vision/rotation.h"
#include "tests/unit/vision/drawn_pages.h"

namespace pleiade::vision {
namespace {

Box box_of_ink(const cv::Mat& grey) {
    cv::Mat points;
    cv::findNonZero(grey < 128, points);
    const cv::Rect r = cv::boundingRect(points);
    return {r.x, r.y, r.width, r.height};
}

void expect_near(const Box& a, const Box& b, int pixels) {
    EXPECT_NEAR(a.x, b.x, pixels);
    EXPECT_NEAR(a.y, b.y, pixels);
    EXPECT_NEAR(a.x + a.width, b.x + b.width, pixels);
    EXPECT_NEAR(a.y + a.height, b.y + b.height, pixels);
}

TEST(Upright, BringsBoxesBackToTheScanFromEveryQuarterTurn) {
    PageImage upright_page = white_page();
    cv::rectangle(upright_page.grey, cv::Rect(200, 300, 90, 40), cv::Scalar(0), cv::FILLED);
    for (int rotation : {0, 90, 180, 270}) {
        const PageImage scanned = laid_turned(upright_page, rotation);
        const UprightPage upright = make_upright(scanned, rotation, 0);
        EXPECT_EQ(box_of_ink(upright.grey), (Box{200, 300, 90, 40})) << rotation;
        EXPECT_EQ(upright.map.as_scanned(Box{200, 300, 90, 40}), box_of_ink(scanned.grey)) << rotation;
        EXPECT_EQ(upright.map.as_upright(box_of_ink(scanned.grey)), (Box{200, 300, 90, 40})) << rotation;
    }
}

TEST(Upright, BringsBoxesBackThroughSkewAndAnotherResolution) {
    PageImage straight = white_page();
    cv::rectangle(straight.grey, cv::Rect(600, 800, 60, 60), cv::Scalar(0), cv::FILLED);
    for (int rotation : {0, 90, 180, 270}) {
        const PageImage scanned = laid_turned(laid_askew(straight, 4), rotation);
        const UprightPage upright = make_upright(scanned, rotation, 4, 300);
        EXPECT_EQ(upright.dpi, 300);
        expect_near(box_of_ink(upright.grey), {1200, 1600, 120, 120}, 3);
        // The box of a turned square is a little larger than the square's own.
        expect_near(upright.map.as_scanned(box_of_ink(upright.grey)), box_of_ink(scanned.grey), 4);
    }
}

TEST(Upright, MakesTheFlatPixelsOfAFaxSquare) {
    PageImage fax = white_page();
    cv::resize(fax.grey, fax.grey, {1728, 1148});
    fax.dpi_x = 204;
    fax.dpi_y = 98;
    const UprightPage upright = make_upright(fax, 0, 0);
    EXPECT_EQ(upright.dpi, 204);
    EXPECT_EQ(upright.grey.cols, 1728);
    EXPECT_NEAR(upright.grey.rows, 1148 * 204 / 98, 1);
    EXPECT_NEAR(upright.map.as_scanned(Box{100, 204, 50, 204}).height, 98, 1);
}

// The same pixels as OpenCV's own turn about the centre, but for what interpolation rounds: no pixel a place off, nor
// any at the edges, where white comes in.
TEST(Rotation, IsThatOfOpenCvForEveryAngleAndShape) {
    for (const cv::Size size : {cv::Size(613, 811), cv::Size(240, 97), cv::Size(33, 1), cv::Size(1, 40)}) {
        cv::Mat page(size, CV_8UC1);
        cv::RNG random(5);
        random.fill(page, cv::RNG::UNIFORM, 0, 256);
        cv::GaussianBlur(page, page, {0, 0}, 3, 3, cv::BORDER_REPLICATE);
        for (const double degrees : {0.0, 0.21, -0.5, 1.3, -4.9, 15.0, -45.0}) {
            if (size.width < 50 && std::abs(degrees) > 20) continue;  // mostly edge
            const cv::Point2d middle(size.width / 2.0 - 0.5, size.height / 2.0 - 0.5);
            cv::Mat expected;
            cv::warpAffine(page, expected, cv::getRotationMatrix2D(middle, -degrees, 1), size, cv::INTER_LINEAR,
                           cv::BORDER_CONSTANT, cv::Scalar(255));
            const auto turned = rotated(page, degrees);
            ASSERT_EQ(turned.size(), size);
            cv::Mat apart;
            cv::absdiff(turned, expected, apart);
            // Inside, pixel for pixel; along the edges both may differ in where white begins.
            const cv::Mat inside = cv::abs(expected - 128) < 100;
            EXPECT_LT(cv::mean(apart, inside)[0], 2.0) << size << " by " << degrees;
            EXPECT_LT(cv::countNonZero(apart > 24), 4 * (size.width + size.height)) << size << " by " << degrees;
        }
    }
}

// Longer than OpenCV's own turn takes: a strip of 60 000 pixels, with one stroke far from its middle.
TEST(Rotation, HoldsForAnyLengthOfPage) {
    cv::Mat page(48, 60'000, CV_8UC1, cv::Scalar(255));
    page.col(59'000).setTo(0);
    for (const cv::Mat& side : {page, cv::Mat(page.t())}) {
        cv::Mat points;
        cv::findNonZero(rotated(side, 0.01) < 200, points);
        const cv::Rect stroke = cv::boundingRect(points);
        EXPECT_NEAR(std::max(stroke.x, stroke.y), 59'000, 1);
        EXPECT_LE(std::min(stroke.width, stroke.height), 3);
        EXPECT_GE(std::max(stroke.width, stroke.height), 40);
    }
}

TEST(Upright, StraightensWhatItMeasured) {
    const PageImage scanned = laid_turned(laid_askew(letter_page(11), -7.5), 270);
    const UprightPage upright = make_upright(scanned, find_orientation(make_sketch(scanned)));
    PageImage again;
    again.grey = upright.grey;
    again.dpi_x = again.dpi_y = upright.dpi;
    const Orientation left = find_orientation(make_sketch(again));
    EXPECT_EQ(left.rotation, 0);
    EXPECT_NEAR(left.skew_degrees, 0, 0.2);
}

TEST(Cleaning, MakesShadedPaperWhiteAndKeepsInk) {
    PageImage page = letter_page(12);
    const cv::Mat ink = page.grey < 128;
    for (int y = 0; y < page.grey.rows; ++y) {
        page.grey.row(y).convertTo(page.grey.row(y), -1, 0.9 - 0.3 * y / page.grey.rows);
    }
    const cv::Mat even = even_out_paper(page.grey);
    EXPECT_GT(cv::mean(even, ~ink)[0], 240);
    EXPECT_LT(cv::mean(even, ink)[0], 80);
    const cv::Mat black = binarise(page.grey) == 0;
    EXPECT_LT(cv::countNonZero(black != ink), cv::countNonZero(ink) / 4);
}

}  // namespace
}  // namespace pleiade::vision
