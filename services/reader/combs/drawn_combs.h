// Combs by what the form has drawn: boxes, teeth on a line, a bar under each cell, white cells on a shade. All of them
// are edges that follow each other with one step along a level line.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/combs/comb_row.h"

namespace pleiade::reader::combs {

// `grey`: the upright page at about 200 dpi. At least four cells of 2.7 to 9.5 mm in a row. Pure; about 10 ms a page.
std::vector<CombRow> find_drawn_combs(const cv::Mat& grey);

}  // namespace pleiade::reader::combs
