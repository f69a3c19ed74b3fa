// Figures as pens write them: strokes through a few points, which are moved a little each time.
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "common/base/check.h"
#include "services/reader/digits/training/drawn_figure.h"

namespace pleiade::reader::digits {
namespace {

using Stroke = std::vector<cv::Point2d>;  // in a box of 1 x 1, y downwards
using Shape = std::vector<Stroke>;

// The ways of writing each: what French schools teach first, then what is met besides.
const std::array<std::vector<Shape>, 12>& shapes() {
    static const std::array<std::vector<Shape>, 12> all = {{
        // 0
        {{{{0.55, 0.0}, {0.15, 0.2}, {0.08, 0.6}, {0.35, 1.0}, {0.75, 0.9}, {0.92, 0.5}, {0.8, 0.12}, {0.5, 0.0}}},
         {{{0.7, 0.05}, {0.3, 0.05}, {0.08, 0.5}, {0.3, 0.97}, {0.7, 0.97}, {0.92, 0.5}, {0.75, 0.1}, {0.6, 0.02}}},
         {{{0.45, 0.08}, {0.12, 0.4}, {0.2, 0.9}, {0.6, 1.0}, {0.9, 0.65}, {0.8, 0.2}, {0.5, 0.0}, {0.3, 0.12}}}},
        // 1: with the long upstroke, a short one, none, a foot
        {{{{0.1, 0.55}, {0.35, 0.3}, {0.62, 0.0}}, {{0.62, 0.0}, {0.62, 0.5}, {0.62, 1.0}}},
         {{{0.0, 0.75}, {0.35, 0.35}, {0.65, 0.0}}, {{0.65, 0.0}, {0.63, 0.5}, {0.6, 1.0}}},
         {{{0.3, 0.28}, {0.55, 0.0}, {0.55, 0.02}, {0.53, 0.5}, {0.52, 1.0}}},
         {{{0.2, 0.4}, {0.55, 0.0}, {0.56, 0.5}, {0.55, 1.0}}},
         {{{0.5, 0.0}, {0.5, 0.5}, {0.5, 1.0}}},
         {{{0.25, 0.3}, {0.52, 0.0}}, {{0.52, 0.0}, {0.52, 1.0}}, {{0.22, 1.0}, {0.82, 1.0}}}},
        // 2
        {{{{0.1, 0.28},
           {0.25, 0.05},
           {0.6, 0.0},
           {0.85, 0.22},
           {0.7, 0.52},
           {0.35, 0.8},
           {0.08, 1.0},
           {0.5, 0.98},
           {0.92, 1.0}}},
         {{{0.12, 0.2},
           {0.5, 0.0},
           {0.82, 0.2},
           {0.6, 0.6},
           {0.25, 0.95},
           {0.08, 0.9},
           {0.2, 0.78},
           {0.5, 0.92},
           {0.92, 0.95}}},
         {{{0.1, 0.15}, {0.45, 0.0}, {0.8, 0.18}, {0.55, 0.55}, {0.1, 0.98}, {0.12, 1.0}, {0.9, 0.96}}}},
        // 3
        {{{{0.12, 0.15},
           {0.5, 0.0},
           {0.82, 0.2},
           {0.65, 0.42},
           {0.4, 0.47},
           {0.7, 0.52},
           {0.88, 0.75},
           {0.5, 1.0},
           {0.08, 0.85}}},
         {{{0.15, 0.03}, {0.85, 0.03}, {0.85, 0.05}, {0.45, 0.4}, {0.75, 0.48}, {0.88, 0.75}, {0.5, 1.0}, {0.1, 0.88}}},
         {{{0.15, 0.1}, {0.6, 0.02}, {0.75, 0.25}, {0.4, 0.48}, {0.42, 0.5}, {0.85, 0.65}, {0.7, 0.95}, {0.1, 0.95}}}},
        // 4: open, the second stroke short or long; closed
        {{{{0.35, 0.0}, {0.22, 0.35}, {0.08, 0.65}, {0.5, 0.62}, {0.92, 0.6}},
          {{0.65, 0.35}, {0.62, 0.7}, {0.58, 1.0}}},
         {{{0.2, 0.0}, {0.15, 0.3}, {0.1, 0.52}, {0.5, 0.52}, {0.85, 0.5}}, {{0.75, 0.0}, {0.73, 0.5}, {0.7, 1.0}}},
         {{{0.5, 0.0}, {0.25, 0.4}, {0.02, 0.72}, {0.45, 0.7}, {0.95, 0.7}}, {{0.6, 0.42}, {0.6, 0.7}, {0.6, 1.0}}},
         {{{0.65, 0.0}, {0.35, 0.35}, {0.05, 0.68}, {0.5, 0.68}, {0.95, 0.68}},
          {{0.65, 0.0}, {0.65, 0.5}, {0.65, 1.0}}},
         {{{0.1, 0.02}, {0.12, 0.3}, {0.4, 0.48}, {0.8, 0.4}}, {{0.8, 0.0}, {0.8, 0.5}, {0.75, 1.0}}}},
        // 5: in one stroke, and with its hat apart
        {{{{0.85, 0.02},
           {0.3, 0.03},
           {0.28, 0.05},
           {0.2, 0.45},
           {0.55, 0.38},
           {0.85, 0.6},
           {0.7, 0.93},
           {0.35, 1.0},
           {0.08, 0.88}}},
         {{{0.3, 0.05}, {0.25, 0.42}, {0.6, 0.4}, {0.85, 0.68}, {0.55, 1.0}, {0.1, 0.92}},
          {{0.3, 0.04}, {0.6, 0.02}, {0.9, 0.0}}},
         {{{0.25, 0.08}, {0.2, 0.45}, {0.6, 0.38}, {0.82, 0.65}, {0.5, 1.0}, {0.08, 0.9}}, {{0.35, 0.0}, {0.9, 0.04}}}},
        // 6
        {{{{0.75, 0.0},
           {0.35, 0.25},
           {0.1, 0.65},
           {0.3, 0.98},
           {0.7, 0.95},
           {0.88, 0.7},
           {0.6, 0.5},
           {0.25, 0.6},
           {0.12, 0.75}}},
         {{{0.55, 0.0}, {0.2, 0.4}, {0.1, 0.8}, {0.5, 1.0}, {0.85, 0.8}, {0.7, 0.55}, {0.35, 0.55}, {0.15, 0.75}}},
         {{{0.88, 0.06}, {0.45, 0.1}, {0.12, 0.55}, {0.35, 1.0}, {0.85, 0.85}, {0.7, 0.55}, {0.2, 0.65}}}},
        // 7: barred, plain, with a hook
        {{{{0.08, 0.05}, {0.5, 0.04}, {0.9, 0.02}},
          {{0.9, 0.02}, {0.65, 0.5}, {0.42, 1.0}},
          {{0.3, 0.52}, {0.55, 0.5}, {0.85, 0.48}}},
         {{{0.08, 0.05}, {0.9, 0.03}, {0.9, 0.05}, {0.62, 0.5}, {0.5, 1.0}}, {{0.35, 0.5}, {0.8, 0.5}}},
         {{{0.08, 0.2}, {0.12, 0.04}, {0.5, 0.06}, {0.9, 0.02}},
          {{0.9, 0.02}, {0.6, 0.5}, {0.4, 1.0}},
          {{0.25, 0.55}, {0.8, 0.45}}},
         {{{0.1, 0.04}, {0.85, 0.02}, {0.86, 0.04}, {0.6, 0.5}, {0.4, 1.0}}},
         {{{0.1, 0.15}, {0.12, 0.03}, {0.88, 0.02}, {0.88, 0.05}, {0.6, 0.45}, {0.45, 1.0}}}},
        // 8
        {{{{0.8, 0.18},
           {0.5, 0.0},
           {0.2, 0.2},
           {0.5, 0.47},
           {0.85, 0.75},
           {0.5, 1.0},
           {0.12, 0.78},
           {0.5, 0.5},
           {0.82, 0.2}}},
         {{{0.5, 0.48},
           {0.2, 0.25},
           {0.5, 0.0},
           {0.8, 0.22},
           {0.5, 0.48},
           {0.15, 0.75},
           {0.5, 1.0},
           {0.88, 0.75},
           {0.52, 0.5}}},
         {{{0.85, 0.1}, {0.45, 0.02}, {0.2, 0.22}, {0.75, 0.65}, {0.6, 0.98}, {0.2, 0.9}, {0.35, 0.6}, {0.85, 0.12}}}},
        // 9
        {{{{0.82, 0.2}, {0.5, 0.0}, {0.15, 0.25}, {0.4, 0.5}, {0.8, 0.3}}, {{0.85, 0.1}, {0.82, 0.55}, {0.7, 1.0}}},
         {{{0.85, 0.25}, {0.5, 0.0}, {0.12, 0.25}, {0.4, 0.52}, {0.83, 0.28}, {0.85, 0.6}, {0.6, 0.95}, {0.15, 0.95}}},
         {{{0.8, 0.15}, {0.4, 0.02}, {0.15, 0.35}, {0.5, 0.5}, {0.8, 0.18}, {0.75, 0.6}, {0.55, 1.0}}}},
        // A
        {{{{0.5, 0.0}, {0.28, 0.5}, {0.05, 1.0}}, {{0.5, 0.0}, {0.72, 0.5}, {0.95, 1.0}}, {{0.22, 0.62}, {0.8, 0.62}}},
         {{{0.05, 1.0}, {0.3, 0.2}, {0.5, 0.0}, {0.7, 0.2}, {0.92, 1.0}}, {{0.15, 0.6}, {0.85, 0.6}}}},
        // B
        {{{{0.15, 0.0}, {0.15, 0.5}, {0.15, 1.0}},
          {{0.15, 0.02}, {0.7, 0.05}, {0.75, 0.35}, {0.2, 0.48}},
          {{0.2, 0.48}, {0.85, 0.6}, {0.8, 0.95}, {0.15, 1.0}}},
         {{{0.15, 1.0},
           {0.15, 0.5},
           {0.15, 0.0},
           {0.75, 0.1},
           {0.65, 0.4},
           {0.2, 0.48},
           {0.8, 0.58},
           {0.75, 0.95},
           {0.15, 0.98}}}},
    }};
    return all;
}

constexpr int kHigh = 56;
constexpr int kMargin = 18;

// A smooth curve through the points (Catmull-Rom).
std::vector<cv::Point> curve(const Stroke& points, double wide, double high, int shift) {
    std::vector<cv::Point> drawn;
    const auto at = [&](std::size_t i) { return points[std::min(i, points.size() - 1)]; };
    constexpr int kSteps = 6;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const auto before = i == 0 ? points[0] : points[i - 1];
        const auto from = points[i], to = at(i + 1), after = at(i + 2);
        for (int step = 0; step <= kSteps; ++step) {
            const double t = static_cast<double>(step) / kSteps;
            const auto p = 0.5 * (2 * from + t * (to - before) + t * t * (2 * before - 5 * from + 4 * to - after) +
                                  t * t * t * (3 * from - before - 3 * to + after));
            drawn.emplace_back(static_cast<int>(std::lround((kMargin + p.x * wide) * (1 << shift))),
                               static_cast<int>(std::lround((kMargin + p.y * high) * (1 << shift))));
        }
    }
    return drawn;
}

cv::Mat draw(const Shape& shape, double width_share, double jitter, Random& random) {
    constexpr int kShift = 4;
    const double high = kHigh;
    const double wide = high * width_share;
    cv::Mat canvas(kHigh + 2 * kMargin, static_cast<int>(wide) + 2 * kMargin, CV_8UC1, cv::Scalar(0));
    const int pen = static_cast<int>(std::lround(uniform(random, 2.6, 9)));
    std::normal_distribution<double> move(0, jitter);
    for (const auto& stroke : shape) {
        Stroke moved = stroke;
        const cv::Point2d whole(move(random) * 0.6, move(random) * 0.6);
        for (auto& point : moved) point += whole + cv::Point2d(move(random), move(random));
        cv::polylines(canvas, curve(moved, wide, high, kShift), false, cv::Scalar(255), pen, cv::LINE_AA, kShift);
    }
    return canvas;
}

Shape random_strokes(Random& random) {
    Shape shape(static_cast<std::size_t>(1 + pick(random, 4)));
    for (auto& stroke : shape) {
        const int points = 2 + pick(random, 6);
        for (int i = 0; i < points; ++i) stroke.emplace_back(uniform(random, 0, 1), uniform(random, 0, 1));
    }
    return shape;
}

}  // namespace

cv::Mat write_figure(int kind, Random& random) {
    PLEIADE_CHECK(kind >= 0 && kind < static_cast<int>(shapes().size()));
    const auto& ways = shapes()[static_cast<std::size_t>(kind)];
    // The first way, the one that schools teach, as often as all the others.
    const auto way = chance(random, 0.3) ? 0 : pick(random, ways.size());
    const double width = kind == 1 ? uniform(random, 0.35, 0.8) : uniform(random, 0.45, 0.9);
    return draw(ways[static_cast<std::size_t>(way)], width, uniform(random, 0.015, 0.05), random);
}

cv::Mat write_scrawl(Random& random) {
    // Letters that are nothing like a figure, as strokes.
    static const std::vector<Shape> letters = {
        {{{0.9, 0.1}, {0.4, 0.02}, {0.08, 0.5}, {0.4, 0.98}, {0.9, 0.88}}},                        // C
        {{{0.9, 0.0}, {0.1, 0.0}, {0.1, 1.0}, {0.9, 1.0}}, {{0.1, 0.5}, {0.7, 0.5}}},              // E
        {{{0.1, 0.0}, {0.1, 1.0}}, {{0.1, 0.0}, {0.9, 0.0}}, {{0.1, 0.45}, {0.7, 0.45}}},          // F
        {{{0.1, 0.0}, {0.1, 1.0}}, {{0.9, 0.0}, {0.9, 1.0}}, {{0.1, 0.5}, {0.9, 0.5}}},            // H
        {{{0.1, 0.0}, {0.1, 1.0}}, {{0.9, 0.0}, {0.1, 0.5}}, {{0.2, 0.45}, {0.9, 1.0}}},           // K
        {{{0.1, 0.0}, {0.1, 0.98}, {0.1, 1.0}, {0.9, 1.0}}},                                       // L
        {{{0.05, 1.0}, {0.1, 0.0}, {0.5, 0.6}, {0.9, 0.0}, {0.95, 1.0}}},                          // M
        {{{0.1, 1.0}, {0.1, 0.0}, {0.9, 1.0}, {0.9, 0.0}}},                                        // N
        {{{0.1, 1.0}, {0.1, 0.0}, {0.8, 0.1}, {0.75, 0.45}, {0.12, 0.5}}},                         // P
        {{{0.1, 1.0}, {0.1, 0.0}, {0.8, 0.1}, {0.7, 0.45}, {0.15, 0.5}, {0.9, 1.0}}},              // R
        {{{0.0, 0.02}, {1.0, 0.02}}, {{0.5, 0.0}, {0.5, 1.0}}},                                    // T
        {{{0.1, 0.0}, {0.1, 0.7}, {0.5, 1.0}, {0.9, 0.7}, {0.9, 0.0}}},                            // U
        {{{0.05, 0.0}, {0.5, 1.0}, {0.95, 0.0}}},                                                  // V
        {{{0.05, 0.0}, {0.95, 1.0}}, {{0.95, 0.0}, {0.05, 1.0}}},                                  // X
        {{{0.02, 0.4}, {0.98, 0.35}}},                                                             // a dash
        {{{0.95, 0.0}, {0.05, 1.0}}},                                                              // a slash
        {{{0.0, 0.2}, {0.2, 0.9}, {0.35, 0.1}, {0.5, 0.9}, {0.65, 0.1}, {0.8, 0.9}, {1.0, 0.2}}},  // a scribble
    };
    if (chance(random, 0.35)) return draw(random_strokes(random), uniform(random, 0.5, 1.2), 0.02, random);
    return draw(letters[static_cast<std::size_t>(pick(random, letters.size()))], uniform(random, 0.5, 1.0),
                uniform(random, 0.015, 0.05), random);
}

cv::Mat spoil(const cv::Mat& figure, const cv::Mat& other, Random& random) {
    cv::Mat canvas = figure.clone();
    const int way = pick(random, 4);
    if (way == 3) {  // two in one box, side by side or one over the other
        const int apart = chance(random, 0.6) ? static_cast<int>(uniform(random, 0.45, 0.9) * figure.cols) : 0;
        cv::Mat both(std::max(figure.rows, other.rows), std::max(figure.cols, other.cols + apart), CV_8UC1,
                     cv::Scalar(0));
        figure.copyTo(both(cv::Rect(0, 0, figure.cols, figure.rows)));
        cv::Mat place = both(cv::Rect(apart, 0, other.cols, other.rows));
        cv::max(place, other, place);
        return both;
    }
    const int pen = static_cast<int>(std::lround(uniform(random, 2.6, 8)));
    const auto box = cv::boundingRect(figure);
    const auto across = [&](double x, double y) {
        return cv::Point(static_cast<int>(box.x + x * box.width), static_cast<int>(box.y + y * box.height));
    };
    if (way == 0) {  // one or two long strokes through it, well past its sides
        for (int i = 0; i < 1 + pick(random, 2); ++i) {
            cv::line(canvas, across(-0.3, uniform(random, 0.25, 0.75)), across(1.3, uniform(random, 0.25, 0.75)),
                     cv::Scalar(255), pen, cv::LINE_AA);
        }
    } else if (way == 1) {  // crossed out
        cv::line(canvas, across(-0.1, uniform(random, -0.1, 0.2)), across(1.1, uniform(random, 0.8, 1.1)),
                 cv::Scalar(255), pen, cv::LINE_AA);
        cv::line(canvas, across(1.1, uniform(random, -0.1, 0.2)), across(-0.1, uniform(random, 0.8, 1.1)),
                 cv::Scalar(255), pen, cv::LINE_AA);
    } else {  // scribbled over
        auto from = across(uniform(random, 0, 1), uniform(random, 0, 1));
        for (int i = 0; i < 6 + pick(random, 8); ++i) {
            const auto to = across(uniform(random, -0.1, 1.1), uniform(random, -0.05, 1.05));
            cv::line(canvas, from, to, cv::Scalar(255), pen, cv::LINE_AA);
            from = to;
        }
    }
    return canvas;
}

}  // namespace pleiade::reader::digits
