// Marks that paper and scanners bring along, told from those that somebody made.
#pragma once

#include <vector>

#include "common/vision/marks.h"

namespace pleiade::vision {

// `marks` of `ink` (a mask at PageSketch::kDpi) without those that are soil by their shape and place: borders, punch
// holes, staples, folds, streaks, and what lies along the edges. Dust stays: only its size tells it.
std::vector<Mark> without_soil(const cv::Mat& ink, const std::vector<Mark>& marks);

// Straight, level or upright, and longer than wide.
bool is_dash(const cv::Mat& ink, const Mark& mark);

}  // namespace pleiade::vision
