#include "services/reader/combs/rules.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>

namespace pleiade::reader::combs {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kReach = 5;      // the paper is looked for this far on both sides of a line
constexpr int kSmooth = 5;     // along the line: grain is no line, and a shade is one
constexpr int kRunMin = 14;    // of one row of pixels; a leaning line is made of several
constexpr int kBridgeMax = 3;  // of white: a dropout of a bitonal scan
constexpr int kCrossMax = 14;  // of ink: a stroke that crosses the line
constexpr double kLengthMin = 20;
constexpr double kThicknessMax = 7;
constexpr double kSlopeMax = 0.06;
constexpr std::size_t kRunsMax = 60'000;    // a page of noise; no form comes near
constexpr int kFootFrom = 3, kFootTo = 13;  // rows above the rule in which a tooth shows
constexpr int kFootShare = 7;               // tenths of them that it must fill

struct Run {
    int y = 0, left = 0, right = 0;  // right is past the end
};

// Dark where both the pixels `reach` before and after along one axis are paler by `contrast`.
cv::Mat thin(const cv::Mat& grey, int reach, int contrast, bool level) {
    const int across = level ? grey.rows : grey.cols;
    cv::Mat mask(grey.size(), CV_8UC1, cv::Scalar(0));
    if (across <= 2 * reach) return mask;
    const auto part = [&](int from) {
        const int to = from + across - 2 * reach;
        return level ? grey.rowRange(from, to) : grey.colRange(from, to);
    };
    cv::Mat paler;
    cv::min(part(0), part(2 * reach), paler);
    cv::subtract(paler, part(reach), paler);
    cv::Mat inner = level ? mask.rowRange(reach, across - reach) : mask.colRange(reach, across - reach);
    cv::threshold(paler, inner, contrast - 1, 255, cv::THRESH_BINARY);
    return mask;
}

// Runs of one row, over dropouts and over strokes that cross the line.
void runs_of_row(const cv::Mat& mask, const cv::Mat& grey, int dark, int y, std::vector<Run>& runs) {
    const auto* row = mask.ptr<std::uint8_t>(y);
    const auto* pixels = grey.ptr<std::uint8_t>(y);
    Run run{y, -1, -1};
    for (int x = 0; x < mask.cols; ++x) {
        if (row[x] == 0) {  // most of a page
            const auto* next =
                static_cast<const std::uint8_t*>(std::memchr(row + x, 255, static_cast<std::size_t>(mask.cols - x)));
            if (next == nullptr) break;
            x = static_cast<int>(next - row);
        }
        int end = x + 1;
        while (end < mask.cols && row[end] != 0) ++end;
        bool joined = false;
        if (run.left >= 0 && x - run.right <= kCrossMax) {
            int pale = 0;
            for (int i = run.right; i < x; ++i) pale += pixels[i] > dark ? 1 : 0;
            joined = x - run.right <= kBridgeMax || pale <= 1;
        }
        if (!joined) {
            if (run.left >= 0 && run.right - run.left >= kRunMin) runs.push_back(run);
            run.left = x;
        }
        run.right = end;
        x = end;
    }
    if (run.left >= 0 && run.right - run.left >= kRunMin) runs.push_back(run);
}

// Sums for the straight line through the pixels of a rule.
struct Fit {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    double left = 0, right = 0;
    int bottom = 0, bottom_left = 0, bottom_right = 0;  // of its lowest row so far
    void add(const Run& run) {
        const double count = run.right - run.left, middle = (run.left + run.right - 1) / 2.0;
        left = n == 0 ? run.left : std::min(left, static_cast<double>(run.left));
        right = n == 0 ? run.right : std::max(right, static_cast<double>(run.right));
        n += count;
        x += count * middle;
        y += count * run.y;
        xx += count * (middle * middle + (count * count - 1) / 12);
        xy += count * middle * run.y;
        bottom = run.y;
        bottom_left = run.left;
        bottom_right = run.right;
    }
    Rule rule() const {
        Rule rule;
        rule.left = left;
        rule.right = right;
        const double spread = xx - x * x / n;
        rule.slope = spread > 0 && right - left > 3 * kRunMin ? (xy - x * y / n) / spread : 0;
        rule.offset = (y - rule.slope * x) / n;
        rule.thickness = n / (right - left);
        return rule;
    }
};

}  // namespace

int paper_of(const cv::Mat& grey) {
    double histogram[256] = {};
    for (int y = 0; y < grey.rows; y += 8) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        for (int x = 0; x < grey.cols; x += 8) ++histogram[row[x]];
    }
    double total = 0, seen = 0;
    for (const double count : histogram) total += count;
    int paper = 255;
    for (int level = 0; level < 256; ++level) {
        seen += histogram[level];
        if (seen >= 0.6 * total) {
            paper = level;
            break;
        }
    }
    return paper;
}

int contrast_on(int paper) {
    return std::max(12, paper / 15);
}

std::vector<Rule> find_rules(const cv::Mat& grey, int contrast) {
    cv::Mat smooth;
    cv::blur(grey, smooth, {kSmooth, 1});
    const cv::Mat mask = thin(smooth, kReach, contrast, true);
    std::vector<Run> runs;
    for (int y = kReach; y < grey.rows - kReach && runs.size() < kRunsMax; ++y) {
        runs_of_row(mask, grey, 160, y, runs);
    }
    // Runs that touch from row to row are one line.
    std::vector<Fit> open, done;
    for (const auto& run : runs) {
        Fit* under = nullptr;
        for (auto& fit : open) {
            const bool near = run.y - fit.bottom <= 2 && run.left <= fit.bottom_right + kBridgeMax &&
                              fit.bottom_left <= run.right + kBridgeMax;
            if (near && (under == nullptr || fit.n > under->n)) under = &fit;
        }
        if (under != nullptr) {
            under->add(run);
        } else {
            open.emplace_back().add(run);
        }
        if (open.size() > 64) {
            const auto stale = std::stable_partition(open.begin(), open.end(),
                                                     [&](const Fit& fit) { return run.y - fit.bottom <= 2; });
            done.insert(done.end(), stale, open.end());
            open.erase(stale, open.end());
        }
    }
    done.insert(done.end(), open.begin(), open.end());
    std::vector<Rule> rules;
    for (const auto& fit : done) {
        const Rule rule = fit.rule();
        if (rule.length() >= kLengthMin && rule.thickness <= kThicknessMax && std::abs(rule.slope) <= kSlopeMax) {
            rules.push_back(rule);
        }
    }
    return rules;
}

std::vector<double> find_teeth(const cv::Mat& grey, const Rule& rule, int contrast) {
    const int from = std::max(0, static_cast<int>(rule.left) - 2 * kReach);
    const int to = std::min(grey.cols, static_cast<int>(rule.right) + 2 * kReach);
    std::vector<double> teeth;
    if (to - from < 4 * kReach) return teeth;
    const int top = static_cast<int>(std::min(rule.y_at(from), rule.y_at(to))) - kFootTo;
    const int bottom = static_cast<int>(std::max(rule.y_at(from), rule.y_at(to))) + 1;
    if (top < 0 || bottom > grey.rows) return teeth;
    cv::Mat band;
    cv::blur(grey(cv::Range(top, bottom), cv::Range(from, to)), band, {1, kSmooth});
    cv::Mat near = thin(band, kReach, contrast, false), wide = thin(band, 2 * kReach, contrast, false);
    cv::bitwise_or(near, wide, near);
    std::vector<int> filled(static_cast<std::size_t>(band.cols), 0);
    for (int x = 0; x < band.cols; ++x) {
        const int foot = static_cast<int>(std::lround(rule.y_at(from + x))) - top;
        for (int y = foot - kFootTo; y < foot - kFootFrom; ++y) {
            if (y >= 0 && y < band.rows && near.at<std::uint8_t>(y, x) != 0) ++filled[static_cast<std::size_t>(x)];
        }
    }
    const int enough = (kFootTo - kFootFrom) * kFootShare / 10;
    for (int x = 0; x < band.cols; ++x) {
        if (filled[static_cast<std::size_t>(x)] < enough) continue;
        int end = x;
        while (end + 1 < band.cols && filled[static_cast<std::size_t>(end) + 1] >= enough) ++end;
        teeth.push_back(from + (x + end) / 2.0);
        x = end + 1;
    }
    return teeth;
}

}  // namespace pleiade::reader::combs
