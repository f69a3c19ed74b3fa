// Looks again, with the digit model, where a page asks for a number of a person and text recognition saw none (beside
// the label and below it) or was not sure of the one it saw. Handwriting on a line, boxes of which little is left and
// figures on a line that was taken for a comb come out as noise the first time.
#pragma once

#include <opencv2/core.hpp>

#include "services/reader/digits/digit_model.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// Puts what was told among the lines of `page`, in place of what was read there; a number that was read alike becomes
// as sure as the surer of its two readings. `grey`: the upright page that was read. Leaves numbers alone that were read
// surely with their key. A tenth of a millisecond a figure.
void look_again_for_numbers(const cv::Mat& grey, digits::DigitModel& model, OcrPage& page);

}  // namespace pleiade::reader
