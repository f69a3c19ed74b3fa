#include "services/reader/forms/alignment.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "services/reader/forms/page_look.h"

namespace pleiade::reader::forms {
namespace {

constexpr int kTrials = 400;
constexpr double kScaleMin = 0.88, kScaleMax = 1.14;
constexpr double kTurnMax = 0.07;   // radians: what orientation may have left
constexpr double kApartMin = 40;    // small pixels (20 mm): nearer pairs fix no scale
constexpr double kAgreeWithin = 3;  // small pixels: 1.5 mm
constexpr std::size_t kAgreeingMin = 7;

// The similarity that takes two points to two others.
cv::Matx33d through(const LandmarkMatch& a, const LandmarkMatch& b) {
    const cv::Point2d from = b.on_form - a.on_form, to = b.on_page - a.on_page;
    const double n = from.dot(from);
    const double c = from.dot(to) / n, s = (from.x * to.y - from.y * to.x) / n;
    return {c, -s, a.on_page.x - c * a.on_form.x + s * a.on_form.y,
            s, c,  a.on_page.y - s * a.on_form.x - c * a.on_form.y,
            0, 0,  1};
}

bool is_plausible(const cv::Matx33d& m) {
    const double scale = std::hypot(m(0, 0), m(1, 0));
    return scale >= kScaleMin && scale <= kScaleMax && std::abs(std::atan2(m(1, 0), m(0, 0))) <= kTurnMax;
}

std::vector<std::size_t> agreeing(const std::vector<LandmarkMatch>& matches, const cv::Matx33d& map, double within) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        const cv::Point2d off = mapped(map, matches[i].on_form) - cv::Point2d(matches[i].on_page);
        if (off.dot(off) <= within * within) found.push_back(i);
    }
    return found;
}

double weight_of(const std::vector<LandmarkMatch>& matches, const std::vector<std::size_t>& which) {
    return std::accumulate(which.begin(), which.end(), 0.0,
                           [&](double sum, std::size_t i) { return sum + matches[i].weight; });
}

}  // namespace

std::optional<cv::Matx33d> fit_map(const std::vector<cv::Point2d>& from, const std::vector<cv::Point2d>& to,
                                   const std::vector<double>& weights, bool perspective) {
    const int unknowns = perspective ? 8 : 6;
    if (from.size() * 2 < static_cast<std::size_t>(unknowns)) return std::nullopt;
    // About the middle, in units of a page's side: the equations stay well conditioned.
    cv::Point2d middle(0, 0);
    for (const auto& p : from) middle += p;
    middle = middle * (1.0 / static_cast<double>(from.size()));
    constexpr double kUnit = 500;
    cv::Mat normal = cv::Mat::zeros(unknowns, unknowns, CV_64F), right = cv::Mat::zeros(unknowns, 1, CV_64F);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const double x = (from[i].x - middle.x) / kUnit, y = (from[i].y - middle.y) / kUnit;
        const cv::Point2d t = (to[i] - middle) * (1 / kUnit);
        const double rows[2][8] = {{x, y, 1, 0, 0, 0, -x * t.x, -y * t.x}, {0, 0, 0, x, y, 1, -x * t.y, -y * t.y}};
        const double goal[2] = {t.x, t.y};
        for (int row = 0; row < 2; ++row) {
            for (int a = 0; a < unknowns; ++a) {
                for (int b = 0; b < unknowns; ++b) normal.at<double>(a, b) += weights[i] * rows[row][a] * rows[row][b];
                right.at<double>(a) += weights[i] * rows[row][a] * goal[row];
            }
        }
    }
    cv::Mat solution;
    if (!cv::solve(normal, right, solution, cv::DECOMP_CHOLESKY)) return std::nullopt;
    const auto s = [&](int i) { return i < unknowns ? solution.at<double>(i) : 0.0; };
    const cv::Matx33d inner(s(0), s(1), s(2), s(3), s(4), s(5), s(6), s(7), 1);
    const cv::Matx33d to_unit(1 / kUnit, 0, -middle.x / kUnit, 0, 1 / kUnit, -middle.y / kUnit, 0, 0, 1);
    const cv::Matx33d from_unit(kUnit, 0, middle.x, 0, kUnit, middle.y, 0, 0, 1);
    cv::Matx33d map = from_unit * inner * to_unit;
    if (std::abs(map(2, 2)) < 1e-9) return std::nullopt;
    return map * (1 / map(2, 2));
}

std::optional<RoughAlignment> align_landmarks(const std::vector<LandmarkMatch>& matches) {
    if (matches.size() < kAgreeingMin) return std::nullopt;
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> pick(0, matches.size() - 1);
    double best_weight = 0;
    std::vector<std::size_t> best;
    for (int trial = 0; trial < kTrials; ++trial) {
        const auto& a = matches[pick(random)];
        const auto& b = matches[pick(random)];
        const auto apart = a.on_form - b.on_form;
        if (apart.dot(apart) < kApartMin * kApartMin) continue;
        const auto map = through(a, b);
        if (!is_plausible(map)) continue;
        auto found = agreeing(matches, map, kAgreeWithin);
        const double weight = weight_of(matches, found);
        if (weight > best_weight) {
            best_weight = weight;
            best = std::move(found);
        }
    }
    RoughAlignment rough;
    for (int round = 0; round < 2; ++round) {
        if (best.size() < kAgreeingMin) return std::nullopt;
        std::vector<cv::Point2d> from, to;
        for (const auto i : best) {
            from.emplace_back(matches[i].on_form);
            to.emplace_back(matches[i].on_page);
        }
        const auto map = fit_map(from, to, std::vector<double>(from.size(), 1.0), false);
        if (!map || !is_plausible(*map)) return std::nullopt;
        rough.to_page = *map;
        best = agreeing(matches, *map, kAgreeWithin);
    }
    std::vector<std::pair<float, float>> places;
    for (const auto i : best) places.emplace_back(matches[i].on_page.x, matches[i].on_page.y);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    if (places.size() < kAgreeingMin) return std::nullopt;
    rough.agreeing = static_cast<int>(places.size());
    return rough;
}

}  // namespace pleiade::reader::forms
