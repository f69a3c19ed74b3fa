// Tesseract behind the OCR port: pages by Tesseract itself, lines by its network alone, which line_network runs at a
// fifth of the cost (ADR 18).
#pragma once

#include <memory>
#include <string>

#include "services/reader/ocr_engine.h"

namespace pleiade::reader {

// `tessdata_folder` empty: the engine's default. Errors: OCR_UNAVAILABLE (Unavailable) when the language is not
// installed. One thread only, whatever OMP_NUM_THREADS says: over-subscription is 50 times slower than one thread. A
// language whose network is of another layout than line_network knows has its lines read by Tesseract too, and the log
// says so.
enum class LinesBy { Network, Tesseract };
Result<std::unique_ptr<OcrEngine>> open_tesseract(const std::string& tessdata_folder, const std::string& language,
                                                  LinesBy lines = LinesBy::Network);

}  // namespace pleiade::reader
