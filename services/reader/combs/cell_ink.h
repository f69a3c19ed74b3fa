// What was written in each cell of a comb, without what the form has drawn.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/combs/comb_row.h"

namespace pleiade::reader::combs {

struct CellInk {
    cv::Mat ink;       // CV_8UC1, 255 is full ink; empty when nothing is written
    Box box;           // of what is written, on the page
    bool cut = false;  // a stroke of it ran far into the next cell
};

// One for each cell of the row. A stroke that crosses a line of the form is kept whole, what runs into the next cell
// is cut at the border, and marks that belong to no cell (the label above, specks) are left out. Pure.
std::vector<CellInk> ink_of_cells(const cv::Mat& grey, const CombRow& row);

}  // namespace pleiade::reader::combs
