// The lines that rules make together, followed along their length.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/combs/rules.h"

namespace pleiade::reader::combs {

inline constexpr int kTraceMargin = 90;  // beyond the ends of a line: a cell whose rule was not found, and a gap

// Rules one after the other at one height.
struct Line {
    std::vector<Rule> rules;  // left to right, at least one
    double left() const { return rules.front().left; }
    double right() const { return rules.back().right; }
    // Followed from rule to rule; beyond its ends as the whole of it leans, for short rules say little of that.
    double y_at(double x) const;
    double slope() const;
    // The same line where no rule was found.
    Rule beyond(double from, double to) const;
    // The share of the stretch that rules cover.
    double covered(double from, double to) const;
};

// `apart_max`: of white between two rules of a line.
std::vector<Line> lines_of(std::vector<Rule> rules, double apart_max);

// A cheap look before the dear one: the feet of letters have ink right above them, a line of the form hardly any.
bool is_thin(const cv::Mat& grey, const Line& line, int contrast);

// What a line shows, pixel by pixel: where it is drawn, and where it has gaps.
class Trace {
  public:
    Trace(const cv::Mat& grey, const Line& line, int paper);

    struct Gap {
        double left = 0, right = 0;
        double width() const { return right - left; }
    };
    // Between two drawn parts.
    std::vector<Gap> gaps() const;
    double left() const { return left_ + first(true); }
    double right() const { return left_ + first(false) + 1; }
    double covered(double from, double to) const;
    // Of what is drawn there, the share with ink right above or below: of a line little, of the feet of letters most.
    double thick(double from, double to) const;

  private:
    int at(const std::vector<int>& sums, double x) const;
    bool drawn(int i) const { return drawn_[static_cast<std::size_t>(i) + 1] > drawn_[static_cast<std::size_t>(i)]; }
    int first(bool from_left) const;

    int left_;
    std::vector<int> drawn_;  // how much of the line is drawn left of each place
    std::vector<int> thick_;  // and of this, how much has ink beside it
};

}  // namespace pleiade::reader::combs
