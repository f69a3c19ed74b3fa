// Dates of a page as they were written: 14/08/1955, 14 août 1955, eight figures in a comb.
#pragma once

#include <vector>

#include "common/domain/identifiers/date_text.h"
#include "services/reader/fields/claims.h"
#include "services/reader/fields/numbers.h"

namespace pleiade::reader::fields {

struct DateSpot {
    CivilDate date;
    Spot spot;
    int corrected = 0;
    double confidence = 0, weakest = 0;
    bool boxed = false;    // figures without separators, which only a label makes a date
    bool decoded = false;  // from odds: both confidences are its posterior
    bool whole = false;    // two figures for the day and for the month, or the month's name: none was lost
};

// Left to right within a row, top to bottom; none overlaps another. `not_after` gives two-digit years their century.
std::vector<DateSpot> date_spots(const PageRows& page, const std::vector<NumberRun>& runs, const CivilDate& not_after);

}  // namespace pleiade::reader::fields
