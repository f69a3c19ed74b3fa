// A number written by hand on a line without boxes: what stands apart on it, one piece a character, as a row of cells
// that the digit model reads. Text recognition is made for print and guesses at such figures.
//
// Limits: figures that touch are one piece, and a line that holds a piece too wide for a figure gives nothing: it is
// left to text recognition. Dots, dashes and commas between groups are passed over.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "services/reader/combs/comb_row.h"

namespace pleiade::reader {

// `ink`: CV_8UC1, 255 where somebody wrote; `line`: of the writing, on the same page at 200 dpi. Nothing unless the
// line holds `least` to `most` characters. Pure; well under a millisecond.
std::optional<CombRow> figures_apart(const cv::Mat& ink, const Box& line, std::size_t least, std::size_t most);

}  // namespace pleiade::reader
