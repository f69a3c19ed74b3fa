// Reads a page that bears a registered form: its print is known, so only what somebody added is read, where it was
// added.
#pragma once

#include <functional>
#include <vector>

#include "common/base/result.h"
#include "services/reader/comb_rows.h"
#include "services/reader/forms/form_page.h"
#include "services/reader/ocr_engine.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// Reads rows of characters; the page reader's own, whatever it reads them with.
using ReadCombs = std::function<std::vector<CombLine>(const cv::Mat&, const std::vector<CombRow>&)>;

struct FormReading {
    forms::FormPage form;
    std::vector<OcrLine> lines;    // print, combs and writing, from top to bottom
    std::vector<Box> empty_combs;  // in which nothing is written
    int lines_read = 0;            // asked of the OCR engine
};

// `upright`: the page at 200 dpi, its paper even. `to_page`: millimetres of the blank -> pixels of `upright`.
// Errors: those of the engine.
Result<FormReading> read_form(const forms::Recogniser& recogniser, const forms::FormMatch& match,
                              const cv::Matx33d& to_page, const cv::Mat& upright, OcrEngine& engine,
                              const ReadCombs& read_combs, const std::function<bool()>& alive);

}  // namespace pleiade::reader
