#include "services/reader/forms/rivals.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <random>

#include "services/reader/forms/laid_print.h"

namespace pleiade::reader::forms {
namespace {

constexpr int kPlace = 30;  // pixels: 5 mm, a word or two
constexpr int kApart = 7;   // width of the neighbourhood in which the other's ink is the same ink: +-0.5 mm
constexpr std::size_t kPointsMin = 12;
constexpr std::size_t kPointsMax = 48;
constexpr double kPresent = 0.82, kAbsent = 0.5;
constexpr int kDominates = 4;  // times as many places as the other

cv::Mat widened(const cv::Mat& ink) {
    cv::Mat wide;
    cv::dilate(ink, wide, cv::getStructuringElement(cv::MORPH_RECT, {kApart, kApart}));
    return wide;
}

double share_on_ink(const std::vector<cv::Point2f>& points, const PageLook& page, const cv::Matx33d& map) {
    double best = 0;
    for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
            int hits = 0;
            for (const auto& point : points) {
                const auto p = mapped(map, point);
                const int x = cvRound(p.x) + dx, y = cvRound(p.y) + dy;
                if (x < 0 || y < 0 || x >= page.near.cols || y >= page.near.rows) continue;
                hits += page.near.ptr<std::uint8_t>(y)[x] != 0 ? 1 : 0;
            }
            best = std::max(best, static_cast<double>(hits) / static_cast<double>(points.size()));
        }
    }
    return best;
}

}  // namespace

Differences differences(const cv::Mat& first, const cv::Mat& second, const cv::Matx33d& second_to_first) {
    const cv::Mat laid = laid_print(second, second_to_first, first.size());
    cv::Mat only_first, only_second;
    cv::bitwise_and(first, ~widened(laid), only_first);
    cv::bitwise_and(laid, ~widened(first), only_second);
    std::map<std::pair<int, int>, Differences::Place> by_place;
    const auto collect = [&](const cv::Mat& mask, std::vector<cv::Point2f> Differences::Place::*where) {
        std::vector<cv::Point> points;
        cv::findNonZero(mask, points);
        for (const auto& p : points) (by_place[{p.y / kPlace, p.x / kPlace}].*where).emplace_back(p);
    };
    collect(only_first, &Differences::Place::only_first);
    collect(only_second, &Differences::Place::only_second);
    Differences found;
    std::mt19937 random(3);
    for (auto& [cell, place] : by_place) {
        for (auto* points : {&place.only_first, &place.only_second}) {
            if (points->size() < kPointsMin) points->clear();
            std::shuffle(points->begin(), points->end(), random);
            if (points->size() > kPointsMax) points->resize(kPointsMax);
        }
        if (place.only_first.empty() && place.only_second.empty()) continue;
        place.centre = {(cell.second + 0.5) * kPlace, (cell.first + 0.5) * kPlace};
        found.places.push_back(std::move(place));
    }
    return found;
}

Choice choose(const Differences& differences, const PageLook& page, const cv::Matx33d& first_to_scan) {
    int first = 0, second = 0;
    bool both_asked = false;  // one place where each has ink of its own is proof; elsewhere two places are
    for (const auto& place : differences.places) {
        const auto state = [&](const std::vector<cv::Point2f>& points) {
            if (points.empty()) return 0;
            const double share = share_on_ink(points, page, first_to_scan);
            return share >= kPresent ? 1 : share <= kAbsent ? -1 : 2;
        };
        const int own = state(place.only_first), other = state(place.only_second);
        if (own == 2 || other == 2 || own == other) continue;  // neither, both, or half there: written over
        const bool for_first = own == 1 || other == -1;
        const bool for_second = own == -1 || other == 1;
        if (for_first == for_second) continue;
        (for_first ? first : second) += 1;
        both_asked |= own != 0 && other != 0;
    }
    const int enough = both_asked ? 1 : 2;
    if (first >= enough && first >= kDominates * second) return Choice::First;
    if (second >= enough && second >= kDominates * first) return Choice::Second;
    return Choice::CannotTell;
}

}  // namespace pleiade::reader::forms
