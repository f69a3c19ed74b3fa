// Combs by their characters alone: some forms print cells in a shade that the scanner drops. What stands in a row with
// wide, regular steps was written into cells, whatever was around it.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/combs/comb_row.h"

namespace pleiade::reader::combs {

// Characters of 1.3 to 7.5 mm, at least five of them, none touching another one; outside of `found`. About 6 ms a page.
std::vector<CombRow> find_stepped_combs(const cv::Mat& grey, const std::vector<CombRow>& found);

}  // namespace pleiade::reader::combs
