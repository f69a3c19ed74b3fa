#include "services/reader/forms/page_look.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace pleiade::reader::forms {
namespace {

constexpr double kSkewMin = 0.1;  // degrees: turning by less changes no landmark

// From an image turned clockwise by `rotation` back to the one of `size` that it was made from.
cv::Matx33d unturned(int rotation, cv::Size size) {
    const double w = size.width, h = size.height;
    switch (rotation) {
        case 90:
            return {0, 1, 0, -1, 0, h, 0, 0, 1};
        case 180:
            return {-1, 0, w, 0, -1, h, 0, 0, 1};
        case 270:
            return {0, -1, w, 1, 0, 0, 0, 0, 1};
        default:
            return cv::Matx33d::eye();
    }
}

}  // namespace

cv::Mat small_of(const cv::Mat& ink) {
    constexpr int kBy = PageLook::kReduced;
    const cv::Size size(std::max(1, ink.cols / kBy), std::max(1, ink.rows / kBy));
    const cv::Rect whole(0, 0, std::min(ink.cols, kBy * size.width), std::min(ink.rows, kBy * size.height));
    cv::Mat small;
    cv::resize(ink(whole), small, size, 0, 0, cv::INTER_AREA);  // by a whole number: the fast path
    return small;
}

PageLook look_at(const vision::PageSketch& sketch, int rotation, double skew_degrees) {
    PageLook look;
    const auto by_one = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
    cv::dilate(sketch.ink, look.near, by_one);
    cv::dilate(look.near, look.wide, by_one);
    cv::Mat small = small_of(sketch.ink);
    look.small_to_scan =
        cv::Matx33d::diag({PageLook::kReduced, PageLook::kReduced, 1}) * unturned(rotation, small.size());
    if (rotation != 0) {
        cv::rotate(small, small,
                   rotation == 90    ? cv::ROTATE_90_CLOCKWISE
                   : rotation == 180 ? cv::ROTATE_180
                                     : cv::ROTATE_90_COUNTERCLOCKWISE);
    }
    if (std::abs(skew_degrees) >= kSkewMin) {
        const double angle = skew_degrees * std::numbers::pi / 180;
        const double cx = small.cols / 2.0, cy = small.rows / 2.0, c = std::cos(angle), s = std::sin(angle);
        // Upright -> tilted: the way back of a clockwise turn about the centre.
        const cv::Matx33d back(c, s, cx - c * cx - s * cy, -s, c, cy + s * cx - c * cy, 0, 0, 1);
        cv::Mat level;
        cv::warpAffine(small, level, back.get_minor<2, 3>(0, 0), small.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
        small = level;
        look.small_to_scan = look.small_to_scan * back;
    }
    look.small = small;
    return look;
}

}  // namespace pleiade::reader::forms
