// Runs Tesseract's line network: a strip of grey pixels in, the probability of each character at each of its columns
// out. The same weights as Tesseract's own, in single precision, all columns of a layer at once where a layer allows
// it: a fifth of the time.
//
// Concurrency: a network belongs to one thread (it keeps its memory between lines). Limits: about 17 µs a column of
// three pixels on one core with AVX2.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/line_network/model_file.h"

namespace pleiade::reader::line_network {

// Probabilities by column and output, and where a column stands.
struct Columns {
    int count = 0;
    int outputs = 0;
    int pixels = 0;  // of the strip, a column
    std::vector<float> odds;

    const float* at(int column) const { return odds.data() + static_cast<std::ptrdiff_t>(column) * outputs; }
};

class Network {
  public:
    explicit Network(LineModel model);
    const LineModel& model() const { return model_; }

    // `strip`: CV_32FC1 of the model's height, ink about -1 and paper about 1. No columns when it is too narrow.
    const Columns& read(const cv::Mat& strip);

  private:
    void look(const cv::Mat& strip);
    void go_down();
    void go_along(const Lstm& lstm, int width);
    void tell(int width);

    LineModel model_;
    Columns columns_;
    // Kept between lines: what is around pixels, what the convolution and the pooling make of it, then for the layer in
    // work its gates, states and outputs, and what the layer before it gave.
    std::vector<float> around_, looked_, pooled_, gates_, state_, output_, layer_;
};

}  // namespace pleiade::reader::line_network
