#include "common/vision/sketch.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace pleiade::vision {
namespace {

constexpr double kLongSideOfA4 = 11.69;  // inches
constexpr int kInkDarkness = 40;         // below are paper grain and what shines through from the back

bool believable(double dpi, int pixels) {
    return dpi >= 30 && dpi <= 2400 && pixels / dpi >= 1.0 && pixels / dpi <= 24;
}

cv::Mat halve(const cv::Mat& grey) {
    // Exactly by two, without the odd line: anything else leaves the fast path.
    const cv::Size size(std::max(1, grey.cols / 2), std::max(1, grey.rows / 2));
    const cv::Rect even(0, 0, std::min(grey.cols, 2 * size.width), std::min(grey.rows, 2 * size.height));
    cv::Mat half;
    cv::resize(grey(even), half, size, 0, 0, cv::INTER_AREA);
    return half;
}

// The brightest of the neighbourhood, smoothed: the paper without what is printed on it. At an eighth of the sketch,
// where a stroke is less than a pixel.
cv::Mat paper_of(const cv::Mat& grey) {
    cv::Mat small = halve(halve(halve(grey))), paper;
    cv::dilate(small, small, cv::getStructuringElement(cv::MORPH_RECT, {9, 9}));
    cv::blur(small, small, {13, 13});
    cv::resize(small, paper, grey.size(), 0, 0, cv::INTER_LINEAR);
    return paper;
}

double median_of(const cv::Mat& grey) {
    int histogram[256] = {};
    for (int y = 0; y < grey.rows; y += 4) {
        const std::uint8_t* row = grey.ptr(y);
        for (int x = 0; x < grey.cols; x += 4) ++histogram[row[x]];
    }
    int total = 0, seen = 0;
    for (int n : histogram) total += n;
    for (int level = 0; level < 256; ++level) {
        seen += histogram[level];
        if (2 * seen >= total) return level;
    }
    return 255;
}

}  // namespace

cv::Size2d believed_dpi(const cv::Size& pixels, double dpi_x, double dpi_y) {
    const bool both = believable(dpi_x, pixels.width) && believable(dpi_y, pixels.height) && dpi_x / dpi_y < 4 &&
                      dpi_y / dpi_x < 4 && std::max(pixels.width / dpi_x, pixels.height / dpi_y) >= 3;
    if (both) return {dpi_x, dpi_y};
    const double guess = std::max(pixels.width, pixels.height) / kLongSideOfA4;
    return {std::max(guess, 30.0), std::max(guess, 30.0)};
}

cv::Mat reduce(const cv::Mat& grey, cv::Size size) {
    // OpenCV's area average is fast by a half, twenty times slower by anything else.
    cv::Mat from = grey;
    while (from.cols + 2 >= 2 * size.width && from.rows + 2 >= 2 * size.height && std::min(from.cols, from.rows) > 4) {
        from = halve(from);
    }
    if (from.size() == size) return from.data == grey.data ? grey.clone() : from;
    cv::Mat reduced;
    const bool flat = from.cols > 2 * size.width || from.rows > 2 * size.height;
    cv::resize(from, reduced, size, 0, 0, flat ? cv::INTER_AREA : cv::INTER_LINEAR);
    return reduced;
}

PageSketch make_sketch(const PageImage& page) {
    PageSketch sketch;
    sketch.bitonal = page.bitonal;
    const cv::Size2d dpi = believed_dpi(page.grey.size(), page.dpi_x, page.dpi_y);
    const cv::Size size(std::max(16, static_cast<int>(std::lround(page.grey.cols * PageSketch::kDpi / dpi.width))),
                        std::max(16, static_cast<int>(std::lround(page.grey.rows * PageSketch::kDpi / dpi.height))));
    sketch.grey = reduce(page.grey, size);
    sketch.paper = median_of(sketch.grey);
    sketch.black_share = 1.0 - cv::countNonZero(sketch.grey > 127) / static_cast<double>(sketch.grey.total());
    cv::subtract(paper_of(sketch.grey), sketch.grey, sketch.darkness);
    cv::threshold(sketch.darkness, sketch.ink, kInkDarkness, 255, cv::THRESH_BINARY);

    sketch.marks = find_marks(sketch.ink, 2);
    return sketch;
}

}  // namespace pleiade::vision
