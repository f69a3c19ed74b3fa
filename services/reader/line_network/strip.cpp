#include "services/reader/line_network/strip.h"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace pleiade::reader::line_network {
namespace {

constexpr int kAround = 4;          // pixels kept around what is cut out (Tesseract: kImagePadding)
constexpr double kBelow = 1.0 / 3;  // of the capitals' height, for what hangs below the foot line
constexpr double kTall = 0.85;      // this share of the marks is no taller than capitals
constexpr int kSpeck = 3;           // pixels
constexpr int kRuleLong = 40, kRuleThick = 4;
constexpr double kWhite = 255;
constexpr double kDark = 0.25, kLight = 0.75;  // shares of the darkest and lightest points on the middle row

int quantile(std::vector<int>& values, double share) {
    const auto at = values.begin() + std::lround(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// Where something is written, with room above and below for letters that reach further than those that stand there.
// Rules under or over it become paper. `ink` is filled with what is left.
cv::Rect writing_of(cv::Mat& line, cv::Mat& ink) {
    cv::Mat labels, stats, centres;
    cv::threshold(line, ink, 0, 255, cv::THRESH_BINARY_INV | cv::THRESH_OTSU);
    const int marks = cv::connectedComponentsWithStats(ink, labels, stats, centres, 8, CV_32S);
    std::vector<int> feet, heights;
    cv::Rect all;
    std::vector<cv::Rect> letters;
    for (int i = 1; i < marks; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
        if (box.width >= kRuleLong && box.height <= kRuleThick) {
            const cv::Mat rule = labels(box) == i;
            line(box).setTo(kWhite, rule);
            ink(box).setTo(0, rule);
            continue;
        }
        if (box.width < kSpeck && box.height < kSpeck) continue;
        all |= box;
        feet.push_back(box.y + box.height);
        letters.push_back(box);
    }
    if (feet.empty()) return {};
    const int foot = quantile(feet, 0.5);
    for (const auto& letter : letters) {
        if (const int height = foot - letter.y; height > kSpeck && letter.height >= kSpeck) heights.push_back(height);
    }
    if (heights.empty()) return all;
    const int capitals = quantile(heights, kTall);
    const int top = std::min(all.y, foot - capitals);
    const int bottom = std::max(all.y + all.height, foot + static_cast<int>(std::lround(kBelow * capitals)));
    return {all.x, top, all.width, bottom - top};
}

struct PixDestroyer {
    void operator()(Pix* pix) const { ::pixDestroy(&pix); }
};
using PixPointer = std::unique_ptr<Pix, PixDestroyer>;

// By the library that made the strips which the network learnt from: it sharpens a little.
cv::Mat scaled(const cv::Mat& grey, double scale) {
    const PixPointer from(::pixCreate(grey.cols, grey.rows, 8));
    for (int y = 0; y < grey.rows; ++y) {
        l_uint32* line = ::pixGetData(from.get()) + static_cast<std::ptrdiff_t>(y) * ::pixGetWpl(from.get());
        for (int x = 0; x < grey.cols; ++x) SET_DATA_BYTE(line, x, grey.at<unsigned char>(y, x));
    }
    const PixPointer to(::pixScale(from.get(), static_cast<float>(scale), static_cast<float>(scale)));
    if (!to) return {};
    cv::Mat out(::pixGetHeight(to.get()), ::pixGetWidth(to.get()), CV_8UC1);
    for (int y = 0; y < out.rows; ++y) {
        const l_uint32* line = ::pixGetData(to.get()) + static_cast<std::ptrdiff_t>(y) * ::pixGetWpl(to.get());
        for (int x = 0; x < out.cols; ++x)
            out.at<unsigned char>(y, x) = static_cast<unsigned char>(GET_DATA_BYTE(line, x));
    }
    return out;
}

// Ink at -1 and paper at 1, by the dark and light points that follow each other on the middle row.
cv::Mat evened(const cv::Mat& grey) {
    std::vector<int> dark, light;
    const auto* row = grey.ptr<unsigned char>(grey.rows / 2);
    for (int x = 1; x + 1 < grey.cols; ++x) {
        const int before = row[x - 1], now = row[x], after = row[x + 1];
        if ((now < before && now <= after) || (now <= before && now < after)) dark.push_back(now);
        if ((now > before && now >= after) || (now >= before && now > after)) light.push_back(now);
    }
    const int black = dark.empty() ? 0 : quantile(dark, kDark), white = light.empty() ? 255 : quantile(light, kLight);
    const double contrast = white > black ? (white - black) / 2.0 : 1.0;
    cv::Mat even;
    grey.convertTo(even, CV_32F, 1 / contrast, -black / contrast - 1);
    return cv::min(cv::max(even, -1), 1);
}

}  // namespace

Strip strip_of(const cv::Mat& image, int height) {
    Strip strip;
    cv::Mat line = image.clone(), ink;
    const cv::Rect writing = writing_of(line, ink);
    if (writing.empty()) return strip;
    strip.cut =
        cv::Rect(writing.x - kAround, writing.y - kAround, writing.width + 2 * kAround, writing.height + 2 * kAround) &
        cv::Rect(0, 0, line.cols, line.rows);
    strip.scale = static_cast<double>(height) / strip.cut.height;
    cv::Mat grey = scaled(line(strip.cut), strip.scale);
    if (grey.empty()) return strip;
    if (grey.rows != height) cv::resize(grey, grey, cv::Size(grey.cols, height), 0, 0, cv::INTER_LINEAR);
    strip.pixels = evened(grey);
    strip.ink = ink(strip.cut);
    return strip;
}

}  // namespace pleiade::reader::line_network
