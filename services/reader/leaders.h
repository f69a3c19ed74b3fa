// Dotted lines: the rows of dots or short dashes on which forms and letters ask to be filled in. What is written on one
// is read together with its dots, and comes out as noise; so they are taken out first.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace pleiade::reader {

// The dots of all such lines among the small marks of a page (`boxes`: pixels at 200 dpi, any order): ten or more, of
// one size, at one height, with one step; some may be missing under descenders. Pure; under a millisecond.
std::vector<cv::Rect> leader_dots(const std::vector<cv::Rect>& boxes);

// The page without them; `upright` itself when there are none.
cv::Mat without_dots(const cv::Mat& upright, const std::vector<cv::Rect>& dots);

}  // namespace pleiade::reader
