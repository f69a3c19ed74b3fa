// A page as form recognition looks at it: its ink as scanned, tolerant of a pixel or two, and a small upright image.
#pragma once

#include <opencv2/core.hpp>

#include "common/vision/sketch.h"

namespace pleiade::reader::forms {

struct PageLook {
    static constexpr int kReduced = 3;  // to 50 dpi: a landmark's patch is then 16 mm wide, some words of two lines
    cv::Mat near;                       // sketch.ink widened by one pixel (0.17 mm) all around, as scanned
    cv::Mat wide;                       // by two
    cv::Mat small;                      // CV_8UC1, the sketch reduced by kReduced, upright, 255 where all is ink
    cv::Matx33d small_to_scan;          // pixels of `small` -> pixels of the sketch
};

// `rotation`, `skew_degrees`: as vision::Orientation gives them. About 4 ms for an A4 page.
PageLook look_at(const vision::PageSketch& sketch, int rotation, double skew_degrees);

// The ink of a blank as the small image of a page would show it.
cv::Mat small_of(const cv::Mat& ink);

inline cv::Point2d mapped(const cv::Matx33d& m, cv::Point2d p) {
    const double w = m(2, 0) * p.x + m(2, 1) * p.y + m(2, 2);
    return {(m(0, 0) * p.x + m(0, 1) * p.y + m(0, 2)) / w, (m(1, 0) * p.x + m(1, 1) * p.y + m(1, 2)) / w};
}

}  // namespace pleiade::reader::forms
