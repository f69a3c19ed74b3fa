#include "common/vision/blank_page.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "common/vision/soil.h"

namespace pleiade::vision {
namespace {

constexpr int kSpecksMax = 20;         // more dots of a millimetre than dust leaves
constexpr int kInARowMin = 3;          // as many side by side are letters or figures, however small
constexpr int kPaperBlackBelow = 70;   // such a page hides something, or is no page: for a person
constexpr double kFaintDarkness = 22;  // what shines through ordinary paper stays below
constexpr double kThinShare = 0.6;     // of a mark's darkness, what stands on less than a stroke's width

double mm(double millimetres) {
    return PageSketch::pixels(millimetres);
}

int longer_side(const Mark& mark) {
    return std::max(mark.box.width, mark.box.height);
}

cv::Point middle(const Mark& mark) {
    return {mark.box.x + mark.box.width / 2, mark.box.y + mark.box.height / 2};
}

// Dust falls anywhere, letters stand side by side, along the page or, when it lies on its side, across.
bool stand_in_a_row(const std::vector<Mark>& marks) {
    for (const Mark& mark : marks) {
        int level = 0, upright = 0;
        for (const Mark& other : marks) {
            const cv::Point off = middle(other) - middle(mark);
            if (std::abs(off.y) < mm(2) && off.x >= 0 && off.x < mm(20)) ++level;
            if (std::abs(off.x) < mm(2) && off.y >= 0 && off.y < mm(20)) ++upright;
        }
        if (std::max(level, upright) >= kInARowMin) return true;  // itself included
    }
    return false;
}

bool say_something(const std::vector<Mark>& marks) {
    std::vector<Mark> specks;
    for (const Mark& mark : marks) {
        if (longer_side(mark) > mm(3)) return true;
        if (longer_side(mark) > mm(1)) specks.push_back(mark);
        if (specks.size() > kSpecksMax) return true;
    }
    return stand_in_a_row(specks);
}

// Median and spread of the paper's own darkness, from a sample of the page.
std::pair<double, double> grain_of(const cv::Mat& darkness) {
    int histogram[256] = {};
    int total = 0;
    for (int y = 0; y < darkness.rows; y += 3) {
        const std::uint8_t* row = darkness.ptr(y);
        for (int x = 0; x < darkness.cols; x += 3) ++histogram[row[x]], ++total;
    }
    const auto level_at = [&](double share) {
        int seen = 0;
        for (int level = 0; level < 256; ++level) {
            seen += histogram[level];
            if (seen >= share * total) return level;
        }
        return 255;
    };
    const double median = level_at(0.5);
    return {median, level_at(0.84) - median};
}

// Strokes too pale for the ink mask: pencil, a worn stamp. A pen leaves at most 0.6 mm; stains, shading and print that
// comes through paper are wider or have no edge, so that little of them is left when what is wide is taken away. Faint
// dashes say nothing by themselves, and are what is left of lines of print on the other side.
bool has_faint_strokes(const PageSketch& sketch) {
    const auto [median, spread] = grain_of(sketch.darkness);
    const double threshold = std::max(kFaintDarkness, median + 5 * spread);
    cv::Mat wide, thin;
    cv::morphologyEx(sketch.darkness, wide, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
    cv::subtract(sketch.darkness, wide, thin);
    const cv::Mat faint = sketch.darkness > threshold;
    std::vector<Mark> strokes = without_soil(faint, find_marks(faint, 4));
    std::erase_if(strokes, [&](const Mark& mark) {
        if (longer_side(mark) < mm(1) || is_dash(faint, mark)) return true;
        const cv::Mat here = faint(mark.box);
        return cv::mean(thin(mark.box), here)[0] < kThinShare * cv::mean(sketch.darkness(mark.box), here)[0];
    });
    return say_something(strokes);
}

}  // namespace

bool is_blank(const PageSketch& sketch) {
    if (sketch.paper < kPaperBlackBelow) return false;
    if (say_something(without_soil(sketch.ink, sketch.marks))) return false;
    return sketch.bitonal || !has_faint_strokes(sketch);
}

}  // namespace pleiade::vision
