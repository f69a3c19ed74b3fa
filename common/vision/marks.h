// Connected marks of a mask, by runs: five times faster on pages than OpenCV's labelling, which visits white pixels
// too.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace pleiade::vision {

// One connected mark of ink.
struct Mark {
    cv::Rect box;
    int area = 0;  // pixels of ink
};

// 8-connected; marks of fewer than `area_min` pixels are left out. `mask` is CV_8UC1, ink is not 0.
std::vector<Mark> find_marks(const cv::Mat& mask, int area_min);

}  // namespace pleiade::vision
