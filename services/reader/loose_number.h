// The number of a person where one is asked for, on a line without boxes or in boxes that a scan has lost: cut into its
// figures (loose_figures), those that touch parted (touching_figures), read by the digit model, and taken when that
// proves it.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "services/reader/comb_rows.h"

namespace pleiade::reader {

using ReadRows = std::function<std::vector<CombLine>(const std::vector<CombRow>&)>;

// Rows of fifteen figures at the place, letters beside them left out. `ink`: CV_8UC1, 255 where somebody wrote, at 200
// dpi.
std::vector<CombLine> rows_of_fifteen(const cv::Mat& ink, const Box& place, const ReadRows& read);

// A number with its key, as it was read; else one that is cut in the groups of a NIR, of which a figure may be
// doubtful: that cut is right, and the odds of its figures are judged as those of boxes are. Nothing else is taken.
std::optional<CombLine> loose_number_at(const cv::Mat& ink, const Box& place, const ReadRows& read);

}  // namespace pleiade::reader
