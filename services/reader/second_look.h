// Looks again where a page asks for a number of a person and text recognition saw none: beside the label and below it,
// with the digit model. Handwriting on a line and boxes of which little is left come out as noise the first time.
#pragma once

#include <opencv2/core.hpp>

#include "services/reader/digits/digit_model.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// Puts what was told among the lines of `page`, in place of what was read there. `grey`: the upright page that was
// read. Does nothing where a number with its key was read already. A tenth of a millisecond a figure.
void look_again_for_numbers(const cv::Mat& grey, digits::DigitModel& model, OcrPage& page);

}  // namespace pleiade::reader
