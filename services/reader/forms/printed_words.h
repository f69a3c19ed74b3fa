// The blank's own words, between what OCR read once, when the form was registered, and what it would have read on a
// page that bears them.
#pragma once

#include <vector>

#include "services/reader/forms/form.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader::forms {

// Words worth keeping: what OCR makes of combs, rules and boxes is left out. `lines` were read at `dpi`.
std::vector<PrintedWord> printed_words(const std::vector<OcrLine>& lines, double dpi);

// The blank as a page that was read at PageSketch::kDpi, without tilt.
OcrPage page_of_words(const std::vector<PrintedWord>& words, cv::Size2d page_mm);

// The same lines as they lie on a page: `map` leads from millimetres of the blank to its pixels.
std::vector<OcrLine> lines_on_page(const std::vector<PrintedWord>& words, const cv::Matx33d& map);

}  // namespace pleiade::reader::forms
