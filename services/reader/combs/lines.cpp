#include "services/reader/combs/lines.h"

#include <algorithm>
#include <cmath>

namespace pleiade::reader::combs {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr double kLevelSlack = 4;  // between the rules of one line
constexpr double kLongEnough = 100;
constexpr int kLookEvery = 3, kThickAtFirstSight = 36;  // pixels; in a hundred
constexpr int kBeside = 5;                              // from the middle of a line: there is paper
constexpr int kDropoutMax = 2;                          // what a scan loses of a line

int grey_at(const cv::Mat& grey, int x, double y) {
    const int row = static_cast<int>(std::lround(y));
    return row < 0 || row >= grey.rows ? 255 : grey.at<std::uint8_t>(row, x);
}

int darkest_at(const cv::Mat& grey, int x, double y, int reach) {
    int darkest = 255;
    if (x < 0 || x >= grey.cols) return darkest;
    const int middle = static_cast<int>(std::lround(y));
    for (int row = middle - reach; row <= middle + reach; ++row) {
        if (row < 1 || row + 1 >= grey.rows) continue;
        // Of two rows, so that one grain of the paper is no line.
        darkest = std::min(darkest, (grey.at<std::uint8_t>(row, x) + grey.at<std::uint8_t>(row + 1, x)) / 2);
    }
    return darkest;
}

}  // namespace

double Line::y_at(double x) const {
    if (x < left()) return rules.front().y_at(left()) + slope() * (x - left());
    if (x > right()) return rules.back().y_at(right()) + slope() * (x - right());
    const auto* nearest = &rules.front();
    for (const auto& rule : rules) {
        if (rule.left <= x) nearest = &rule;
    }
    return nearest->y_at(x);
}

double Line::slope() const {
    const auto &first = rules.front(), &last = rules.back();
    const double from = (first.left + first.right) / 2, to = (last.left + last.right) / 2;
    return to - from < kLongEnough ? first.slope : (last.y_at(to) - first.y_at(from)) / (to - from);
}

Rule Line::beyond(double from, double to) const {
    return {from, to, y_at((from + to) / 2) - slope() * (from + to) / 2, slope(), 0};
}

double Line::covered(double from, double to) const {
    double sum = 0;
    for (const auto& rule : rules) sum += std::max(0.0, std::min(to, rule.right) - std::max(from, rule.left));
    return sum / (to - from);
}

std::vector<Line> lines_of(std::vector<Rule> rules, double apart_max) {
    std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.left < b.left; });
    std::vector<bool> used(rules.size(), false);
    std::vector<Line> lines;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (used[i]) continue;
        Line line;
        line.rules.push_back(rules[i]);
        for (std::size_t j = i + 1; j < rules.size(); ++j) {
            const auto& last = line.rules.back();
            if (rules[j].left > last.right + apart_max) break;
            if (used[j] || rules[j].right <= last.right) continue;
            const double at = (last.right + rules[j].left) / 2;
            // Short rules say little of their slope.
            const double level = std::min(std::abs(last.y_at(at) - rules[j].y_at(at)),
                                          std::abs(last.y_at(last.right) - rules[j].y_at(rules[j].left)));
            if (level > kLevelSlack) continue;
            used[j] = true;
            line.rules.push_back(rules[j]);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

bool is_thin(const cv::Mat& grey, const Line& line, int contrast) {
    int drawn = 0, beside = 0;
    for (const auto& rule : line.rules) {
        for (int x = static_cast<int>(rule.left); x < std::min(static_cast<int>(rule.right), grey.cols);
             x += kLookEvery) {
            const double y = rule.y_at(x);
            const int level = grey_at(grey, x, y) + contrast / 2;
            ++drawn;
            beside += grey_at(grey, x, y - kBeside) <= level || grey_at(grey, x, y + kBeside) <= level ? 1 : 0;
        }
    }
    return beside * 100 <= kThickAtFirstSight * drawn;
}

Trace::Trace(const cv::Mat& grey, const Line& line, int paper) : left_(static_cast<int>(line.left()) - kTraceMargin) {
    const int right = static_cast<int>(line.right()) + kTraceMargin;
    std::vector<int> darkest;
    for (int x = left_; x < right; ++x) darkest.push_back(darkest_at(grey, x, line.y_at(x), 2));
    auto sorted = darkest;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 3);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const int level = (*middle + paper) / 2;
    drawn_.push_back(0);
    thick_.push_back(0);
    for (int x = left_; x < right; ++x) {
        const bool drawn = darkest[static_cast<std::size_t>(x - left_)] < level;
        const double y = line.y_at(x);
        const bool inked =
            drawn && (darkest_at(grey, x, y - kBeside, 0) < level || darkest_at(grey, x, y + kBeside, 0) < level);
        drawn_.push_back(drawn_.back() + (drawn ? 1 : 0));
        thick_.push_back(thick_.back() + (inked ? 1 : 0));
    }
}

std::vector<Trace::Gap> Trace::gaps() const {
    std::vector<Gap> found;
    int last = -1;
    for (int i = 0; i + 1 < static_cast<int>(drawn_.size()); ++i) {
        if (!drawn(i)) continue;
        if (last >= 0 && i - last > kDropoutMax) {
            found.push_back({static_cast<double>(left_ + last + 1), static_cast<double>(left_ + i)});
        }
        last = i;
    }
    return found;
}

double Trace::covered(double from, double to) const {
    return to - from < 1 ? 1 : (at(drawn_, to) - at(drawn_, from)) / (to - from);
}

double Trace::thick(double from, double to) const {
    const int drawn = at(drawn_, to) - at(drawn_, from);
    return drawn == 0 ? 1 : static_cast<double>(at(thick_, to) - at(thick_, from)) / drawn;
}

int Trace::at(const std::vector<int>& sums, double x) const {
    const int i = std::clamp(static_cast<int>(std::lround(x)) - left_, 0, static_cast<int>(sums.size()) - 1);
    return sums[static_cast<std::size_t>(i)];
}

int Trace::first(bool from_left) const {
    const int count = static_cast<int>(drawn_.size()) - 1;
    for (int i = 0; i < count; ++i) {
        if (drawn(from_left ? i : count - 1 - i)) return from_left ? i : count - 1 - i;
    }
    return 0;
}

}  // namespace pleiade::reader::combs
