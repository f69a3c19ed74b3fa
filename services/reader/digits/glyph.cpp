#include "services/reader/digits/glyph.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace pleiade::reader::digits {
namespace {

constexpr int kInkMin = 96;     // paler is the soft edge of a stroke or paper
constexpr int kSpeckShare = 6;  // what is six times smaller than the longest stroke is none

// The bounds of what was written: specks would make it small.
cv::Rect written(const cv::Mat& ink) {
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(ink >= kInkMin, labels, stats, centres, 8, CV_16U);
    int longest = 0;
    const auto side = [&](int i) {
        return std::max(stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    };
    for (int i = 1; i < count; ++i) longest = std::max(longest, side(i));
    cv::Rect all;
    for (int i = 1; i < count; ++i) {
        if (side(i) * kSpeckShare < longest) continue;
        all |= cv::Rect(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                        stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    }
    return all;
}

// Thin pens and thick ones look alike once the darkest stroke is full ink.
void stretch(cv::Mat& glyph) {
    double darkest = 0;
    cv::minMaxLoc(glyph, nullptr, &darkest);
    if (darkest > 0) glyph.convertTo(glyph, CV_8U, 255 / darkest);
}

}  // namespace

cv::Mat glyph_of(const cv::Mat& ink) {
    if (ink.empty()) return {};
    const cv::Rect box = written(ink);
    if (box.empty()) return {};
    const double scale = static_cast<double>(kGlyphInk) / std::max(box.width, box.height);
    // Straight into its place: one resampling, by area when it shrinks, since thin strokes would break otherwise.
    const int width = std::max(1, static_cast<int>(std::lround(box.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(box.height * scale)));
    cv::Mat small;
    cv::resize(ink(box), small, {width, height}, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::Mat glyph(kGlyphSide, kGlyphSide, CV_8UC1, cv::Scalar(0));
    small.copyTo(glyph(cv::Rect((kGlyphSide - width) / 2, (kGlyphSide - height) / 2, width, height)));
    stretch(glyph);
    return glyph;
}

}  // namespace pleiade::reader::digits
