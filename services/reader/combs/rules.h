// Thin lines of a page: the rules that forms draw under and around what is to be filled in.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace pleiade::reader::combs {

// A nearly level line; its height is followed along its length, since a page may still lean by two degrees.
struct Rule {
    double left = 0, right = 0;
    double offset = 0, slope = 0;  // y = offset + slope * x
    double thickness = 0;
    double length() const { return right - left; }
    double y_at(double x) const { return offset + slope * x; }
};

// How bright most of the page is.
int paper_of(const cv::Mat& grey);

// How much darker than the paper on both of its sides a line must be: shades and pale print count, the grain of paper
// does not.
int contrast_on(int paper);

// Level lines of at least 2.5 mm and at most 0.9 mm thick, at 200 dpi; writing that crosses one does not cut it. One
// pass over the page, about 5 ms.
std::vector<Rule> find_rules(const cv::Mat& grey, int contrast);

// Where thin upright lines stand on the rule or just end above it: x of each, sorted.
std::vector<double> find_teeth(const cv::Mat& grey, const Rule& rule, int contrast);

}  // namespace pleiade::reader::combs
