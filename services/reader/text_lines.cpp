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
constexpr double kGapMax = 2.2;  // between marks of one line, in heights of the taller
constexpr int kFrameHeightMin = 20;
constexpr double kFrameDrawn = 0.8;                          // of its upper and of its lower edge
constexpr std::size_t kSideMin = 4;                          // marks that have a baseline
constexpr double kSpace = 0.5;                               // of the usual height, between words
constexpr double kStepMin = 3, kStep = 0.25, kTaller = 1.2;  // of two baselines and sizes
constexpr int kBandHeightMin = 16, kBandWidthMin = 80;       // a black band that may bear white letters

struct Piece {
    cv::Rect box;
    std::vector<int> heights;
    bool on_black = false;
    std::vector<cv::Rect> marks{};  // left to right
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

int quantile(std::vector<int> values, double share) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// Where the letters of a stretch stand and how tall they are. Half of «page» goes below its baseline, and accents stand
// above it: the baseline is looked for between both.
struct Footing {
    double bottom = 0, height = 0;
};

Footing footing_of(const std::vector<cv::Rect>& marks, std::size_t from, std::size_t to) {
    std::vector<int> bottoms, heights;
    for (std::size_t i = from; i < to; ++i) {
        bottoms.push_back(marks[i].br().y);
        heights.push_back(marks[i].height);
    }
    return {static_cast<double>(quantile(bottoms, 0.4)), median(heights)};
}

// A small label and the large answer beside it are two lines: text recognition expects one baseline and one size, and
// drops what differs. They part at the space where both sides differ most.
void part_where_the_baseline_steps(const Piece& piece, std::vector<Piece>& parts) {
    const auto& marks = piece.marks;
    std::size_t at = 0;
    double most = 0;
    int right = marks.front().br().x;
    for (std::size_t i = 1; i < marks.size(); right = std::max(right, marks[i].br().x), ++i) {
        if (i < kSideMin || marks.size() - i < kSideMin) continue;
        if (marks[i].x - right < kSpace * median(piece.heights)) continue;
        const auto before = footing_of(marks, 0, i), after = footing_of(marks, i, marks.size());
        const double tall = std::max(before.height, after.height), low = std::min(before.height, after.height);
        const double step = std::abs(before.bottom - after.bottom);
        const bool differs = step >= kStepMin && tall >= kTaller * low && step >= kStep * low;
        if (!differs || step * tall / low <= most) continue;
        most = step * tall / low;
        at = i;
    }
    if (at == 0) return parts.push_back(piece);
    for (const auto& [from, to] : {std::pair{std::size_t{0}, at}, std::pair{at, marks.size()}}) {
        Piece part{marks[from], {}, piece.on_black, {}};
        for (std::size_t i = from; i < to; ++i) {
            part.box |= marks[i];
            part.heights.push_back(marks[i].height);
            part.marks.push_back(marks[i]);
        }
        part_where_the_baseline_steps(part, parts);
    }
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
            best->marks.push_back(mark);
        } else {
            open.push_back({mark, {mark.height}, on_black, {mark}});
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
    std::vector<Piece> parts;
    for (const auto& piece : closed) part_where_the_baseline_steps(piece, parts);
    return parts;
}

// Columns that have ink in a band of the mark.
double covered(const cv::Mat& band) {
    cv::Mat columns;
    cv::reduce(band, columns, 0, cv::REDUCE_MAX);
    return static_cast<double>(cv::countNonZero(columns)) / band.cols;
}

// A box drawn around what is to be filled in; its letters are marks of their own.
bool is_frame(const cv::Mat& ink, const cv::Rect& box) {
    if (box.width < kRuleLength || box.height < kFrameHeightMin) return false;
    const int band = std::max(kRuleThick, box.width / 80);  // it may lean a little
    return covered(ink({box.x, box.y, box.width, band})) >= kFrameDrawn &&
           covered(ink({box.x, box.br().y - band, box.width, band})) >= kFrameDrawn;
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
        if (is_frame(ink, box)) continue;
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
