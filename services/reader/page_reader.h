// Reads one page image, cheapest questions first: blank? quality, which way up, how straight; then its text. Each step
// may settle the page, so that the next one, dearer, is not asked.
#pragma once

#include <functional>
#include <vector>

#include "common/base/result.h"
#include "common/vision/page_image.h"
#include "services/reader/cascade.h"
#include "services/reader/digits/digit_model.h"
#include "services/reader/forms/form_page.h"
#include "services/reader/ocr_engine.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

struct PageRead {
    PageReading reading;
    OcrPage text;                          // empty lines for a page that is blank, an envelope or a separator
    std::optional<forms::FormPage> form;   // the registered form that the page bears, with its zones
    std::vector<forms::PlacedZone> ticks;  // of a page without one: boxes that answer a question (loose_ticks.h)
    std::vector<StepTaken> steps;          // what was done, in order
};

// What a page is read with.
struct PageTools {
    OcrEngine& engine;
    digits::DigitModel& digits;
    forms::Recogniser* forms = nullptr;  // null when no form is registered
    // Asked when the lines that are likely to say what a page is have been read: whether the rest of it could still
    // matter. Empty: it always could.
    std::function<bool(const OcrPage&)> settled = {};
};

// `known`: what ingest knows of the page already; such a page's text is not read. Errors: those of the engine
// (ABANDONED, OCR_FAILED).
Result<PageRead> read_page(const vision::PageImage& image, int page, std::optional<PageKind> known,
                           const PageTools& tools, const std::function<bool()>& alive);

}  // namespace pleiade::reader
