// A number whose figures stand apart, whatever is around them: written by hand on a free line, or in boxes that are too
// faint to be found. Cut into its characters, as a row of cells that the digit model reads; text recognition is made
// for print and guesses at such figures.
//
// Limits: figures that touch are one piece, too wide for a figure, where a number ends. Dots, dashes, commas and the
// lines of the form are passed over.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/combs/comb_row.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

inline constexpr std::size_t kNirFigures = 15;  // its key included

// `ink`: CV_8UC1, 255 where somebody wrote; `where`: a stretch of it, at 200 dpi. Rows of `least` to `most` characters;
// of a few more, the widest, since teeth of combs are thin; of many more, the first. Where thin strokes may be teeth or
// figures 1, a row with them and a row without. Pure; well under a millisecond.
std::vector<CombRow> figures_apart(const cv::Mat& ink, const Box& where, std::size_t least, std::size_t most);

// Whether its characters stand as a NIR is written, 2 55 08 14 168 025 38: wider apart between the groups than within.
// No cut in a wrong place leaves that, so what one of them is may still be doubtful.
bool stands_in_groups_of_a_nir(const CombRow& row);

// Whether characters read one by one are, just as they were read, a number of a person with its key. A cut
// in the wrong place makes another number: what is not in the groups of a NIR is taken for nothing less.
bool is_person_number(const OcrLine& line);

}  // namespace pleiade::reader
