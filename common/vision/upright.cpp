#include "common/vision/upright.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "common/base/check.h"
#include "common/vision/rotation.h"
#include "common/vision/sketch.h"

namespace pleiade::vision {
namespace {

constexpr double kSkewMin = 0.2;

using Affine = cv::Matx33d;

Affine scaling(double x, double y) {
    return {x, 0, 0, 0, y, 0, 0, 0, 1};
}
Affine moving(double x, double y) {
    return {1, 0, x, 0, 1, y, 0, 0, 1};
}

// The quarter turn that brings a point of a width x height page to its place once turned clockwise. Pixel corners, not
// centres: boxes are made of corners.
Affine quarter_turn(int rotation, double width, double height) {
    switch (rotation) {
        case 90:
            return {0, -1, height, 1, 0, 0, 0, 0, 1};
        case 180:
            return {-1, 0, width, 0, -1, height, 0, 0, 1};
        case 270:
            return {0, 1, 0, -1, 0, width, 0, 0, 1};
        default:
            return Affine::eye();
    }
}

Affine clockwise(double degrees) {
    const double a = degrees * std::numbers::pi / 180;
    return {std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a), 0, 0, 0, 1};
}

cv::Point2d apply(const cv::Matx23d& m, cv::Point2d p) {
    return {m(0, 0) * p.x + m(0, 1) * p.y + m(0, 2), m(1, 0) * p.x + m(1, 1) * p.y + m(1, 2)};
}

template <class Map>
Box hull(const Box& box, cv::Size within, Map map) {
    double left = 1e18, top = 1e18, right = -1e18, bottom = -1e18;
    for (double x : {double(box.x), double(box.x + box.width)}) {
        for (double y : {double(box.y), double(box.y + box.height)}) {
            const cv::Point2d p = map({x, y});
            left = std::min(left, p.x), right = std::max(right, p.x);
            top = std::min(top, p.y), bottom = std::max(bottom, p.y);
        }
    }
    // A hair inwards before rounding: 100.0000001 is not a pixel more.
    const int l = std::clamp(static_cast<int>(std::floor(left + 1e-6)), 0, within.width);
    const int t = std::clamp(static_cast<int>(std::floor(top + 1e-6)), 0, within.height);
    const int r = std::clamp(static_cast<int>(std::ceil(right - 1e-6)), 0, within.width);
    const int b = std::clamp(static_cast<int>(std::ceil(bottom - 1e-6)), 0, within.height);
    return {l, t, std::max(0, r - l), std::max(0, b - t)};
}

}  // namespace

cv::Point2d UprightMap::as_scanned(cv::Point2d upright) const {
    return apply(to_scanned_, upright);
}

Box UprightMap::as_scanned(const Box& upright) const {
    return hull(upright, scanned_, [this](cv::Point2d p) { return apply(to_scanned_, p); });
}

Box UprightMap::as_upright(const Box& scanned) const {
    const cv::Matx33d full(to_scanned_(0, 0), to_scanned_(0, 1), to_scanned_(0, 2), to_scanned_(1, 0),
                           to_scanned_(1, 1), to_scanned_(1, 2), 0, 0, 1);
    const cv::Matx33d back = full.inv();
    return hull(scanned, {1 << 20, 1 << 20}, [&](cv::Point2d p) { return apply(back.get_minor<2, 3>(0, 0), p); });
}

UprightPage make_upright(const PageImage& page, int rotation, double skew_degrees, double dpi) {
    PLEIADE_CHECK(rotation == 0 || rotation == 90 || rotation == 180 || rotation == 270);
    const cv::Size scanned = page.grey.size();
    const cv::Size2d from = believed_dpi(scanned, page.dpi_x, page.dpi_y);
    UprightPage upright;
    upright.dpi = dpi > 0 ? dpi : std::max(from.width, from.height);

    const cv::Size scaled(std::max(1, static_cast<int>(std::lround(scanned.width * upright.dpi / from.width))),
                          std::max(1, static_cast<int>(std::lround(scanned.height * upright.dpi / from.height))));
    cv::Mat grey = scaled == scanned ? page.grey : reduce(page.grey, scaled);
    Affine forward = scaling(double(scaled.width) / scanned.width, double(scaled.height) / scanned.height);

    forward = quarter_turn(rotation, scaled.width, scaled.height) * forward;
    if (rotation != 0) {
        cv::Mat turned;
        cv::rotate(grey, turned,
                   rotation == 90    ? cv::ROTATE_90_CLOCKWISE
                   : rotation == 180 ? cv::ROTATE_180
                                     : cv::ROTATE_90_COUNTERCLOCKWISE);
        grey = turned;
    }

    if (std::abs(skew_degrees) >= kSkewMin) {
        const double cx = grey.cols / 2.0, cy = grey.rows / 2.0;
        const Affine turn = moving(cx, cy) * clockwise(skew_degrees) * moving(-cx, -cy);
        forward = turn * forward;
        grey = rotated(grey, skew_degrees);
    }
    upright.grey = grey.data == page.grey.data ? grey.clone() : grey;
    upright.map = UprightMap(forward.inv().get_minor<2, 3>(0, 0), scanned);
    return upright;
}

UprightPage make_upright(const PageImage& page, const Orientation& orientation, double dpi) {
    return make_upright(page, orientation.rotation, orientation.skew_degrees, dpi);
}

cv::Mat even_out_paper(const cv::Mat& grey) {
    cv::Mat paper, out;
    const cv::Size small(std::max(1, grey.cols / 16), std::max(1, grey.rows / 16));
    paper = reduce(grey, small);
    cv::dilate(paper, paper, cv::getStructuringElement(cv::MORPH_RECT, {7, 7}));
    cv::blur(paper, paper, {9, 9});
    cv::resize(paper, paper, grey.size(), 0, 0, cv::INTER_LINEAR);
    // Where everything is dark there is no paper to be seen; dividing by it would blow up noise.
    cv::max(paper, 48, paper);
    cv::divide(grey, paper, out, 255.0, CV_8U);
    return out;
}

cv::Mat binarise(const cv::Mat& grey, int window, double k) {
    // The threshold is smooth: it is worked out on every second pixel, four times faster.
    const cv::Mat half = reduce(grey, {std::max(1, grey.cols / 2), std::max(1, grey.rows / 2)});
    cv::Mat mean, squares;
    const cv::Size box((window / 2) | 1, (window / 2) | 1);
    cv::boxFilter(half, mean, CV_32F, box);
    cv::sqrBoxFilter(half, squares, CV_32F, box);
    const cv::Mat variance = cv::max(squares - mean.mul(mean), 0.0);
    cv::Mat deviation, small, threshold, out;
    cv::sqrt(variance, deviation);
    cv::Mat(mean.mul(deviation * (k / 128) + (1 - k))).convertTo(small, CV_8U);
    cv::resize(small, threshold, grey.size(), 0, 0, cv::INTER_LINEAR);
    cv::compare(grey, threshold, out, cv::CMP_GT);
    return out;
}

}  // namespace pleiade::vision
