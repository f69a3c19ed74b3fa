#include "services/reader/forms/landmarks.h"

#include <algorithm>
#include <cmath>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

namespace pleiade::reader::forms {
namespace {

constexpr int kFastThreshold = 14;
constexpr int kCell = 16;  // small pixels: 8 mm
constexpr int kEdge = 20;  // ORB describes nothing nearer to the edge

// The strongest of each cell first, then the second of each, and so on until there are `most`.
std::vector<cv::KeyPoint> spread(std::vector<cv::KeyPoint> points, cv::Size size, int most) {
    const int columns = size.width / kCell + 1;
    const auto cell_of = [&](const cv::KeyPoint& p) {
        return static_cast<int>(p.pt.y) / kCell * columns + static_cast<int>(p.pt.x) / kCell;
    };
    const auto before = [&](const cv::KeyPoint& a, const cv::KeyPoint& b) {
        if (a.response != b.response) return a.response > b.response;
        return a.pt.y != b.pt.y ? a.pt.y < b.pt.y : a.pt.x < b.pt.x;
    };
    std::sort(points.begin(), points.end(), [&](const cv::KeyPoint& a, const cv::KeyPoint& b) {
        const int cell_a = cell_of(a), cell_b = cell_of(b);
        return cell_a != cell_b ? cell_a < cell_b : before(a, b);
    });
    int rank = 0, cell = -1;
    for (auto& point : points) {
        const int own = cell_of(point);
        rank = own == cell ? rank + 1 : 0;
        cell = own;
        point.class_id = rank;
    }
    std::sort(points.begin(), points.end(), [&](const cv::KeyPoint& a, const cv::KeyPoint& b) {
        return a.class_id != b.class_id ? a.class_id < b.class_id : before(a, b);
    });
    if (points.size() > static_cast<std::size_t>(most)) points.resize(static_cast<std::size_t>(most));
    return points;
}

}  // namespace

Landmarks find_landmarks(const cv::Mat& small, int most) {
    Landmarks found;
    if (small.cols <= 2 * kEdge || small.rows <= 2 * kEdge) return found;
    cv::Mat smooth;
    cv::GaussianBlur(small, smooth, {5, 5}, 1.2);
    std::vector<cv::KeyPoint> points;
    cv::FAST(smooth, points, kFastThreshold, true);
    cv::KeyPointsFilter::runByImageBorder(points, small.size(), kEdge);
    points = spread(std::move(points), small.size(), most);
    for (auto& point : points) {
        point.angle = 0;
        point.octave = 0;
        point.size = 31;
    }
    static const auto orb = cv::ORB::create(10'000, 1.2f, 1, kEdge, 0, 2, cv::ORB::FAST_SCORE, 31, kFastThreshold);
    orb->compute(small, points, found.descriptions);
    for (const auto& point : points) found.at.push_back(point.pt);
    return found;
}

}  // namespace pleiade::reader::forms
