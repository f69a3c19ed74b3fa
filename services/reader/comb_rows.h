// Comb boxes: the rows of cells in which forms ask for one character each (NIR, dates, codes). Text recognition takes
// their teeth and shades for letters and cannot read handwriting, so they are found first, by what the form has drawn
// or by the steps of their characters, read by the digit model, and taken out of the page.
//
// Limits: `upright` is the page at about 200 dpi, leaning by at most two degrees; cells of 2.7 to 9.5 mm, at least four
// in a row. Combs of letters (names) are found and left to text recognition.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/combs/comb_row.h"
#include "services/reader/digits/digit_model.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

std::vector<CombRow> find_comb_rows(const cv::Mat& upright);

// What stands in a row, one word a cell, with its odds: «?» where something is written that is no figure, or where
// nothing is between two figures. No words: nothing was written at all.
struct CombLine {
    OcrLine text;
    Box box;            // of the row, what is written in it included
    bool told = false;  // false: letters, struck out or illegible: it is left on the page
    bool empty() const { return told && text.words.empty(); }
};

std::vector<CombLine> read_comb_rows(const cv::Mat& upright, const std::vector<CombRow>& rows,
                                     digits::DigitModel& model);

// The page without what was told, for the recognition of the rest.
cv::Mat without_told(const cv::Mat& upright, const std::vector<CombLine>& rows);

// Figures that text recognition sees in a row that the digit model could not tell (struck out, scribbled) are none.
void distrust_untold(std::vector<OcrLine>& lines, const std::vector<CombLine>& rows);

}  // namespace pleiade::reader
