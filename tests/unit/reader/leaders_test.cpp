// Dotted lines, and what looks a little like one.
#include "services/reader/leaders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "services/reader/text_lines.h"

namespace pleiade::reader {
namespace {

std::vector<cv::Rect> dotted(int count, int step, double slope = 0) {
    std::vector<cv::Rect> dots;
    for (int i = 0; i < count; ++i) dots.emplace_back(100 + i * step, 200 + static_cast<int>(slope * i * step), 2, 2);
    return dots;
}

TEST(Leaders, ARowOfDotsIsOne) {
    EXPECT_EQ(leader_dots(dotted(40, 7)).size(), 40U);
    EXPECT_EQ(leader_dots(dotted(40, 7, 0.02)).size(), 40U) << "it may lean a little";
}

TEST(Leaders, DotsUnderDescendersMayBeMissing) {
    auto dots = dotted(40, 7);
    dots.erase(dots.begin() + 10, dots.begin() + 12);
    dots.erase(dots.begin() + 20);
    EXPECT_EQ(leader_dots(dots).size(), dots.size());
}

TEST(Leaders, PointsOfATextAndDustAreNone) {
    EXPECT_TRUE(leader_dots(dotted(9, 7)).empty()) << "an ellipsis, a short row";
    std::vector<cv::Rect> dust;
    for (int i = 0; i < 200; ++i) dust.emplace_back(100 + (i * 7919) % 1400, 100 + (i * 104'729) % 2000, 2, 2);
    EXPECT_TRUE(leader_dots(dust).empty());
    std::vector<cv::Rect> dots_of_letters;
    for (int i = 0, x = 100; i < 14; ++i, x += 9 + (i * 5) % 14) dots_of_letters.emplace_back(x, 300, 3, 3);
    EXPECT_TRUE(leader_dots(dots_of_letters).empty()) << "at one height, with no step";
    auto tall = dotted(40, 7);
    for (auto& dot : tall) dot.height = 14;
    EXPECT_TRUE(leader_dots(tall).empty()) << "bars of a code, a row of l";
}

TEST(Leaders, AreNoTextAndDoNotStayUnderIt) {
    cv::Mat page(600, 1200, CV_8UC1, cv::Scalar(255));
    cv::putText(page, "1 99 02 13 249 126 85", {120, 195}, cv::FONT_HERSHEY_SIMPLEX, 0.8, cv::Scalar(20), 2);
    cv::Mat dotted_page = page.clone();
    for (int x = 100; x < 1000; x += 7) cv::rectangle(dotted_page, cv::Rect(x, 200, 2, 3), cv::Scalar(40), cv::FILLED);
    std::vector<cv::Rect> dots;
    const auto lines = find_text_lines(dotted_page, &dots);
    EXPECT_EQ(lines.size(), 1U);
    EXPECT_GT(dots.size(), 120U);
    cv::Mat difference;
    cv::absdiff(without_dots(dotted_page, dots), page, difference);
    EXPECT_LT(cv::countNonZero(difference), 60) << "the writing is left as it was";
    EXPECT_EQ(without_dots(page, {}).data, page.data) << "nothing is copied for nothing";
}

}  // namespace
}  // namespace pleiade::reader
