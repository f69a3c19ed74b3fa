// A number on a line without boxes, cut into its characters; and what is no such number.
#include "services/reader/loose_figures.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace pleiade::reader {
namespace {

constexpr int kHeight = 30, kWidth = 16;
const Box kLine{40, 50, 900, 60};

class Writing {
  public:
    Writing& figures(int count) {
        for (int i = 0; i < count; ++i) {
            cv::ellipse(ink_, {x_ + kWidth / 2, 80}, {kWidth / 2, kHeight / 2}, 0, 0, 360, cv::Scalar(255), 3);
            x_ += kWidth + 8;
        }
        return *this;
    }
    Writing& space() {
        x_ += 30;
        return *this;
    }
    Writing& dash() {
        cv::line(ink_, {x_, 80}, {x_ + 10, 80}, cv::Scalar(255), 3);
        x_ += 20;
        return *this;
    }
    // In two strokes: the bar stands over the rest and does not touch it.
    Writing& five() {
        cv::line(ink_, {x_ + 2, 64}, {x_ + kWidth, 64}, cv::Scalar(255), 3);
        cv::ellipse(ink_, {x_ + kWidth / 2, 84}, {kWidth / 2, 12}, 0, 0, 360, cv::Scalar(255), 3);
        x_ += kWidth + 8;
        return *this;
    }
    Writing& touching(int count) {
        for (int i = 0; i < count; ++i) {
            cv::ellipse(ink_, {x_ + kWidth / 2, 80}, {kWidth / 2 + 2, kHeight / 2}, 0, 0, 360, cv::Scalar(255), 3);
            x_ += kWidth;
        }
        x_ += 8;
        return *this;
    }
    std::optional<CombRow> cut(std::size_t least = 13, std::size_t most = 15) const {
        return figures_apart(ink_, kLine, least, most);
    }

  private:
    cv::Mat ink_ = cv::Mat::zeros(160, 1000, CV_8UC1);
    int x_ = 60;
};

TEST(LooseFigures, OnePieceIsOneCharacterAndDashesAreNone) {
    Writing nir;
    nir.figures(1).space().figures(2).space().figures(2).dash().figures(2).space().figures(3).space().figures(3);
    nir.space().figures(2);
    const auto row = nir.cut();
    ASSERT_TRUE(row.has_value());
    ASSERT_EQ(row->cells.size(), 15U);
    EXPECT_FALSE(row->drawn);
    for (std::size_t i = 1; i < row->cells.size(); ++i) EXPECT_GT(row->cells[i].x, row->cells[i - 1].x);
    EXPECT_NEAR(row->cells[0].height, kHeight, 5);
    EXPECT_GE(row->cells[0].x, kLine.x) << "in pixels of the page";
}

TEST(LooseFigures, StrokesOverEachOtherAreOneFigure) {
    Writing nir;
    nir.figures(7).five().figures(3).five().figures(3);
    const auto row = nir.cut();
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->cells.size(), 15U);
}

TEST(LooseFigures, FiguresThatTouchAreLeftToTextRecognition) {
    Writing nir;
    nir.figures(11).touching(2).figures(2);
    EXPECT_FALSE(nir.cut().has_value());
}

TEST(LooseFigures, ALineWithTooFewOrTooManyIsNoSuchNumber) {
    EXPECT_FALSE(Writing().figures(12).cut().has_value());
    EXPECT_FALSE(Writing().figures(16).cut().has_value());
    EXPECT_FALSE(Writing().cut().has_value()) << "nothing is written";
}

}  // namespace
}  // namespace pleiade::reader
