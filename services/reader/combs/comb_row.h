// A row of cells in which a form asks for one character each.
#pragma once

#include <vector>

#include "common/domain/reading.h"

namespace pleiade::reader {

struct CombRow {
    Box box;
    std::vector<Box> cells;  // left to right; of a drawn comb the empty ones too
    bool drawn = false;      // found by its lines; else by the steps of its characters, and the cells are these
    bool teeth = false;      // lines stand between its cells
    double slope = 0;        // of its lower edge; a cell's box is at the height of its middle
};

}  // namespace pleiade::reader
