// Reads lines of a page one by one, where they stand: the engine's own search for columns and blocks costs as much as
// half of the letters, and most pages are settled by a few of their lines.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

#include "common/base/result.h"
#include "services/reader/ocr_engine.h"
#include "services/reader/ocr_page.h"
#include "services/reader/text_lines.h"

namespace pleiade::reader {

// Whether a line is likely to say what the page is: at its head or foot, or in large letters.
// `usual_height`: median letter height of the page's lines (see usual_letter_height).
bool is_anchor(const TextLine& line, double usual_height, int page_height);
double usual_letter_height(const std::vector<TextLine>& lines);

// What stands in those lines; lines that hold nothing legible are left out. `blocks`: the paragraph of each line, from
// paragraphs_of. Errors: those of the engine.
Result<std::vector<OcrLine>> read_lines(const cv::Mat& upright, const std::vector<TextLine>& lines,
                                        const std::vector<int>& blocks, OcrEngine& engine,
                                        const std::function<bool()>& alive);

// Numbers the paragraphs: a line that stands close below another one and shares its columns belongs with it.
std::vector<int> paragraphs_of(const std::vector<TextLine>& lines);

}  // namespace pleiade::reader
