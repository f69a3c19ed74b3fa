// Comb boxes: the rows of cells in which forms ask for one character each (NIR, dates, codes). Text recognition takes
// their teeth and shades for letters, so the characters are found by their regular, wide steps, whatever the form has
// drawn around them, taken out of the page, and read side by side. Pure functions.
//
// Limits: `upright` is the page at about 200 dpi; characters of 1.5 to 7.5 mm, at least four of them, none touching
// another one or the teeth: what does is not found, and stays with the rest of the page.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

#include "common/base/result.h"
#include "services/reader/ocr_engine.h"

namespace pleiade::reader {

struct CombRow {
    Box box;
    std::vector<Box> cells;  // of the characters, left to right
};

std::vector<CombRow> find_comb_rows(const cv::Mat& upright);

// What stands in a row, one word per character.
struct CombLine {
    OcrLine text;
    bool told = false;  // false: something is written there and could not be told: «?» with no confidence
};

Result<std::vector<CombLine>> read_comb_rows(const cv::Mat& upright, const std::vector<CombRow>& rows,
                                             OcrEngine& engine, const std::function<bool()>& alive);

// The page without what was told, for the recognition of the rest.
cv::Mat without_told(const cv::Mat& upright, const std::vector<CombLine>& rows);

}  // namespace pleiade::reader
