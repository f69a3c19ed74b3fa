#include "services/reader/ocr_page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "common/base/check.h"

namespace pleiade::reader {
namespace {

struct Point {
    double x = 0, y = 0;
};

// Turns a point of an image of width x height, which was made by turning another one clockwise by `rotation`, back
// into a point of that other one. Coordinates run over the edges of pixels, so that corners map to corners.
Point unturned(Point p, int rotation, double width, double height) {
    switch (rotation) {
        case 90:
            return {p.y, width - p.x};
        case 180:
            return {width - p.x, height - p.y};
        case 270:
            return {height - p.y, p.x};
        default:
            return p;
    }
}

}  // namespace

std::string OcrLine::text() const {
    std::string joined;
    for (const auto& word : words) {
        if (!joined.empty()) joined += ' ';
        joined += word.text;
    }
    return joined;
}

Box OcrPage::as_scanned(const Box& upright) const {
    PLEIADE_CHECK(rotation == 0 || rotation == 90 || rotation == 180 || rotation == 270);
    if (width <= 0 || height <= 0 || scanned_width <= 0 || scanned_height <= 0) return {};
    const bool on_its_side = rotation == 90 || rotation == 270;
    const double turned_width = on_its_side ? scanned_height : scanned_width;
    const double turned_height = on_its_side ? scanned_width : scanned_height;
    // Tilting a box by less than a degree hardly changes its size: its centre is what moves. Mapping the four corners
    // would make the boxes of long lines overlap their neighbours.
    const double angle = skew_degrees * std::numbers::pi / 180;
    const Point middle{width / 2.0, height / 2.0};
    const Point centre{upright.x + upright.width / 2.0 - middle.x, upright.y + upright.height / 2.0 - middle.y};
    const Point tilted{middle.x + centre.x * std::cos(angle) - centre.y * std::sin(angle),
                       middle.y + centre.x * std::sin(angle) + centre.y * std::cos(angle)};
    const double scale_x = turned_width / width;
    const double scale_y = turned_height / height;
    const std::array<Point, 2> corners = {
        unturned({(tilted.x - upright.width / 2.0) * scale_x, (tilted.y - upright.height / 2.0) * scale_y}, rotation,
                 turned_width, turned_height),
        unturned({(tilted.x + upright.width / 2.0) * scale_x, (tilted.y + upright.height / 2.0) * scale_y}, rotation,
                 turned_width, turned_height)};
    const auto left = std::clamp(static_cast<int>(std::lround(std::min(corners[0].x, corners[1].x))), 0, scanned_width);
    const auto right =
        std::clamp(static_cast<int>(std::lround(std::max(corners[0].x, corners[1].x))), 0, scanned_width);
    const auto top = std::clamp(static_cast<int>(std::lround(std::min(corners[0].y, corners[1].y))), 0, scanned_height);
    const auto bottom =
        std::clamp(static_cast<int>(std::lround(std::max(corners[0].y, corners[1].y))), 0, scanned_height);
    return {left, top, right - left, bottom - top};
}

}  // namespace pleiade::reader
