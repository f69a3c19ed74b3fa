// Reads a line of text with Tesseract's line network, without the rest of Tesseract.
//
// Concurrency: a reader belongs to one thread. Limits: about 2 ms for a line of 20 letters on one core.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/line_network/network.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader::line_network {

class LineReader {
  public:
    explicit LineReader(LineModel model) : network_(std::move(model)) {}

    // `line`: CV_8UC1, one line, dark on light, with a little paper around it. One line with its words, or none.
    std::vector<OcrLine> read(const cv::Mat& line);

  private:
    Network network_;
};

}  // namespace pleiade::reader::line_network
