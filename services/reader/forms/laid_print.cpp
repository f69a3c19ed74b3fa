#include "services/reader/forms/laid_print.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace pleiade::reader::forms {
namespace {

cv::Point2d mapped(const cv::Matx33d& map, double x, double y) {
    const double w = map(2, 0) * x + map(2, 1) * y + map(2, 2);
    return {(map(0, 0) * x + map(0, 1) * y + map(0, 2)) / w, (map(1, 0) * x + map(1, 1) * y + map(1, 2)) / w};
}

// Eight pixels of paper at a time.
const std::uint8_t* past_paper(const std::uint8_t* at, const std::uint8_t* end) {
    for (std::uint64_t eight = 0; end - at >= static_cast<std::ptrdiff_t>(sizeof eight); at += sizeof eight) {
        std::memcpy(&eight, at, sizeof eight);
        if (eight != 0) break;
    }
    return at;
}

// What lies between two points, a pixel at a time: a run is short enough to be straight.
void draw(const cv::Point2d& from, const cv::Point2d& to, cv::Mat& page) {
    const double far = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
    if (!(far <= page.cols + page.rows)) return;  // a map that has no sense, or none at all there
    const int steps = std::max(1, static_cast<int>(std::ceil(far)));
    const double dx = (to.x - from.x) / steps, dy = (to.y - from.y) / steps;
    for (int i = 0; i <= steps; ++i) {
        const int x = cvRound(from.x + i * dx), y = cvRound(from.y + i * dy);
        if (x >= 0 && y >= 0 && x < page.cols && y < page.rows) page.ptr(y)[x] = 255;
    }
}

}  // namespace

cv::Mat laid_print(const cv::Mat& print, const cv::Matx33d& map, cv::Size size) {
    cv::Mat page = cv::Mat::zeros(size, CV_8UC1);
    for (int y = 0; y < print.rows; ++y) {
        const auto* row = print.ptr(y);
        const auto* end = row + print.cols;
        const auto is_ink = [](std::uint8_t pixel) { return pixel != 0; };
        for (const auto* at = row; at != end;) {
            const auto* begin = std::find_if(past_paper(at, end), end, is_ink);
            at = std::find_if_not(begin, end, is_ink);
            if (begin == end) break;
            draw(mapped(map, static_cast<double>(begin - row), y), mapped(map, static_cast<double>(at - 1 - row), y),
                 page);
        }
    }
    return page;
}

}  // namespace pleiade::reader::forms
