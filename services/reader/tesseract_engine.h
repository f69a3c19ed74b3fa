// Tesseract behind the OCR port.
#pragma once

#include <memory>
#include <string>

#include "services/reader/ocr_engine.h"

namespace pleiade::reader {

// `tessdata_folder` empty: the engine's default. Errors: OCR_UNAVAILABLE (Unavailable) when the language is not
// installed. One thread only, whatever OMP_NUM_THREADS says: over-subscription is 50 times slower than one thread.
Result<std::unique_ptr<OcrEngine>> open_tesseract(const std::string& tessdata_folder, const std::string& language);

}  // namespace pleiade::reader
