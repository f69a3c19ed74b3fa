#include "services/reader/digits/training/distort.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "services/reader/digits/glyph.h"

namespace pleiade::reader::digits {
namespace {

constexpr int kMargin = 8;  // pixels of paper around the figure, at 200 dpi
constexpr double kElastic = 1.9;

// Slant, turn, unequal stretch, and a slow wave: no two hands are alike.
cv::Mat bent(const cv::Mat& ink, Random& random) {
    const cv::Point2f centre(static_cast<float>(ink.cols) / 2, static_cast<float>(ink.rows) / 2);
    const double turn = uniform(random, -9, 9) * CV_PI / 180, slant = uniform(random, -0.38, 0.38);
    const double wide = uniform(random, 0.68, 1.3);
    const double a = std::cos(turn) * wide, b = std::cos(turn) * slant - std::sin(turn);
    const double c = std::sin(turn) * wide, d = std::sin(turn) * slant + std::cos(turn);
    cv::Mat wave_x(4, 4, CV_32F), wave_y(4, 4, CV_32F);
    for (int i = 0; i < 16; ++i) {
        wave_x.at<float>(i / 4, i % 4) = static_cast<float>(uniform(random, -kElastic, kElastic));
        wave_y.at<float>(i / 4, i % 4) = static_cast<float>(uniform(random, -kElastic, kElastic));
    }
    cv::resize(wave_x, wave_x, ink.size(), 0, 0, cv::INTER_CUBIC);
    cv::resize(wave_y, wave_y, ink.size(), 0, 0, cv::INTER_CUBIC);
    cv::Mat map_x(ink.size(), CV_32F), map_y(ink.size(), CV_32F);
    const double scale = 1 / (a * d - b * c);
    for (int y = 0; y < ink.rows; ++y) {
        for (int x = 0; x < ink.cols; ++x) {
            const double dx = x - centre.x, dy = y - centre.y;
            map_x.at<float>(y, x) = static_cast<float>(centre.x + scale * (d * dx - b * dy)) + wave_x.at<float>(y, x);
            map_y.at<float>(y, x) = static_cast<float>(centre.y + scale * (a * dy - c * dx)) + wave_y.at<float>(y, x);
        }
    }
    cv::Mat out;
    cv::remap(ink, out, map_x, map_y, cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(0));
    return out;
}

cv::Mat with_other_pen(const cv::Mat& ink, Random& random) {
    const int change = static_cast<int>(std::lround(uniform(random, -1.4, 2.4)));
    if (change == 0) return ink;
    const int side = 2 * std::abs(change) + 1;
    const auto shape = cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side});
    cv::Mat out;
    if (change > 0) {
        cv::dilate(ink, out, shape);
    } else {
        cv::erode(ink, out, cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
        if (cv::countNonZero(out > 128) * 3 < cv::countNonZero(ink > 128)) return ink;  // a thin pen would vanish
    }
    return out;
}

// What is left of the lines of the box, and of its neighbours.
void add_remains(cv::Mat& page, int paper, int dark, Random& random) {
    const auto grey = cv::Scalar(dark + uniform(random, 0, 0.5) * (paper - dark));
    const int thick = 1 + pick(random, 2);
    if (chance(random, 0.12)) {  // a piece of the rule below or above
        const int y = chance(random, 0.75) ? page.rows - 1 - pick(random, kMargin) : pick(random, kMargin);
        const int x = pick(random, static_cast<std::size_t>(page.cols));
        cv::line(page, {x, y}, {x + static_cast<int>(uniform(random, 2, 0.6 * page.cols)), y}, grey, thick);
    }
    if (chance(random, 0.10)) {  // of a tooth
        const int x = chance(random, 0.5) ? pick(random, kMargin / 2) : page.cols - 1 - pick(random, kMargin / 2);
        const int y = pick(random, static_cast<std::size_t>(page.rows));
        cv::line(page, {x, y}, {x, y + static_cast<int>(uniform(random, 2, 0.4 * page.rows))}, grey, thick);
    }
    if (chance(random, 0.06)) {  // of the neighbour's stroke
        const bool left = chance(random, 0.5);
        const int y = pick(random, static_cast<std::size_t>(page.rows));
        const int x = left ? 0 : page.cols - 1;
        cv::line(page, {x, y}, {left ? pick(random, 5) : page.cols - 1 - pick(random, 5), y + pick(random, 8) - 4},
                 cv::Scalar(dark), 2);
    }
    for (int i = pick(random, 12); i > 9; --i) {  // specks
        cv::circle(
            page,
            {pick(random, static_cast<std::size_t>(page.cols)), pick(random, static_cast<std::size_t>(page.rows))},
            pick(random, 2), grey, cv::FILLED);
    }
}

// Where a line of the form crossed the figure, or lay along its head, foot or side, and was taken out with it; and
// where the box was cut too short.
void take_out(cv::Mat& page, int paper, Random& random) {
    if (chance(random, 0.2)) {
        const int y = std::min(static_cast<int>(uniform(random, 0, 1.0) * page.rows), page.rows - 1);
        const int from = chance(random, 0.5) ? 0 : pick(random, static_cast<std::size_t>(page.cols));
        page(cv::Rect(from, y, page.cols - from, std::min(1 + pick(random, 3), page.rows - y))).setTo(paper);
    }
    if (chance(random, 0.14)) {  // a tooth, which stands on the line below
        const int x = std::min(static_cast<int>(uniform(random, 0, 1.0) * page.cols), page.cols - 1);
        const int from = static_cast<int>(uniform(random, 0, 0.8) * page.rows);
        page(cv::Rect(x, from, std::min(1 + pick(random, 3), page.cols - x), page.rows - from)).setTo(paper);
    }
    if (chance(random, 0.14)) {
        const int cut = kMargin + static_cast<int>(uniform(random, 0, 0.16) * page.rows);
        (chance(random, 0.5) ? page.rowRange(page.rows - cut, page.rows) : page.rowRange(0, cut)).setTo(paper);
    }
    if (chance(random, 0.08)) {
        const int cut = std::min(page.cols, kMargin + static_cast<int>(uniform(random, 0, 0.15) * page.cols));
        (chance(random, 0.5) ? page.colRange(page.cols - cut, page.cols) : page.colRange(0, cut)).setTo(paper);
    }
}

void add_noise(cv::Mat& page, double sigma, Random& random) {
    if (sigma < 1) return;
    cv::Mat noise(page.size(), CV_16S), sum;
    cv::RNG generator(random());
    generator.fill(noise, cv::RNG::NORMAL, 0, sigma);
    page.convertTo(sum, CV_16S);
    sum += noise;
    sum.convertTo(page, CV_8U);
}

// Ink (0 to 255) at the scanner's resolution to ink at 200 dpi.
cv::Mat scan(const cv::Mat& ink, double scale, Random& random) {
    const double strength = uniform(random, 0.5, 1.0);
    const int paper = static_cast<int>(uniform(random, 225, 255));
    cv::Mat page;
    ink.convertTo(page, CV_8U, -strength * paper / 255.0, paper);
    const int dark = static_cast<int>(paper * (1 - strength));
    add_remains(page, paper, dark, random);
    if (chance(random, 0.85)) cv::GaussianBlur(page, page, {}, uniform(random, 0.3, 1.1));
    add_noise(page, uniform(random, -6, 14), random);
    if (chance(random, 0.6)) {
        const double level = dark + uniform(random, 0.4, 0.75) * (paper - dark);
        cv::threshold(page, page, level, 255, cv::THRESH_BINARY);
    }
    if (scale != 1) cv::resize(page, page, {}, 1 / scale, 1 / scale, cv::INTER_AREA);
    take_out(page, 255, random);
    double darkest = 0, palest = 0;
    cv::minMaxLoc(page, &darkest, &palest);
    cv::Mat out;
    const double span = std::max(60.0, palest - darkest);
    page.convertTo(out, CV_8U, -255 / span, 255 * palest / span);
    return out;
}

}  // namespace

cv::Mat scanned(const cv::Mat& ink, Random& random) {
    const cv::Mat drawn = with_other_pen(bent(ink, random), random);
    const cv::Rect box = cv::boundingRect(drawn > 64);
    if (box.empty()) return {};
    const double scale = chance(random, 0.4) ? 1.5 : 1;
    const double high = uniform(random, 14, 44) * scale;
    const double shrink = high / std::max(box.height, box.width * 2 / 3);
    cv::Mat small;
    cv::resize(drawn(box), small,
               {std::max(2, static_cast<int>(std::lround(box.width * shrink))),
                std::max(2, static_cast<int>(std::lround(box.height * shrink)))},
               0, 0, shrink < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    const int margin = static_cast<int>(kMargin * scale);
    cv::copyMakeBorder(small, small, margin, margin, margin, margin, cv::BORDER_CONSTANT, cv::Scalar(0));
    return glyph_of(scan(small, scale, random));
}

cv::Mat scanned_empty(Random& random) {
    for (;;) {
        cv::Mat page(24 + pick(random, 24), 20 + pick(random, 24), CV_8UC1, cv::Scalar(255));
        for (int i = 0; i < 6; ++i) add_remains(page, 255, 60, random);
        if (chance(random, 0.5)) cv::GaussianBlur(page, page, {}, uniform(random, 0.3, 0.9));
        const cv::Mat glyph = glyph_of(255 - page);
        if (!glyph.empty()) return glyph;
    }
}

}  // namespace pleiade::reader::digits
