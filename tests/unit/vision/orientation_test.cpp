#include "common/vision/orientation.h"

#include <gtest/gtest.h>

#include "tests/unit/vision/drawn_pages.h"

namespace pleiade::vision {
namespace {

TEST(Orientation, FindsEachOfTheFourWaysALetterCanLie) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
        const PageImage page = letter_page(seed);
        for (int rotation : {0, 90, 180, 270}) {
            const Orientation found = find_orientation(make_sketch(laid_turned(page, rotation)));
            EXPECT_EQ(found.rotation, rotation) << "seed " << seed;
            EXPECT_TRUE(found.lines_certain);
            EXPECT_GT(found.certainty, 0.5) << "seed " << seed;
            EXPECT_NEAR(found.skew_degrees, 0, 0.11);
        }
    }
}

TEST(Orientation, MeasuresSkewInBothDirectionsAndAllFourWays) {
    const PageImage page = letter_page(4);
    for (double degrees : {-14.0, -5.3, 0.6, 3.0, 11.5}) {
        for (int rotation : {0, 90, 180, 270}) {
            const PageImage scanned = laid_turned(laid_askew(page, degrees), rotation);
            const Orientation found = find_orientation(make_sketch(scanned));
            EXPECT_EQ(found.rotation % 180, rotation % 180) << degrees;
            // Leaning letters say little about which end is up: far from straight, it may not know, but says so.
            if (std::abs(degrees) < 6 || found.certainty > 0.5) {
                EXPECT_EQ(found.rotation, rotation) << degrees << " certainty " << found.certainty;
            }
            EXPECT_NEAR(found.skew_degrees, degrees, 0.25) << rotation;
        }
    }
}

TEST(Orientation, ClaimsNothingOnAPageWithoutText) {
    const Orientation found = find_orientation(make_sketch(white_page()));
    EXPECT_EQ(found.rotation, 0);
    EXPECT_EQ(found.certainty, 0);
    EXPECT_FALSE(found.lines_certain);
    EXPECT_EQ(found.skew_degrees, 0);
}

TEST(Orientation, AsksForVerificationWhenEveryLetterIsACapital) {
    PageImage page = white_page();
    for (int line = 0; line < 25; ++line) {
        cv::putText(page.grey, "DATE 12 NOM ET ADRESSE 59500 DOUAI", {120, 200 + 45 * line}, cv::FONT_HERSHEY_SIMPLEX,
                    0.9, cv::Scalar(0), 2);
    }
    const Orientation found = find_orientation(make_sketch(page));
    EXPECT_EQ(found.rotation % 180, 0);
    EXPECT_LT(found.certainty, 0.5);
}

TEST(Sketch, DoesNotBelieveAResolutionThatMakesPaperOfTwoMetres) {
    EXPECT_NEAR(believed_dpi({2480, 3508}, 72, 72).width, 300, 1);
    EXPECT_NEAR(believed_dpi({2480, 3508}, 0, 0).height, 300, 1);
    EXPECT_EQ(believed_dpi({1728, 1148}, 204, 98), cv::Size2d(204, 98));
    EXPECT_EQ(believed_dpi({2480, 3508}, 300, 300), cv::Size2d(300, 300));
}

TEST(Sketch, MakesTheFlatPixelsOfAFaxSquare) {
    PageImage fax = white_page();
    cv::resize(fax.grey, fax.grey, {1728, 1148});
    fax.dpi_x = 204;
    fax.dpi_y = 98;
    const PageSketch sketch = make_sketch(fax);
    EXPECT_NEAR(sketch.grey.cols, 1728 * 150 / 204, 1);
    EXPECT_NEAR(sketch.grey.rows, 1148 * 150 / 98, 1);
}

TEST(Marks, CountsTheSameMarksAsALabellingOfEveryPixel) {
    std::mt19937 random(7);
    for (int round = 0; round < 20; ++round) {
        cv::Mat mask(61, 83, CV_8UC1);
        for (int y = 0; y < mask.rows; ++y) {
            for (int x = 0; x < mask.cols; ++x)
                mask.at<std::uint8_t>(y, x) = random() % 100 < 15u + round * 2 ? 255 : 0;
        }
        cv::Mat labels, stats, centroids;
        const int labelled = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8);
        std::vector<Mark> marks = find_marks(mask, 1);
        ASSERT_EQ(marks.size(), static_cast<std::size_t>(labelled - 1)) << "round " << round;
        for (const Mark& mark : marks) {
            bool found = false;
            for (int i = 1; i < labelled && !found; ++i) {
                const int* s = stats.ptr<int>(i);
                found = mark.box == cv::Rect(s[0], s[1], s[2], s[3]) && mark.area == s[4];
            }
            EXPECT_TRUE(found);
        }
    }
}

}  // namespace
}  // namespace pleiade::vision
