#include "services/reader/text_lines.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "common/vision/marks.h"
#include "services/reader/leaders.h"

namespace pleiade::reader {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kInkDark = 175;       // titles are printed in grey or in pale colours too
constexpr int kDotArea = 2;         // of a dotted line
constexpr int kMarkArea = 5;        // of anything else
constexpr int kMarkMin = 4;         // smaller are dots and dust: no line begins with them
constexpr int kMarkHeightMax = 90;  // 11 mm
constexpr int kRuleLength = 90;     // flat and long: a rule
constexpr int kRuleThick = 6;
constexpr double kGapMax = 2.2;                         // between marks of one line, in heights of the taller
constexpr int kBandHeightMin = 16, kBandWidthMin = 80;  // a black band that may bear white letters

struct Piece {
    cv::Rect box;
    std::vector<int> heights;
    bool on_black = false;
};

bool same_line(const cv::Rect& line, const cv::Rect& mark, double usual) {
    const int overlap = std::min(line.br().y, mark.br().y) - std::max(line.y, mark.y);
    return overlap > 0.4 * std::min({line.height, mark.height, static_cast<int>(usual * 2)});
}

double median(std::vector<int> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Left to right: each mark joins the line whose end is near, at its height.
std::vector<Piece> joined(std::vector<cv::Rect> marks, bool on_black) {
    std::sort(marks.begin(), marks.end(),
              [](const cv::Rect& a, const cv::Rect& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<Piece> open, closed;
    for (const auto& mark : marks) {
        Piece* best = nullptr;
        int best_overlap = 0;
        for (auto& piece : open) {
            const double usual = median(piece.heights);
            const int gap = mark.x - piece.box.br().x;
            if (gap > kGapMax * std::max<double>(usual, mark.height)) continue;
            // The last letters say where the line runs: a page may still lean a little.
            if (!same_line(piece.box, mark, usual) || mark.height > 3.2 * usual + 4 || usual > 3.2 * mark.height + 14)
                continue;
            const int overlap = std::min(piece.box.br().y, mark.br().y) - std::max(piece.box.y, mark.y);
            if (overlap > best_overlap) {
                best_overlap = overlap;
                best = &piece;
            }
        }
        if (best != nullptr) {
            best->box |= mark;
            best->heights.push_back(mark.height);
        } else {
            open.push_back({mark, {mark.height}, on_black});
        }
        // What ends far to the left takes nothing more.
        for (std::size_t i = 0; i < open.size();) {
            if (mark.x - open[i].box.br().x > 220) {
                closed.push_back(std::move(open[i]));
                open[i] = std::move(open.back());
                open.pop_back();
            } else {
                ++i;
            }
        }
    }
    std::move(open.begin(), open.end(), std::back_inserter(closed));
    return closed;
}

}  // namespace

std::vector<TextLine> find_text_lines(const cv::Mat& upright, std::vector<cv::Rect>* dots) {
    cv::Mat ink;
    cv::threshold(upright, ink, kInkDark, 255, cv::THRESH_BINARY_INV);
    std::vector<cv::Rect> letters, white_letters, small;
    for (const auto& mark : vision::find_marks(ink, kDotArea)) {
        const auto& box = mark.box;
        if (box.height <= kRuleThick) small.push_back(box);
        if (mark.area < kMarkArea) continue;
        const bool filled = mark.area > 0.55 * box.area();
        if (filled && box.height >= kBandHeightMin && box.width >= kBandWidthMin && box.height <= 2 * kMarkHeightMax) {
            cv::Mat white;
            cv::bitwise_not(ink(box), white);
            for (const auto& inner : vision::find_marks(white, 5)) {
                const cv::Rect placed(inner.box.x + box.x, inner.box.y + box.y, inner.box.width, inner.box.height);
                if (placed.height < box.height && placed.height >= kMarkMin && placed.width < kRuleLength)
                    white_letters.push_back(placed);
            }
            continue;
        }
        const bool rule = (box.width >= kRuleLength && box.height <= kRuleThick) || box.width > 8 * kRuleLength ||
                          (box.height >= kRuleLength / 2 && box.width <= kRuleThick);
        if (rule || box.height > kMarkHeightMax || std::max(box.height, box.width) < kMarkMin) continue;
        letters.push_back(box);
    }
    const auto leaders = leader_dots(small);
    if (dots != nullptr) *dots = leaders;
    const auto is_dot = [&](const cv::Rect& mark) {
        return mark.height <= kRuleThick && std::find(leaders.begin(), leaders.end(), mark) != leaders.end();
    };
    if (!leaders.empty()) std::erase_if(letters, is_dot);
    std::vector<TextLine> lines;
    for (const bool on_black : {false, true}) {
        for (const auto& piece : joined(on_black ? white_letters : letters, on_black)) {
            if (piece.heights.size() < 2 && piece.box.width < 2 * piece.box.height) continue;
            TextLine line;
            line.box = {piece.box.x, piece.box.y, piece.box.width, piece.box.height};
            line.letter_height = median(piece.heights);
            line.marks = static_cast<int>(piece.heights.size());
            line.on_black = on_black;
            if (line.letter_height < 6) continue;
            lines.push_back(line);
        }
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const TextLine& a, const TextLine& b) { return a.box.y < b.box.y; });
    return lines;
}

}  // namespace pleiade::reader
