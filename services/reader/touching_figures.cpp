#include "services/reader/touching_figures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "common/vision/marks.h"

namespace pleiade::reader {
namespace {

constexpr int kSpeckArea = 5;
constexpr int kHeightMin = 10;              // pixels: 1.3 mm
constexpr double kFlat = 0.7, kTall = 1.6;  // of the usual height: neither a dash nor a line of the form
constexpr double kWiderThanOne = 0.95;      // times the usual height
constexpr double kWidth = 0.64;             // of a figure with what joins it to the next, in heights
constexpr int kFiguresMax = 6;              // more are a word
constexpr double kAstray = 0.35;            // of a figure's width: how far from its due place a cut may be
constexpr double kAstrayCost = 0.15;        // pixels of ink that a pixel away from there is worth

int usual_height(const std::vector<vision::Mark>& marks) {
    std::vector<int> heights;
    for (const auto& mark : marks) {
        if (mark.box.height >= kHeightMin) heights.push_back(mark.box.height);
    }
    if (heights.empty()) return 0;
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::nth_element(heights.begin(), middle, heights.end());
    return *middle;
}

int thinnest_column(const cv::Mat& ink, double due, double astray) {
    int best = static_cast<int>(due);
    double least = 1e9;
    const int from = std::max(1, static_cast<int>(due - astray));
    const int to = std::min(ink.cols - 2, static_cast<int>(due + astray));
    for (int x = from; x <= to; ++x) {
        const double cost = cv::countNonZero(ink.col(x)) + kAstrayCost * std::abs(x - due);
        if (cost >= least) continue;
        least = cost;
        best = x;
    }
    return best;
}

void part(cv::Mat piece, int height) {
    const int figures = static_cast<int>(std::lround(piece.cols / (kWidth * height)));
    if (figures < 2 || figures > kFiguresMax) return;
    const double width = static_cast<double>(piece.cols) / figures;
    std::vector<int> cuts;
    for (int i = 1; i < figures; ++i) cuts.push_back(thinnest_column(piece, i * width, kAstray * width));
    for (const int x : cuts) piece.col(x).setTo(0);
}

}  // namespace

cv::Mat touching_parted(const cv::Mat& ink, const Box& where) {
    cv::Mat parted = ink.clone();
    const cv::Rect stretch = cv::Rect(where.x, where.y, where.width, where.height) & cv::Rect({0, 0}, ink.size());
    if (stretch.empty()) return parted;
    const auto marks = vision::find_marks(ink(stretch), kSpeckArea);
    const int height = usual_height(marks);
    for (const auto& mark : marks) {
        const bool figures = mark.box.height >= kFlat * height && mark.box.height <= kTall * height;
        if (figures && mark.box.width > kWiderThanOne * height) part(parted(mark.box + stretch.tl()), height);
    }
    return parted;
}

}  // namespace pleiade::reader
