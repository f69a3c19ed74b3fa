#include "services/reader/tick_boxes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "common/vision/marks.h"

namespace pleiade::reader {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kSideMin = 17, kSideMax = 52;
constexpr int kEdgeMin = 13;   // a level stroke that long is no part of a letter
constexpr int kEdgeThick = 9;  // thicker is a bar, or a box that was blackened
constexpr int kStrip = 5;      // of a thicker one, looked at
constexpr int kCorner = 4;
constexpr int kGap = 5;              // that noise leaves in an edge
constexpr int kAskew = 14;           // a stroke that leaves through a corner makes an edge longer
constexpr int kBesideEdge = 3;       // a scan bends lines
constexpr double kSquare = 0.72;     // the shorter side, at least, of the longer one
constexpr double kEdgeWhole = 0.75;  // of an edge that is inked
constexpr int kRingPoints = 48;      // of a circle, looked at
constexpr double kRingWhole = 0.92;  // of them inked
constexpr double kSolid = 0.7;       // of its box that is ink
constexpr int kOwnLine = 9;          // width of what is taken out around an edge
constexpr int kAround = 2;           // a box's own strokes touch it
constexpr double kReach = 3;         // times its side: how far a stroke through it is followed

bool is_side(int pixels) {
    return pixels >= kSideMin && pixels <= kSideMax;
}
bool is_square(const cv::Rect& box) {
    return is_side(box.width) && is_side(box.height) &&
           std::min(box.width, box.height) >= kSquare * std::max(box.width, box.height);
}

// Share of the heights from `top` to `bottom` at which there is ink near `x`.
double inked_down(const cv::Mat& ink, int x, int top, int bottom) {
    const int left = std::max(0, x - kBesideEdge), right = std::min(ink.cols, x + kBesideEdge + 1);
    if (left >= right || bottom <= top) return 0;
    int inked = 0;
    for (int y = top; y < bottom; ++y) {
        const auto* row = ink.ptr<std::uint8_t>(y);
        inked += std::any_of(row + left, row + right, [](std::uint8_t pixel) { return pixel != 0; }) ? 1 : 0;
    }
    return static_cast<double>(inked) / (bottom - top);
}

bool is_solid(const cv::Mat& ink, const cv::Rect& box) {
    return cv::countNonZero(ink(box)) > kSolid * box.area();
}

std::vector<cv::Rect> level_edges(const cv::Mat& ink) {
    cv::Mat edges;
    cv::dilate(ink, edges, cv::getStructuringElement(cv::MORPH_RECT, {1, 3}));  // a line that leans is still one
    cv::morphologyEx(edges, edges, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {kGap, 1}));
    cv::morphologyEx(edges, edges, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {kEdgeMin, 1}));
    std::vector<cv::Rect> found;
    for (const auto& [box, area] : vision::find_marks(edges, kEdgeMin)) {
        if (box.width > kSideMax + kAskew) continue;
        if (box.height <= kEdgeThick || is_solid(ink, box)) {
            found.push_back(box);
        } else {  // an edge, and strokes that cross near it
            found.push_back({box.x, box.y, box.width, kStrip});
            found.push_back({box.x, box.br().y - kStrip, box.width, kStrip});
        }
    }
    std::sort(found.begin(), found.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.y < b.y; });
    return found;
}

// The box between two level edges, if uprights join them.
std::optional<cv::Rect> box_between(const cv::Mat& ink, const cv::Rect& top, const cv::Rect& bottom) {
    const int at_left = std::abs(top.x - bottom.x), at_right = std::abs(top.br().x - bottom.br().x);
    if (std::min(at_left, at_right) > kBesideEdge || std::max(at_left, at_right) > kAskew) return std::nullopt;
    const int left = std::max(top.x, bottom.x), right = std::min(top.br().x, bottom.br().x);
    const cv::Rect box(left, top.y, right - left, bottom.br().y - top.y);
    if (!is_square(box)) return std::nullopt;
    for (const int x : {left + 1, right - 2}) {
        if (inked_down(ink, x, box.y, box.br().y) < kEdgeWhole) return std::nullopt;
    }
    return box;
}

bool has_corners(const cv::Mat& ink, const cv::Rect& box) {
    const int x = box.br().x - kCorner, y = box.br().y - kCorner;
    int inked = 0;
    for (const auto corner : {box.tl(), cv::Point(x, box.y), cv::Point(box.x, y), cv::Point(x, y)})
        inked += cv::countNonZero(ink(cv::Rect(corner, cv::Size(kCorner, kCorner)))) > 0 ? 1 : 0;
    return inked > 2;
}

bool is_ring(const cv::Mat& ink, const cv::Rect& box) {
    if (has_corners(ink, box)) return false;
    const double across = box.width / 2.0 - 1, down = box.height / 2.0 - 1;
    int inked = 0;
    for (int i = 0; i < kRingPoints; ++i) {
        const double angle = 2 * std::numbers::pi * i / kRingPoints;
        bool met = false;
        for (int inwards = -1; inwards <= kBesideEdge && !met; ++inwards) {
            const cv::Point at(static_cast<int>(box.x + box.width / 2.0 + (across - inwards) * std::cos(angle)),
                               static_cast<int>(box.y + box.height / 2.0 + (down - inwards) * std::sin(angle)));
            met = cv::Rect(0, 0, ink.cols, ink.rows).contains(at) && ink.at<std::uint8_t>(at) != 0;
        }
        inked += met ? 1 : 0;
    }
    return inked >= kRingWhole * kRingPoints;
}

bool overlaps_any(const cv::Rect& box, const std::vector<TickBox>& others) {
    return std::any_of(others.begin(), others.end(),
                       [&](const TickBox& other) { return 4 * (box & other.box).area() > box.area(); });
}

void find_squares(const cv::Mat& ink, std::vector<TickBox>& found) {
    const auto edges = level_edges(ink);
    for (auto top = edges.begin(); top != edges.end(); ++top) {
        if (top->height > kEdgeThick) {  // blackened: one block
            if (is_square(*top) && !overlaps_any(*top, found)) found.push_back({*top, false, true});
            continue;
        }
        std::optional<cv::Rect> largest;  // the strokes of a tick make edges within it
        for (auto bottom = std::next(top); bottom != edges.end() && bottom->y - top->y <= kSideMax; ++bottom) {
            if (bottom->height > kEdgeThick) continue;
            if (const auto box = box_between(ink, *top, *bottom)) largest = box;
        }
        if (largest && !overlaps_any(*largest, found)) found.push_back({*largest});
    }
}

void find_circles(const cv::Mat& ink, std::vector<TickBox>& found) {
    for (const auto& mark : vision::find_marks(ink, kSideMin)) {
        if (is_square(mark.box) && !is_solid(ink, mark.box) && !overlaps_any(mark.box, found) && is_ring(ink, mark.box))
            found.push_back({mark.box, true, false});
    }
}

}  // namespace

std::vector<TickBox> find_tick_boxes(const cv::Mat& ink) {
    std::vector<TickBox> found;
    find_circles(ink, found);
    find_squares(ink, found);
    return found;
}

cv::Mat ink_in(const cv::Mat& ink, const std::vector<TickBox>& boxes) {
    cv::Mat added(ink.size(), CV_8UC1, cv::Scalar(0));
    const cv::Rect all(0, 0, ink.cols, ink.rows);
    for (const auto& [box, round, black] : boxes) {
        const int far = static_cast<int>(kReach * box.width);
        const cv::Rect reach = cv::Rect(box.x - far, box.y - far, box.width + 2 * far, box.height + 2 * far) & all;
        const cv::Rect own =
            cv::Rect(box.x - kAround, box.y - kAround, box.width + 2 * kAround, box.height + 2 * kAround) & all;
        cv::Mat pieces;
        const int count = cv::connectedComponents(ink(reach), pieces, 8, CV_32S);
        std::vector<bool> touches(static_cast<std::size_t>(count), false);
        const cv::Mat within = pieces(own - reach.tl());
        for (int y = 0; y < within.rows; ++y) {
            for (int x = 0; x < within.cols; ++x) touches[static_cast<std::size_t>(within.at<int>(y, x))] = true;
        }
        touches[0] = false;  // paper
        for (int y = 0; y < pieces.rows; ++y) {
            auto* row = added.ptr<std::uint8_t>(reach.y + y) + reach.x;
            for (int x = 0; x < pieces.cols; ++x) {
                if (touches[static_cast<std::size_t>(pieces.at<int>(y, x))]) row[x] = 255;
            }
        }
    }
    for (const auto& [box, round, black] : boxes) {
        const cv::Rect middle(box.x + 1, box.y + 1, box.width - 2, box.height - 2);  // of its line
        if (round) {
            cv::ellipse(added, {cv::Point2f(middle.tl() + middle.br()) / 2, cv::Size2f(middle.size()), 0},
                        cv::Scalar(0), kOwnLine);
        } else {
            cv::rectangle(added, middle, cv::Scalar(0), kOwnLine);
        }
    }
    return added;
}

}  // namespace pleiade::reader
