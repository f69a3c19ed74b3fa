#include "services/reader/loose_figures.h"

#include <algorithm>
#include <vector>

#include "common/vision/marks.h"

namespace pleiade::reader {
namespace {

constexpr int kSpeckArea = 5;
constexpr int kHeightMin = 10;         // pixels at 200 dpi: 1.3 mm
constexpr double kTall = 0.5;          // of the usual height: less is a dot, a dash or a loose stroke
constexpr double kOfOneFigure = 0.4;   // of the narrower piece's width, shared: two strokes of one figure
constexpr double kWiderThanOne = 1.2;  // times the usual height: two figures that touch, a word

int shared_width(const cv::Rect& a, const cv::Rect& b) {
    return std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
}

int usual_height(std::vector<cv::Rect> pieces) {
    std::erase_if(pieces, [](const cv::Rect& piece) { return piece.height < kHeightMin; });
    if (pieces.empty()) return 0;
    const auto middle = pieces.begin() + static_cast<std::ptrdiff_t>(pieces.size() / 2);
    std::nth_element(pieces.begin(), middle, pieces.end(),
                     [](const cv::Rect& a, const cv::Rect& b) { return a.height < b.height; });
    return middle->height;
}

// The bar of a 5 or a 7, the second stroke of a 4: they stand over or under what they belong to.
void join_strokes(std::vector<cv::Rect>& pieces) {
    std::sort(pieces.begin(), pieces.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
    for (std::size_t i = 1; i < pieces.size();) {
        auto& before = pieces[i - 1];
        if (shared_width(before, pieces[i]) >= kOfOneFigure * std::min(before.width, pieces[i].width)) {
            before |= pieces[i];
            pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            ++i;
        }
    }
}

}  // namespace

std::optional<CombRow> figures_apart(const cv::Mat& ink, const Box& line, std::size_t least, std::size_t most) {
    const cv::Rect where = cv::Rect(line.x, line.y, line.width, line.height) & cv::Rect(0, 0, ink.cols, ink.rows);
    if (where.empty()) return std::nullopt;
    std::vector<cv::Rect> pieces;
    for (const auto& mark : vision::find_marks(ink(where), kSpeckArea)) pieces.push_back(mark.box);
    const int height = usual_height(pieces);
    if (height == 0) return std::nullopt;
    join_strokes(pieces);
    std::erase_if(pieces, [&](const cv::Rect& piece) { return piece.height < kTall * height; });
    if (pieces.size() < least || pieces.size() > most) return std::nullopt;
    CombRow row;
    cv::Rect all;
    for (const auto& piece : pieces) {
        if (piece.width > kWiderThanOne * height) return std::nullopt;
        const cv::Rect placed = piece + where.tl();
        row.cells.push_back({placed.x, placed.y, placed.width, placed.height});
        all = all.empty() ? placed : all | placed;
    }
    row.box = {all.x, all.y, all.width, all.height};
    return row;
}

}  // namespace pleiade::reader
