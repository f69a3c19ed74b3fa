// The words of a blank page, read once, when it is registered: with more care than a page of mail gets, since a label
// that is missed here is missed on every page that bears the form.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

#include "common/base/result.h"
#include "services/reader/forms/form.h"
#include "services/reader/ocr_engine.h"

namespace pleiade::reader::forms {

// Read twice: the page as the engine cuts it into columns, and line by line with the combs taken out, which finds the
// labels that the engine takes for parts of a comb. `fine` at 300 dpi and `coarse` at 200 dpi are the same upright
// page. `combs`: those of the blank. Errors: those of the engine.
Result<std::vector<PrintedWord>> read_blank(const cv::Mat& fine, const cv::Mat& coarse, const std::vector<Zone>& combs,
                                            OcrEngine& engine, const std::function<bool()>& alive);

}  // namespace pleiade::reader::forms
