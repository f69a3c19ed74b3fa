// A number on a line without boxes, cut into its characters; and what is no such number.
#include "services/reader/loose_figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "services/reader/touching_figures.h"

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
    Writing& tooth() {
        cv::line(ink_, {x_, 66}, {x_, 94}, cv::Scalar(255), 2);
        x_ += 8;
        return *this;
    }
    // What is left of the lower edge of a box, under the figure before and beyond it.
    Writing& rule() {
        cv::line(ink_, {x_ - 30, 101}, {x_ + 8, 101}, cv::Scalar(255), 2);
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
    std::vector<CombRow> cut() const { return figures_apart(ink_, kLine, 13, 15); }
    std::vector<CombRow> cut_where_they_touch() const {
        return figures_apart(touching_parted(ink_, kLine), kLine, 13, 15);
    }
    // A stretch of a comb's line with the teeth that hang together with it, around the figures that were written last.
    Writing& comb_line(int figures) {
        const int left = x_ - figures * (kWidth + 8) - 5;
        cv::line(ink_, {left, 102}, {x_ - 12, 102}, cv::Scalar(255), 1);
        cv::line(ink_, {left, 66}, {left, 102}, cv::Scalar(255), 1);
        return *this;
    }
    Writing& frame() {
        cv::rectangle(ink_, {45, 52}, {930, 108}, cv::Scalar(255), 2);
        return *this;
    }
    Writing& line_above() {
        for (int x = 60; x < 700; x += 14) cv::rectangle(ink_, cv::Rect(x, 52, 8, 9), cv::Scalar(255), 1);
        return *this;
    }

  private:
    cv::Mat ink_ = cv::Mat::zeros(160, 1000, CV_8UC1);
    int x_ = 60;
};

TEST(LooseFigures, OnePieceIsOneCharacterAndDashesAreNone) {
    Writing nir;
    nir.figures(1).space().figures(2).space().figures(2).dash().figures(2).space().figures(3).space().figures(3);
    nir.space().figures(2);
    const auto rows = nir.cut();
    ASSERT_EQ(rows.size(), 1U);
    const auto& cells = rows[0].cells;
    ASSERT_EQ(cells.size(), 15U);
    EXPECT_FALSE(rows[0].drawn);
    for (std::size_t i = 1; i < cells.size(); ++i) EXPECT_GT(cells[i].x, cells[i - 1].x);
    EXPECT_NEAR(cells[0].height, kHeight, 5);
    EXPECT_GE(cells[0].x, kLine.x) << "in pixels of the page";
}

TEST(LooseFigures, StrokesOverEachOtherAreOneFigure) {
    Writing nir;
    nir.figures(7).five().figures(3).five().figures(3);
    const auto rows = nir.cut();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].cells.size(), 15U);
}

TEST(LooseFigures, FiguresThatTouchAreLeftToTextRecognition) {
    Writing nir;
    nir.figures(10).touching(3).figures(2);
    EXPECT_TRUE(nir.cut().empty());
}

TEST(LooseFigures, FiguresThatTouchArePartedForWhoCanProveTheNumber) {
    Writing nir;
    nir.figures(10).touching(3).figures(2);
    const auto rows = nir.cut_where_they_touch();
    ASSERT_EQ(rows.size(), 1U);
    ASSERT_EQ(rows[0].cells.size(), 15U);
    for (const auto& cell : rows[0].cells) EXPECT_NEAR(cell.width, kWidth, 10);
    ASSERT_EQ(Writing().figures(15).cut_where_they_touch().size(), 1U);
    EXPECT_EQ(Writing().figures(15).cut_where_they_touch()[0].cells.size(), 15U) << "what stands apart stays whole";
}

TEST(LooseFigures, StandInTheGroupsOfANirOrDoNot) {
    Writing nir;
    nir.figures(1).space().figures(2).space().figures(2).space().figures(2).space().figures(3).space().figures(3);
    nir.space().figures(2);
    ASSERT_EQ(nir.cut().size(), 1U);
    EXPECT_TRUE(stands_in_groups_of_a_nir(nir.cut()[0]));
    EXPECT_FALSE(stands_in_groups_of_a_nir(Writing().figures(15).cut()[0])) << "no groups";
    EXPECT_FALSE(stands_in_groups_of_a_nir(Writing().figures(2).space().figures(13).cut()[0])) << "others";
    EXPECT_FALSE(stands_in_groups_of_a_nir(Writing().figures(13).cut()[0])) << "too few";
}

TEST(LooseFigures, StandApartFromACombWhoseLineIsInPieces) {
    Writing nir;
    for (int i = 0; i < 5; ++i) nir.space().figures(3).comb_line(3);
    const auto rows = nir.cut();
    ASSERT_EQ(rows.size(), 1U);
    ASSERT_EQ(rows[0].cells.size(), 15U);
    for (const auto& cell : rows[0].cells) EXPECT_LT(cell.width, 22);
}

TEST(LooseFigures, LinesOfTheFormAndTheLabelAboveAreNone) {
    Writing nir;
    nir.frame().line_above().figures(15);
    const auto rows = nir.cut();
    ASSERT_FALSE(rows.empty());
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(),
                            [](const CombRow& row) { return row.cells.size() == 15 && row.cells[0].height > 25; }));
}

TEST(LooseFigures, ALineWithTooFewIsNoSuchNumberAndOfALongOneTheBeginningIs) {
    EXPECT_TRUE(Writing().figures(12).cut().empty());
    EXPECT_TRUE(Writing().cut().empty()) << "nothing is written";
    ASSERT_EQ(Writing().figures(24).cut().size(), 1U);
    EXPECT_EQ(Writing().figures(24).cut()[0].cells.size(), 15U);
    EXPECT_EQ(Writing().figures(24).cut()[0].cells[0].x, Writing().figures(15).cut()[0].cells[0].x);
}

OcrLine read_as(const std::string& characters) {
    OcrLine line;
    for (const char c : characters) line.words.push_back({std::string(1, c), 1, {}});
    return line;
}

TEST(LooseFigures, TeethAsTallAsFiguresGo) {
    Writing nir;
    nir.figures(7).tooth().figures(5).tooth().figures(3);
    const auto rows = nir.cut();
    ASSERT_EQ(rows.size(), 1U);
    ASSERT_EQ(rows[0].cells.size(), 15U);
    for (const auto& cell : rows[0].cells) EXPECT_GT(cell.width, 10);
}

TEST(LooseFigures, StandApartFromTheirBoxesThatAScanHasTakenToPieces) {
    Writing nir;
    for (int i = 0; i < 15; ++i) nir.tooth().figures(1).rule();
    const auto rows = nir.cut();
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const CombRow& row) {
        return row.cells.size() == 15 &&
               std::all_of(row.cells.begin(), row.cells.end(), [](const Box& cell) { return cell.width > 10; });
    }));
}

TEST(LooseFigures, AreANumberOnlyWhenTheKeyHolds) {
    EXPECT_TRUE(is_person_number(read_as("255081416802538")));
    EXPECT_FALSE(is_person_number(read_as("255081416802539")));
    EXPECT_FALSE(is_person_number(read_as("2550814168025?8")));
    EXPECT_FALSE(is_person_number(read_as("2550814168025"))) << "without a key nothing shows a wrong cut";
    EXPECT_FALSE(is_person_number({}));
}

}  // namespace
}  // namespace pleiade::reader
