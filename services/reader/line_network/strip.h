// A line of text made the height that the line network reads, at the size that it was taught.
#pragma once

#include <opencv2/core.hpp>

namespace pleiade::reader::line_network {

struct Strip {
    cv::Mat pixels;    // CV_32FC1, ink about -1 and paper about 1; empty when nothing is written there
    cv::Rect cut;      // of the line's image
    cv::Mat ink;       // CV_8UC1, what is written in the cut, without rules
    double scale = 1;  // pixels of the strip for one of the image
};

// `line`: CV_8UC1, dark on light, one line and some paper around it. The letters' own foot line and height say what is
// cut out, as Tesseract does it: capitals fill three quarters of it. Pure.
Strip strip_of(const cv::Mat& line, int height);

}  // namespace pleiade::reader::line_network
