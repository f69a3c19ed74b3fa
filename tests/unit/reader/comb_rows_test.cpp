#include "services/reader/comb_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <opencv2/imgproc.hpp>

#include "common/base/check.h"
#include "services/reader/combs/cell_ink.h"
#include "services/reader/digits/training/exam.h"

namespace pleiade::reader {
namespace {

using digits::CombKind;

constexpr CombKind kKinds[] = {CombKind::Boxes, CombKind::Teeth, CombKind::Bars, CombKind::Shaded};
const std::vector<int> kNirGroups = {1, 2, 2, 2, 3, 3, 2};
const std::string kNir = "255081416802538";

// Written by hand, as strokes: the same seed, the same hand.
class CombRows : public testing::Test {
  protected:
    digits::DrawnComb draw(const digits::CombDrawing& drawing) {
        return digits::draw_comb(
            drawing, [&](char figure) { return digits::write_figure(figure - '0', random_); }, random_);
    }
    // The row that stands at the comb's place and what was read in it; null when there is none.
    struct Read {
        std::optional<CombRow> row;
        CombLine line;
    };
    Read read(const digits::DrawnComb& drawn) {
        const auto rows = find_comb_rows(drawn.page);
        const auto lines = read_comb_rows(drawn.page, rows, model());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const int middle = rows[i].box.y + rows[i].box.height / 2;
            if (std::abs(middle - drawn.comb.y - drawn.comb.height / 2) < 25) return {rows[i], lines[i]};
        }
        return {};
    }
    static digits::DigitModel& model() {
        static const auto opened = digits::DigitModel::open("deploy/models/digits.model");
        PLEIADE_CHECK(opened);
        return **opened;
    }

    digits::Random random_{20261120};
};

std::string text_of(const CombLine& line) {
    std::string text;
    for (const auto& word : line.text.words) text += word.text;
    return text;
}

int differences(const std::string& a, const std::string& b) {
    if (a.size() != b.size()) return static_cast<int>(std::max(a.size(), b.size()));
    int count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
    return count;
}

// What was found and read of each kind, at either resolution, grey and bitonal, leaning.
struct Tally {
    int drawn = 0, whole = 0, figures = 0, wrong = 0;
    double share_whole() const { return static_cast<double>(whole) / drawn; }
    double share_wrong() const { return static_cast<double>(wrong) / figures; }
};

TEST_F(CombRows, OfEveryKindAreFoundCellByCellAndReadAtEitherResolutionAndLeaning) {
    std::map<CombKind, Tally> tallies;
    for (const auto kind : kKinds) {
        auto& tally = tallies[kind];
        for (const bool fine : {false, true}) {
            for (const bool bitonal : {false, true}) {
                for (const double lean : {-2.0, -0.2, 0.0, 0.2, 2.0}) {
                    const auto found = read(draw({kind, kNirGroups, kNir, false, lean, fine, bitonal}));
                    ++tally.drawn;
                    if (!found.row || found.row->cells.size() != kNir.size()) continue;
                    ++tally.whole;
                    tally.figures += static_cast<int>(kNir.size());
                    tally.wrong += differences(text_of(found.line), kNir);
                }
            }
        }
    }
    EXPECT_GE(tallies[CombKind::Boxes].share_whole(), 0.8);
    EXPECT_GE(tallies[CombKind::Teeth].share_whole(), 0.9);
    EXPECT_GE(tallies[CombKind::Bars].share_whole(), 0.9);
    // Shades are dropped by the scan or too pale: found by the steps of the writing, if it leaves room.
    EXPECT_GE(tallies[CombKind::Shaded].share_whole(), 0.15);
    for (const auto& [kind, tally] : tallies) {
        EXPECT_LE(tally.share_wrong(), 0.06) << static_cast<int>(kind);
    }
}

TEST_F(CombRows, ThatAreEmptyAreKnownAsEmpty) {
    for (const auto kind : {CombKind::Boxes, CombKind::Teeth, CombKind::Bars}) {
        const auto drawn = draw({kind, {2, 2, 4}, "", false, 0.2, false, true});
        const auto found = read(drawn);
        ASSERT_TRUE(found.row) << static_cast<int>(kind);
        EXPECT_EQ(found.row->cells.size(), 8u);
        EXPECT_TRUE(found.line.told);
        EXPECT_EQ(text_of(found.line), "");
    }
}

TEST_F(CombRows, KeepThePlaceOfABoxThatWasLeftOut) {
    const auto found = read(draw({CombKind::Boxes, {9}, "015 50000", false, 0, false, false}));
    ASSERT_TRUE(found.row);
    ASSERT_EQ(found.line.text.words.size(), 9u);
    EXPECT_EQ(found.line.text.words[3].text, "?");
    EXPECT_EQ(found.line.text.words[3].confidence, 0);
}

TEST_F(CombRows, ThatAreStruckOutAreNoValue) {
    int read_whole = 0;
    for (const auto kind : kKinds) {
        for (int again = 0; again < 5; ++again) {
            const auto found = read(draw({kind, kNirGroups, kNir, true, 0, false, again % 2 == 0}));
            const auto text = text_of(found.line);
            read_whole += text.find('?') == std::string::npos && text.size() == kNir.size() ? 1 : 0;
        }
    }
    EXPECT_EQ(read_whole, 0);
}

TEST_F(CombRows, AreNotTakenFromOrdinaryText) {
    cv::Mat page(1200, 1654, CV_8UC1, cv::Scalar(250));
    for (int line = 0; line < 8; ++line) {
        cv::putText(page, "Le patient certifie avoir paye la somme de 26,50 euros", {100, 200 + 60 * line},
                    cv::FONT_HERSHEY_DUPLEX, 0.9, cv::Scalar(20), 1 + line % 2);
    }
    for (const auto& row : find_comb_rows(page)) EXPECT_LT(row.cells.size(), 6u);
}

TEST_F(CombRows, LeaveThePageOnceTold) {
    const auto drawn = draw({CombKind::Boxes, {2, 2, 4}, "09112026", false, 0, false, true});
    const auto rows = find_comb_rows(drawn.page);
    const auto lines = read_comb_rows(drawn.page, rows, model());
    const auto cleaned = without_told(drawn.page, lines);
    EXPECT_LT(cv::countNonZero(cleaned < 128), 60);
    EXPECT_GT(cv::countNonZero(drawn.page < 128), 500) << "the page itself is not changed";
}

TEST(CombRowsUntold, TakeTheirFiguresFromTextRecognition) {
    CombLine row;
    row.box = {100, 100, 400, 50};
    std::vector<OcrLine> lines(1);
    lines[0].words = {
        {"2550814", 0.9, {110, 105, 180, 40}}, {"DUVAL", 0.9, {300, 105, 90, 40}}, {"59", 0.9, {700, 105, 30, 40}}};
    distrust_untold(lines, {row});
    EXPECT_LE(lines[0].words[0].confidence, 0.3);
    EXPECT_EQ(lines[0].words[1].confidence, 0.9) << "letters in boxes are names";
    EXPECT_EQ(lines[0].words[2].confidence, 0.9);
}

CombRow four_cells() {
    CombRow row;
    row.drawn = row.teeth = true;
    for (int i = 0; i < 4; ++i) row.cells.push_back({60 + 40 * i, 60, 40, 46});
    row.box = {60, 60, 160, 46};
    return row;
}

cv::Mat page_with_teeth() {
    cv::Mat page(200, 400, CV_8UC1, cv::Scalar(255));
    cv::line(page, {60, 106}, {220, 106}, cv::Scalar(0), 2);
    for (int i = 0; i <= 4; ++i) cv::line(page, {60 + 40 * i, 90}, {60 + 40 * i, 106}, cv::Scalar(0), 2);
    return page;
}

// A figure written across the line under its cell keeps its foot.
TEST(CellInk, KeepsAStrokeThatCrossesALineAndTakesTheLineOut) {
    cv::Mat page(200, 400, CV_8UC1, cv::Scalar(255));
    for (int i = 0; i <= 4; ++i) cv::line(page, {60 + 40 * i, 60}, {60 + 40 * i, 106}, cv::Scalar(0), 2);
    cv::line(page, {60, 106}, {220, 106}, cv::Scalar(0), 2);
    cv::line(page, {60, 60}, {220, 60}, cv::Scalar(0), 2);
    cv::line(page, {80, 68}, {80, 118}, cv::Scalar(0), 4);  // a long 1 in the first cell
    const auto inks = combs::ink_of_cells(page, four_cells());
    ASSERT_EQ(inks.size(), 4u);
    EXPECT_NEAR(inks[0].box.height, 51, 5);
    EXPECT_LE(inks[0].box.width, 9);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(inks[i].ink.empty()) << i;
}

// The bars of four 7, at the height where boxes would have a line, which a comb of teeth has not.
TEST(CellInk, KeepsHeadsThatStandAtOneHeightWhereNoLineIs) {
    cv::Mat page = page_with_teeth();
    for (int i = 0; i < 4; ++i) {
        cv::line(page, {68 + 40 * i, 60}, {90 + 40 * i, 60}, cv::Scalar(0), 3);
        cv::line(page, {90 + 40 * i, 60}, {76 + 40 * i, 98}, cv::Scalar(0), 3);
    }
    const auto inks = combs::ink_of_cells(page, four_cells());
    ASSERT_EQ(inks.size(), 4u);
    for (const auto& ink : inks) {
        EXPECT_NEAR(ink.box.width, 25, 2) << "a 7 that has lost its bar is a 1";
        EXPECT_NEAR(ink.box.height, 41, 3);
        EXPECT_FALSE(ink.cut);
    }
}

TEST(CellInk, KeepsASideThatRunsAboveAToothAndTakesTheToothOut) {
    cv::Mat page = page_with_teeth();
    cv::ellipse(page, {82, 80}, {15, 20}, 0, 0, 360, cv::Scalar(0), 3);  // a 0 that nearly touches its tooth
    cv::line(page, {142, 66}, {142, 84}, cv::Scalar(0), 3);              // over the next tooth, and ends above it
    cv::line(page, {142, 66}, {160, 66}, cv::Scalar(0), 3);
    const auto inks = combs::ink_of_cells(page, four_cells());
    ASSERT_EQ(inks.size(), 4u);
    EXPECT_NEAR(inks[0].box.width, 33, 3);
    EXPECT_NEAR(inks[0].box.height, 43, 3);
    EXPECT_TRUE(inks[1].ink.empty()) << inks[1].box.width << " x " << inks[1].box.height;
    EXPECT_NEAR(inks[2].box.width, 21, 3);
    EXPECT_NEAR(inks[2].box.height, 20, 3);
    EXPECT_TRUE(inks[3].ink.empty());
}

TEST(CellInk, KeepsAFigureTallerThanItsCellAndALetterWiderThanIt) {
    cv::Mat page = page_with_teeth();
    cv::line(page, {80, 32}, {80, 100}, cv::Scalar(0), 3);  // a 1 that rises far above
                                                            // A B 1.2 cells wide, over both borders.
    cv::rectangle(page, {136, 56}, {182, 86}, cv::Scalar(0), 3);
    cv::line(page, {136, 71}, {182, 71}, cv::Scalar(0), 3);
    cv::line(page, {148, 56}, {148, 86}, cv::Scalar(0), 3);
    const auto inks = combs::ink_of_cells(page, four_cells());
    ASSERT_EQ(inks.size(), 4u);
    EXPECT_NEAR(inks[0].box.height, 71, 3);
    EXPECT_TRUE(inks[1].ink.empty());
    EXPECT_NEAR(inks[2].box.width, 49, 3);
    EXPECT_FALSE(inks[2].cut);
    EXPECT_TRUE(inks[3].ink.empty());
}

// The cells are the characters; the neighbour's stroke that reaches into one is not of it.
TEST(CellInk, LeavesOutTheNeighboursStrokeWhereNoLinesAre) {
    cv::Mat page(200, 400, CV_8UC1, cv::Scalar(255));
    cv::line(page, {64, 100}, {104, 62}, cv::Scalar(0), 3);  // reaches over the next character
    cv::line(page, {122, 62}, {122, 100}, cv::Scalar(0), 3);
    CombRow row;
    row.cells = {{62, 60, 36, 42}, {99, 60, 26, 42}, {140, 60, 36, 42}, {180, 60, 36, 42}};
    row.box = {62, 60, 154, 42};
    const auto inks = combs::ink_of_cells(page, row);
    ASSERT_EQ(inks.size(), 4u);
    EXPECT_NEAR(inks[0].box.width, 43, 3);
    EXPECT_NEAR(inks[1].box.width, 3, 2);
    EXPECT_TRUE(inks[2].ink.empty());
}

}  // namespace
}  // namespace pleiade::reader
