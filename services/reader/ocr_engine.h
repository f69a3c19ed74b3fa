// The OCR engine as the reader sees it. A port because a test must make it fail on demand (crash, stall, nonsense);
// the built-in engine (tesseract_engine.h) enters by the same door.
//
// Concurrency: an engine belongs to one thread.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

#include "common/base/result.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

enum class OcrLayout {
    Page,     // finds columns, tables and lines by itself
    Line,     // the image is one line of text
    Figures,  // one line of figures, and of the letters A and B of Corsica
};

class OcrEngine {
  public:
    virtual ~OcrEngine() = default;
    // Lines from top to bottom, boxes in pixels of `upright`. `alive` is called from inside the work; once it answers
    // false the engine stops with ABANDONED (Conflict). Other errors: OCR_FAILED (Unavailable).
    virtual Result<std::vector<OcrLine>> read(const cv::Mat& upright, double dpi, OcrLayout layout,
                                              const std::function<bool()>& alive) = 0;
};

}  // namespace pleiade::reader
