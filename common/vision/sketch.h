// A page reduced to 150 dpi with square pixels, its paper evened out and its marks found: what the questions about a
// page as a whole (blank? which way up? readable?) are asked of, so that the reduction is done once.
#pragma once

#include <vector>

#include "common/vision/marks.h"
#include "common/vision/page_image.h"

namespace pleiade::vision {

// The resolution that can be believed: the file's own when it gives a paper between a ticket and A2, else the one
// that makes the long side that of an A4 sheet (cameras and drivers write 72 or 96 whatever they did).
cv::Size2d believed_dpi(const cv::Size& pixels, double dpi_x, double dpi_y);

struct PageSketch {
    static constexpr double kDpi = 150;
    cv::Mat grey;             // as reduced
    cv::Mat darkness;         // how much darker than the paper around it, 0 to 255
    cv::Mat ink;              // 255 where darkness passes the threshold
    std::vector<Mark> marks;  // dust of one pixel left out
    double paper = 255;       // grey level of the paper, median over the page
    double black_share = 0;   // of all pixels, darker than mid-grey as scanned
    bool bitonal = false;

    static double pixels(double millimetres) { return millimetres * kDpi / 25.4; }
};

// A sharp reduction that stays cheap: by whole numbers first, then what is left.
cv::Mat reduce(const cv::Mat& grey, cv::Size size);

// Costs about 12 ms for an A4 page at 300 dpi. Thread-safe.
PageSketch make_sketch(const PageImage& page);

}  // namespace pleiade::vision
