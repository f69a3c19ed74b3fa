#include "common/vision/soil.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <map>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "common/vision/sketch.h"

namespace pleiade::vision {
namespace {

double mm(double millimetres) {
    return PageSketch::pixels(millimetres);
}

int longer_side(const Mark& mark) {
    return std::max(mark.box.width, mark.box.height);
}
int shorter_side(const Mark& mark) {
    return std::min(mark.box.width, mark.box.height);
}

// How far the box stands from the nearest edge of the page.
int distance_to_edge(const cv::Rect& box, cv::Size page) {
    return std::min({box.x, box.y, page.width - box.br().x, page.height - box.br().y});
}

// Lid, bent corner, black border: they come from outside. A stroke that merely ends there is kept if it reaches well
// into the page.
bool is_border(const Mark& mark, cv::Size page) {
    if (distance_to_edge(mark.box, page) >= mm(1)) return false;
    const cv::Rect inner(int(mm(15)), int(mm(15)), std::max(0, page.width - int(mm(30))),
                         std::max(0, page.height - int(mm(30))));
    return (mark.box & inner).area() < int(mm(5) * mm(5)) ||
           longer_side(mark) > std::max(page.width, page.height) * 9 / 10;
}

bool lies_along_an_edge(const Mark& mark, cv::Size page) {
    const cv::Rect inside(int(mm(8)), int(mm(8)), std::max(0, page.width - int(mm(16))),
                          std::max(0, page.height - int(mm(16))));
    return (mark.box & inside).empty();
}

// A mark as the bar that has its moments: whatever else stands in its box only makes it thicker.
struct Bar {
    double length, thickness;
    double tilt_degrees;  // against the nearer of the page's axes
    cv::Point2d middle;   // in the box
    cv::Point2d across;   // the bar's normal
};

Bar as_bar(const cv::Mat& ink, const Mark& mark) {
    const cv::Moments m = cv::moments(ink(mark.box), true);
    const double a = m.mu20 / m.m00 + 1.0 / 12, b = m.mu11 / m.m00, c = m.mu02 / m.m00 + 1.0 / 12;
    const double half = (a + c) / 2, turn = std::hypot((a - c) / 2, b);
    const double angle = std::atan2(2 * b, a - c) / 2;
    const double from_rows = std::abs(angle) * 180 / CV_PI;
    return {std::sqrt(12 * (half + turn)),
            std::sqrt(12 * std::max(0.0, half - turn)),
            std::min(from_rows, std::abs(90 - from_rows)),
            {m.m10 / m.m00, m.m01 / m.m00},
            {-std::sin(angle), std::cos(angle)}};
}

// Ink of the box that stands off the bar, as long as it is not the ink of another mark, which is judged by itself.
int ink_beside(const cv::Mat& ink, const std::vector<Mark>& marks, const Mark& mark, const Bar& bar) {
    const cv::Mat here = ink(mark.box);
    const double far = mm(1);
    int beside = 0;
    for (int y = 0; y < here.rows; ++y) {
        const std::uint8_t* row = here.ptr(y);
        for (int x = 0; x < here.cols; ++x) {
            if (row[x] && std::abs((x - bar.middle.x) * bar.across.x + (y - bar.middle.y) * bar.across.y) > far)
                ++beside;
        }
    }
    for (const Mark& other : marks) {
        if (&other != &mark && (other.box & mark.box) == other.box) beside -= other.area;
    }
    return beside;
}

// A fold or a streak of the glass: straight, thin, nearly along the page. What is longer may be wider and lean more.
bool is_crease(const cv::Mat& ink, const std::vector<Mark>& marks, const Mark& mark, const Bar& bar) {
    if (shorter_side(mark) < mm(1.5) && longer_side(mark) > mm(12)) return true;
    return bar.length > mm(40) && bar.thickness < mm(1.5) && bar.tilt_degrees < 4 &&
           ink_beside(ink, marks, mark, bar) < mm(0.7) * mm(0.7);
}

// What a staple leaves: a thin straight bar near a corner, at any angle.
bool is_staple(const Mark& mark, const Bar& bar, cv::Size page) {
    const int side = std::min(mark.box.x, page.width - mark.box.br().x);
    const int end = std::min(mark.box.y, page.height - mark.box.br().y);
    return bar.length > mm(5) && bar.length < mm(15) && bar.thickness < mm(1.2) && side < mm(25) && end < mm(25);
}

bool is_punch_hole(const Mark& mark, cv::Size page) {
    const auto [w, h] = mark.box.size();
    const bool round = w * 3 < h * 4 && h * 3 < w * 4;
    const double fill = mark.area / double(w * h);
    return round && shorter_side(mark) > mm(3.5) && longer_side(mark) < mm(9) && fill > 0.12 &&
           distance_to_edge(mark.box, page) < mm(22);
}

cv::Rect grown(const cv::Rect& box, double millimetres) {
    const int by = static_cast<int>(mm(millimetres));
    return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

cv::Point middle(const cv::Rect& box) {
    return {box.x + box.width / 2, box.y + box.height / 2};
}

// Of a hole, a grey scan may show a crescent or two of rim only. The place of the marks that stand together with this
// one, when they are no larger than a hole and alone.
std::optional<cv::Rect> lone_spot(const std::vector<Mark>& marks, const Mark& mark) {
    cv::Rect spot = mark.box;
    for (const Mark& other : marks) {
        if ((grown(mark.box, 5) & other.box) == other.box) spot |= other.box;
    }
    if (std::max(spot.width, spot.height) > mm(8)) return std::nullopt;
    for (const Mark& other : marks) {
        if (longer_side(other) > mm(1) && !(grown(spot, 8) & other.box).empty() && (spot & other.box) != other.box) {
            return std::nullopt;
        }
    }
    return spot;
}

// ISO 838: holes are 6 mm wide, their middles 12 mm from the edge and 80 mm apart.
bool are_a_pair_of_holes(const cv::Rect& a, const cv::Rect& b, cv::Size page) {
    const cv::Point between = middle(a) - middle(b);
    const bool upright = std::abs(between.y) > std::abs(between.x);
    const int along = upright ? std::abs(between.y) : std::abs(between.x);
    const int across = upright ? std::abs(between.x) : std::abs(between.y);
    const auto at_distance = [&](const cv::Rect& hole) {
        const cv::Point at = middle(hole);
        const int far = upright ? std::min(at.x, page.width - at.x) : std::min(at.y, page.height - at.y);
        return far > mm(6) && far < mm(18);
    };
    return std::abs(along - mm(80)) < mm(4) && across < mm(4) && at_distance(a) && at_distance(b);
}

std::vector<cv::Rect> lone_spots_near_edges(const std::vector<Mark>& marks, cv::Size page) {
    std::vector<cv::Rect> spots;
    for (const Mark& mark : marks) {
        if (longer_side(mark) < mm(1.5) || longer_side(mark) > mm(8) || distance_to_edge(mark.box, page) > mm(18)) {
            continue;
        }
        if (const auto spot = lone_spot(marks, mark)) spots.push_back(*spot);
    }
    return spots;
}

// A shallow fold shows as a row of dashes. Those of `marks` that lie on one straight line across the page, if there is
// one: nobody writes so thin and so straight.
std::vector<bool> on_broken_crease(const std::vector<Mark>& marks, cv::Size page) {
    constexpr double kLeanMax = 0.035, kLeanStep = 0.0015;  // 2 degrees, in steps of 0.3 mm across a page
    std::vector<bool> on_line(marks.size(), false);
    for (const bool level : {true, false}) {
        const double side = level ? page.width : page.height;
        const auto length = [&](const Mark& mark) { return level ? mark.box.width : mark.box.height; };
        const auto depth = [&](const Mark& mark) { return level ? mark.box.height : mark.box.width; };
        const auto along = [&](const Mark& mark) { return level ? middle(mark.box).x : middle(mark.box).y; };
        const auto across = [&](const Mark& mark) { return level ? middle(mark.box).y : middle(mark.box).x; };
        std::vector<std::size_t> dashes;
        for (std::size_t i = 0; i < marks.size(); ++i) {
            if (depth(marks[i]) < mm(1) && length(marks[i]) >= depth(marks[i])) dashes.push_back(i);
        }
        for (double lean = -kLeanMax; lean <= kLeanMax; lean += kLeanStep) {
            struct Line {
                int covered = 0, first = INT_MAX, last = 0;
            };
            std::map<int, Line> lines;
            const auto slot = [&](std::size_t i) {
                return static_cast<int>(std::lround((across(marks[i]) - lean * along(marks[i])) / mm(0.7)));
            };
            for (const std::size_t i : dashes) {
                Line& line = lines[slot(i)];
                line.covered += length(marks[i]);
                line.first = std::min(line.first, along(marks[i]));
                line.last = std::max(line.last, along(marks[i]));
            }
            for (const std::size_t i : dashes) {
                const Line& line = lines[slot(i)];
                if (line.covered > side / 4 && line.last - line.first > side * 0.6) on_line[i] = true;
            }
        }
    }
    return on_line;
}

}  // namespace

std::vector<Mark> without_soil(const cv::Mat& ink, const std::vector<Mark>& marks) {
    const cv::Size page = ink.size();
    std::vector<Mark> inner;
    for (const Mark& mark : marks) {
        if (!is_border(mark, page) && !lies_along_an_edge(mark, page)) inner.push_back(mark);
    }
    const std::vector<bool> crease_parts = on_broken_crease(inner, page);
    std::vector<Mark> left, round;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const Mark& mark = inner[i];
        if (crease_parts[i]) continue;
        if (is_punch_hole(mark, page)) {
            round.push_back(mark);
            continue;
        }
        if (longer_side(mark) > mm(4)) {
            const Bar bar = as_bar(ink, mark);
            if (is_crease(ink, inner, mark, bar) || is_staple(mark, bar, page)) continue;
        }
        left.push_back(mark);
    }
    round.insert(round.end(), left.begin(), left.end());
    const std::vector<cv::Rect> spots = lone_spots_near_edges(round, page);
    std::vector<cv::Rect> holes;
    for (const cv::Rect& spot : spots) {
        const bool paired = std::any_of(spots.begin(), spots.end(),
                                        [&](const cv::Rect& other) { return are_a_pair_of_holes(spot, other, page); });
        if (paired) holes.push_back(spot);
    }
    std::erase_if(left, [&](const Mark& mark) {
        return std::any_of(holes.begin(), holes.end(),
                           [&](const cv::Rect& hole) { return (mark.box & hole) == mark.box; });
    });
    return left;
}

bool is_dash(const cv::Mat& ink, const Mark& mark) {
    const Bar bar = as_bar(ink, mark);
    return bar.thickness < mm(1.6) && bar.length > 2.5 * bar.thickness && bar.tilt_degrees < 4;
}

}  // namespace pleiade::vision
