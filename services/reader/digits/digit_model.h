// The digit model: what stands in a box of a comb, with its probability. A small convolution network whose weights
// `pleiade digits train` makes, run by OpenCV (dnn).
//
// Concurrency: a model belongs to one thread. Limits: a tenth of a millisecond a box on one core; 2 MB in memory.
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/reader/digits/odds.h"
#include "services/reader/digits/weights.h"

namespace pleiade::reader::digits {

class DigitModel {
  public:
    // Errors: MODEL_INVALID (Invalid), MODEL_MISSING (Invalid) with what to do.
    static Result<std::unique_ptr<DigitModel>> open(const std::string& path);
    explicit DigitModel(const Weights& weights);
    ~DigitModel();

    // The odds of each glyph (glyph.h); an empty Mat is an empty box.
    std::vector<Odds> read(const std::vector<cv::Mat>& glyphs);

  private:
    struct Net;
    std::unique_ptr<Net> net_;
};

}  // namespace pleiade::reader::digits
