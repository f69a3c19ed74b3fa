#include "services/reader/comb_rows.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace pleiade::reader {
namespace {

constexpr int kPitch = 40;  // 5 mm at 200 dpi
const std::string kNir = "255081416802538";

enum class Drawn { Bare, Teeth, Boxes, Shaded };

cv::Mat paper() {
    return cv::Mat(1200, 1654, CV_8UC1, cv::Scalar(250));
}

// Writes one character per cell, with what the form has drawn around it.
void draw_comb(cv::Mat& page, const std::string& text, int x, int bottom, Drawn drawn) {
    const int right = x + kPitch * static_cast<int>(text.size());
    if (drawn == Drawn::Shaded) {
        cv::rectangle(page, {x - 4, bottom - 44}, {right + 4, bottom + 4}, cv::Scalar(215), cv::FILLED);
    }
    if (drawn == Drawn::Teeth || drawn == Drawn::Boxes) cv::line(page, {x, bottom}, {right, bottom}, cv::Scalar(0), 2);
    if (drawn == Drawn::Boxes) cv::line(page, {x, bottom - 44}, {right, bottom - 44}, cv::Scalar(0), 2);
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const int at = x + kPitch * static_cast<int>(i);
        if (drawn == Drawn::Teeth) cv::line(page, {at, bottom - 14}, {at, bottom}, cv::Scalar(0), 2);
        if (drawn == Drawn::Boxes) cv::line(page, {at, bottom - 44}, {at, bottom}, cv::Scalar(0), 2);
        if (i == text.size()) continue;
        if (drawn == Drawn::Shaded) {
            cv::rectangle(page, {at + 3, bottom - 40}, {at + kPitch - 3, bottom}, cv::Scalar(250), cv::FILLED);
        }
        cv::putText(page, text.substr(i, 1), {at + 11, bottom - 10}, cv::FONT_HERSHEY_SIMPLEX, 0.9, cv::Scalar(20), 2);
    }
}

// Says one text, whatever it is shown.
class FixedEngine final : public OcrEngine {
  public:
    explicit FixedEngine(std::string text) : text_(std::move(text)) {}
    Result<std::vector<OcrLine>> read(const cv::Mat& image, double, OcrLayout layout,
                                      const std::function<bool()>&) override {
        layouts.push_back(layout);
        OcrLine line;
        line.words.push_back({text_, 0.9, {0, 0, image.cols, image.rows}});
        return std::vector<OcrLine>{line};
    }
    std::vector<OcrLayout> layouts;

  private:
    std::string text_;
};

bool always() {
    return true;
}

class CombRowsDrawn : public testing::TestWithParam<Drawn> {};

TEST_P(CombRowsDrawn, AreFoundWhateverTheFormDrawsAroundThem) {
    auto page = paper();
    draw_comb(page, kNir, 200, 400, GetParam());
    const auto rows = find_comb_rows(page);
    ASSERT_EQ(rows.size(), 1u);
    ASSERT_EQ(rows[0].cells.size(), kNir.size());
    for (std::size_t i = 0; i < kNir.size(); ++i) {
        const int middle = rows[0].cells[i].x + rows[0].cells[i].width / 2;
        EXPECT_NEAR(middle, 200 + kPitch * static_cast<int>(i) + kPitch / 2, kPitch / 2) << "character " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(EveryForm, CombRowsDrawn,
                         testing::Values(Drawn::Bare, Drawn::Teeth, Drawn::Boxes, Drawn::Shaded));

TEST(CombRows, AreNotTakenFromOrdinaryText) {
    auto page = paper();
    for (int line = 0; line < 8; ++line) {
        cv::putText(page, "Le patient certifie avoir paye la somme de 26,50 euros", {100, 200 + 60 * line},
                    cv::FONT_HERSHEY_DUPLEX, 0.9, cv::Scalar(20), 1 + line % 2);
    }
    for (const auto& row : find_comb_rows(page)) EXPECT_LT(row.cells.size(), 5u);
}

TEST(CombRows, AreReadOneWordPerCharacterAtItsPlace) {
    auto page = paper();
    draw_comb(page, kNir, 200, 400, Drawn::Teeth);
    FixedEngine engine(kNir);
    const auto rows = find_comb_rows(page);
    const auto lines = read_comb_rows(page, rows, engine, always);
    ASSERT_TRUE(lines);
    ASSERT_EQ(lines->size(), 1u);
    EXPECT_TRUE(lines->front().told);
    ASSERT_EQ(lines->front().text.words.size(), kNir.size());
    for (std::size_t i = 0; i < kNir.size(); ++i) {
        EXPECT_EQ(lines->front().text.words[i].text, kNir.substr(i, 1));
        EXPECT_EQ(lines->front().text.words[i].box, rows[0].cells[i]);
    }
    EXPECT_EQ(engine.layouts, std::vector<OcrLayout>{OcrLayout::Figures});
}

TEST(CombRows, SayThatSomethingIsWrittenWhenItCannotBeTold) {
    auto page = paper();
    draw_comb(page, kNir, 200, 400, Drawn::Teeth);
    FixedEngine engine("2550814");  // some characters ran together
    const auto lines = read_comb_rows(page, find_comb_rows(page), engine, always);
    ASSERT_TRUE(lines);
    ASSERT_EQ(lines->size(), 1u);
    EXPECT_FALSE(lines->front().told);
    for (const auto& word : lines->front().text.words) {
        EXPECT_EQ(word.text, "?");
        EXPECT_EQ(word.confidence, 0);
    }
    EXPECT_EQ(without_told(page, *lines).data, page.data) << "what was not told stays for the rest of the recognition";
}

TEST(CombRows, LeaveThePageOnceTold) {
    auto page = paper();
    draw_comb(page, kNir, 200, 400, Drawn::Bare);
    FixedEngine engine(kNir);
    const auto lines = read_comb_rows(page, find_comb_rows(page), engine, always);
    ASSERT_TRUE(lines);
    const auto cleaned = without_told(page, *lines);
    EXPECT_EQ(cv::countNonZero(cleaned < 128), 0);
    EXPECT_GT(cv::countNonZero(page < 128), 0) << "the page itself is not changed";
}

}  // namespace
}  // namespace pleiade::reader
