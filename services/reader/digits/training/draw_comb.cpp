#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "services/reader/digits/training/exam.h"

namespace pleiade::reader::digits {
namespace {

constexpr int kWide = 1654, kHigh = 300;  // a strip of an A4 page at 200 dpi
constexpr int kLeft = 90, kTop = 120;

struct Pen {
    cv::Mat& page;
    double scale;
    cv::Point at(double x, double y) const {
        return {static_cast<int>(std::lround(x * scale * 16)), static_cast<int>(std::lround(y * scale * 16))};
    }
    void line(double x0, double y0, double x1, double y1, double wide, int grey) const {
        cv::line(page, at(x0, y0), at(x1, y1), cv::Scalar(grey),
                 std::max(1, static_cast<int>(std::lround(wide * scale))), cv::LINE_AA, 4);
    }
    void fill(double x0, double y0, double x1, double y1, int grey) const {
        cv::rectangle(page, at(x0, y0), at(x1, y1), cv::Scalar(grey), cv::FILLED, cv::LINE_AA, 4);
    }
};

void draw_cell(const Pen& pen, CombKind kind, double x, double y, double wide, double high, bool first, bool last,
               int grey) {
    switch (kind) {
        case CombKind::Boxes:
            pen.line(x, y, x + wide, y, 1.6, grey);
            pen.line(x, y + high, x + wide, y + high, 1.6, grey);
            pen.line(x, y, x, y + high, 1.6, grey);
            pen.line(x + wide, y, x + wide, y + high, 1.6, grey);
            break;
        case CombKind::Teeth:
            pen.line(x, y + high, x + wide, y + high, 1.6, grey);
            pen.line(x, y + high * (first ? 0.2 : 0.6), x, y + high, 1.6, grey);
            if (last) pen.line(x + wide, y + high * 0.2, x + wide, y + high, 1.6, grey);
            break;
        case CombKind::Bars:
            pen.line(x + 4, y + high, x + wide - 4, y + high, 2.2, grey);
            break;
        case CombKind::Shaded:
            pen.fill(x + 2.4, y, x + wide - 2.4, y + high, 255);
            break;
    }
}

void write(cv::Mat& page, const cv::Mat& ink, double scale, double x, double y, double wide, double high,
           Random& random) {
    const cv::Rect box = cv::boundingRect(ink > 64);
    if (box.empty()) return;
    double size = high * uniform(random, 0.6, 0.92) * scale / box.height;
    size = std::min(size, wide * 0.95 * scale / box.width);
    cv::Mat small;
    cv::resize(ink(box), small, {}, size, size, size < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    const double off_x = uniform(random, -0.14, 0.14) * wide, off_y = uniform(random, -0.12, 0.16) * high;
    const int left = static_cast<int>((x + wide / 2 + off_x) * scale - small.cols / 2.0);
    const int top = static_cast<int>((y + high / 2 + off_y) * scale - small.rows / 2.0);
    const cv::Rect place = cv::Rect(left, top, small.cols, small.rows) & cv::Rect(0, 0, page.cols, page.rows);
    if (place.size() != small.size()) return;
    const cv::Mat inked = 255 - small * uniform(random, 0.75, 0.95);
    cv::Mat under = page(place);
    cv::min(under, inked, under);
}

void strike(const Pen& pen, double left, double right, double top, double high, Random& random) {
    for (int stroke = 0; stroke < 2; ++stroke) {
        pen.line(left - 6, top + uniform(random, 0.2, 0.8) * high, right + 6, top + uniform(random, 0.2, 0.8) * high, 3,
                 20);
    }
    for (double x = left; x < right; x += 14) {
        pen.line(x, top + uniform(random, 0.1, 0.3) * high, x + uniform(random, 8, 20),
                 top + uniform(random, 0.7, 0.95) * high, 3, 20);
    }
}

cv::Mat scan(const cv::Mat& drawn, const CombDrawing& drawing, double scale, Random& random) {
    cv::Mat page = drawn;
    if (drawing.lean_degrees != 0) {
        const auto turn = cv::getRotationMatrix2D(
            {static_cast<float>(page.cols) / 2, static_cast<float>(page.rows) / 2}, drawing.lean_degrees, 1);
        cv::warpAffine(page, page, turn, page.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(255));
    }
    cv::GaussianBlur(page, page, {}, uniform(random, 0.4, 0.8));
    cv::Mat noise(page.size(), CV_16S), sum;
    cv::RNG generator(random());
    generator.fill(noise, cv::RNG::NORMAL, 0, uniform(random, 1, 7));
    page.convertTo(sum, CV_16S);
    sum += noise;
    sum.convertTo(page, CV_8U);
    if (drawing.bitonal) cv::threshold(page, page, uniform(random, 130, 190), 255, cv::THRESH_BINARY);
    if (scale != 1) cv::resize(page, page, {kWide, kHigh}, 0, 0, cv::INTER_AREA);
    return page;
}

}  // namespace

DrawnComb draw_comb(const CombDrawing& drawing, const std::function<cv::Mat(char)>& ink, Random& random) {
    const double scale = drawing.fine_scan ? 1.5 : 1;
    cv::Mat page(static_cast<int>(kHigh * scale), static_cast<int>(kWide * scale), CV_8UC1, cv::Scalar(252));
    const Pen pen{page, scale};
    const double wide = uniform(random, 35, 46), high = wide * uniform(random, 1.0, 1.25);
    const double gap = drawing.kind == CombKind::Shaded ? 10 : drawing.kind == CombKind::Teeth ? 0 : 9;
    const int cells = std::accumulate(drawing.groups.begin(), drawing.groups.end(), 0);
    const double right = kLeft + cells * wide + gap * static_cast<double>(drawing.groups.size() - 1);
    const int grey = static_cast<int>(uniform(random, 20, drawing.bitonal ? 90 : 150));
    if (drawing.kind == CombKind::Shaded) {
        pen.fill(kLeft - 6, kTop - 6, right + 6, kTop + high + 6, static_cast<int>(uniform(random, 205, 225)));
    }
    double x = kLeft;
    std::size_t written = 0;
    std::vector<std::pair<double, char>> places;
    for (const int count : drawing.groups) {
        for (int i = 0; i < count; ++i, x += wide) {
            draw_cell(pen, drawing.kind, x, kTop, wide, high, i == 0, i + 1 == count, grey);
            if (written < drawing.text.size()) places.emplace_back(x, drawing.text[written++]);
        }
        x += gap;
    }
    // Lines that the scanner lost in places.
    for (int i = pick(random, 4); i > 0; --i) {
        const double at = uniform(random, kLeft, right);
        pen.fill(at, kTop + high - 2, at + uniform(random, 2, 6), kTop + high + 2, 255);
    }
    for (const auto& [at, character] : places) {
        if (character != ' ') write(page, ink(character), scale, at, kTop, wide, high, random);
    }
    if (drawing.crossed_out) strike(pen, kLeft, right, kTop, high, random);
    return {scan(page, drawing, scale, random),
            cv::Rect(kLeft, kTop, static_cast<int>(right - kLeft), static_cast<int>(high))};
}

}  // namespace pleiade::reader::digits
