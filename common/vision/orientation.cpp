#include "common/vision/orientation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace pleiade::vision {
namespace {

constexpr double kSkewMax = 15;
constexpr std::size_t kLettersMax = 6000;
constexpr std::size_t kLettersMin = 15;
constexpr double kSlopeThatDistorts = 0.6;

struct Letter {
    float left, top, right, bottom;
};

std::vector<Letter> letters_of(const std::vector<Mark>& marks) {
    const double low = PageSketch::pixels(0.9), high = PageSketch::pixels(9);
    std::vector<Letter> letters;
    for (const Mark& mark : marks) {
        const int w = mark.box.width, h = mark.box.height;
        const int longer = std::max(w, h), shorter = std::min(w, h);
        if (longer < low || longer > high || shorter < 2 || longer > 8 * shorter) continue;
        if (mark.area * 10 < w * h) continue;  // corners and boxes of forms
        letters.push_back({float(mark.box.x), float(mark.box.y), float(mark.box.x + w), float(mark.box.y + h)});
    }
    // Evenly thinned, so that dense pages cost no more.
    if (letters.size() > kLettersMax) {
        std::vector<Letter> kept;
        for (std::size_t i = 0; i < kLettersMax; ++i) kept.push_back(letters[i * letters.size() / kLettersMax]);
        letters.swap(kept);
    }
    return letters;
}

enum Side { kBottom, kTop, kRight, kLeft };

// How well that side of all letters falls on common lines at that slope: the share of pairs within a pixel.
class Alignment {
  public:
    Alignment(const std::vector<Letter>& letters, cv::Size size)
        : letters_(letters), bins_(static_cast<std::size_t>(2 * (size.width + size.height) + 16)) {
        offset_ = static_cast<float>(bins_.size()) / 2;
    }

    double score(Side side, double slope_degrees) {
        std::fill(bins_.begin(), bins_.end(), 0u);
        const float slope = static_cast<float>(std::tan(slope_degrees * std::numbers::pi / 180));
        for (const Letter& l : letters_) {
            const float at = side == kBottom  ? l.bottom - slope * (l.left + l.right) / 2
                             : side == kTop   ? l.top - slope * (l.left + l.right) / 2
                             : side == kRight ? l.right + slope * (l.top + l.bottom) / 2
                                              : l.left + slope * (l.top + l.bottom) / 2;
            ++bins_[static_cast<std::size_t>(std::clamp(at + offset_, 1.0f, static_cast<float>(bins_.size() - 2)))];
        }
        double energy = 0;
        for (std::size_t i = 1; i < bins_.size(); ++i) {
            const double here = bins_[i];
            energy += here * here + here * bins_[i - 1];
        }
        const double n = static_cast<double>(letters_.size());
        return energy / (n * n);
    }

  private:
    const std::vector<Letter>& letters_;
    std::vector<unsigned> bins_;
    float offset_;
};

struct Best {
    double slope = 0, score = 0;
};

// The marks as they stand once the page is turned clockwise: the box of a leaning letter says little about its foot.
std::vector<Mark> straightened(const cv::Mat& ink, double degrees) {
    cv::Mat turned;
    const cv::Point2f middle(static_cast<float>(ink.cols) / 2, static_cast<float>(ink.rows) / 2);
    cv::warpAffine(ink, turned, cv::getRotationMatrix2D(middle, -degrees, 1), ink.size(), cv::INTER_LINEAR);
    cv::threshold(turned, turned, 127, 255, cv::THRESH_BINARY);
    return find_marks(turned, 2);
}

// Lines of text: both edges of the letters count, so that the slope is found the same upside down.
Best best_slope(Alignment& alignment, Side one, Side other, double from, double to, double step) {
    Best best;
    const auto attempt = [&](double slope) {
        const double score = alignment.score(one, slope) + alignment.score(other, slope);
        if (score > best.score) best = {slope, score};
    };
    for (double slope = from; slope <= to + 1e-9; slope += step) attempt(slope);
    return best;
}

Best best_slope(Alignment& alignment, Side one, Side other) {
    Best best = best_slope(alignment, one, other, -kSkewMax, kSkewMax, 0.5);
    best = best_slope(alignment, one, other, best.slope - 0.4, best.slope + 0.4, 0.1);
    return best_slope(alignment, one, other, best.slope - 0.075, best.slope + 0.075, 0.025);
}

}  // namespace

Orientation find_orientation(const PageSketch& sketch) {
    Orientation found;
    std::vector<Letter> letters = letters_of(sketch.marks);
    if (letters.size() < kLettersMin) return found;
    const cv::Size size = sketch.grey.size();
    Alignment as_it_lies(letters, size);
    const Best level = best_slope(as_it_lies, kBottom, kTop);
    const Best upright = best_slope(as_it_lies, kRight, kLeft);
    const bool horizontal = level.score >= upright.score;
    Best best = horizontal ? level : upright;
    const double lines = (best.score - std::min(level.score, upright.score)) / best.score;

    const Side foot = horizontal ? kBottom : kRight, head = horizontal ? kTop : kLeft;
    double turned_by = 0;
    if (std::abs(best.slope) > kSlopeThatDistorts) {
        turned_by = -best.slope;
        letters = letters_of(straightened(sketch.ink, turned_by));
        if (letters.size() < kLettersMin) return found;
    }
    Alignment straight(letters, size);
    if (turned_by != 0) best = best_slope(straight, foot, head, -0.4, 0.4, 0.05);
    const double at_foot = straight.score(foot, best.slope), at_head = straight.score(head, best.slope);
    const double half_turn = (at_foot - at_head) / (at_foot + at_head);
    if (horizontal) {
        found.rotation = half_turn >= 0 ? 0 : 180;
    } else {
        found.rotation = half_turn >= 0 ? 90 : 270;
    }
    found.skew_degrees = turned_by - best.slope;
    // Of the real pages at hand, print lies above 0.29 and mostly above 0.5; misjudged handwriting reaches 0.46.
    found.lines_certain = lines > 0.5 && letters.size() >= 40;
    found.certainty = std::min({1.0, std::abs(half_turn) / 0.2, lines / 0.7});
    if (letters.size() < 40) found.certainty = std::min(found.certainty, 0.4);
    return found;
}

}  // namespace pleiade::vision
