#include "services/reader/leaders.h"

#include <algorithm>
#include <cmath>

namespace pleiade::reader {
namespace {

constexpr int kDotWidthMax = 12, kDotHeightMax = 6;  // 1.5 mm, 0.8 mm
constexpr int kStepMax = 26;                         // 3.3 mm, from middle to middle
constexpr double kMissingMax = 3.5;                  // steps without a dot, under what is written
constexpr double kOffLine = 2;                       // pixels up or down from one dot to the next
constexpr double kOffStep = 1.6;
constexpr std::size_t kDotsMin = 10;
constexpr double kRegular = 0.75;  // of the steps

struct Chain {
    std::vector<cv::Rect> dots;
    std::vector<double> steps;
};

double middle_x(const cv::Rect& dot) {
    return dot.x + dot.width / 2.0;
}
double middle_y(const cv::Rect& dot) {
    return dot.y + dot.height / 2.0;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double reach_of(const Chain& chain) {
    return chain.steps.size() < 3 ? kStepMax : kMissingMax * median(chain.steps);
}

bool is_leader(const Chain& chain) {
    if (chain.dots.size() < kDotsMin) return false;
    const double step = median(chain.steps);
    const auto regular = std::count_if(chain.steps.begin(), chain.steps.end(), [&](double one) {
        const double times = std::max(1.0, std::round(one / step));
        return std::abs(one - times * step) <= kOffStep;
    });
    return static_cast<double>(regular) >= kRegular * static_cast<double>(chain.steps.size());
}

}  // namespace

std::vector<cv::Rect> leader_dots(const std::vector<cv::Rect>& boxes) {
    std::vector<cv::Rect> small;
    std::copy_if(boxes.begin(), boxes.end(), std::back_inserter(small),
                 [](const cv::Rect& box) { return box.width <= kDotWidthMax && box.height <= kDotHeightMax; });
    std::sort(small.begin(), small.end(),
              [](const cv::Rect& a, const cv::Rect& b) { return middle_x(a) < middle_x(b); });
    std::vector<Chain> open;
    std::vector<cv::Rect> dots;
    const auto close = [&](const Chain& chain) {
        if (is_leader(chain)) dots.insert(dots.end(), chain.dots.begin(), chain.dots.end());
    };
    for (const auto& dot : small) {
        std::erase_if(open, [&](const Chain& chain) {
            const bool over = middle_x(dot) - middle_x(chain.dots.back()) > reach_of(chain);
            if (over) close(chain);
            return over;
        });
        Chain* nearest = nullptr;
        double off = kOffLine;
        for (auto& chain : open) {
            const double up = std::abs(middle_y(dot) - middle_y(chain.dots.back()));
            if (middle_x(dot) - middle_x(chain.dots.back()) < 2 || up > off) continue;
            nearest = &chain;
            off = up;
        }
        if (nearest == nullptr) {
            open.push_back({{dot}, {}});
        } else {
            nearest->steps.push_back(middle_x(dot) - middle_x(nearest->dots.back()));
            nearest->dots.push_back(dot);
        }
    }
    for (const auto& chain : open) close(chain);
    return dots;
}

cv::Mat without_dots(const cv::Mat& upright, const std::vector<cv::Rect>& dots) {
    if (dots.empty()) return upright;
    cv::Mat cleaned = upright.clone();
    for (const auto& dot : dots) {
        const cv::Rect around(dot.x - 1, dot.y - 1, dot.width + 2, dot.height + 2);
        cleaned(around & cv::Rect(0, 0, cleaned.cols, cleaned.rows)).setTo(255);
    }
    return cleaned;
}

}  // namespace pleiade::reader
