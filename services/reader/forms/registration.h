// From a page of a blank form to a registered form: what recognition and reading will want to know of it, found once.
#pragma once

#include <functional>
#include <string>

#include "common/base/result.h"
#include "common/vision/page_image.h"
#include "services/reader/forms/form.h"
#include "services/reader/ocr_engine.h"

namespace pleiade::reader::forms {

// What the person who registers says; what is left empty is looked for in the blank's own print.
struct FormNaming {
    std::string type;
    std::string cerfa;
    std::string version;
    std::string reference;
    int page = 1;
    bool notice = false;
};

// Name of the form's files: "aat-10170-07-p1".
std::string file_name_of(const Form& form);

// Errors: FORM_NOT_A_BLANK (Invalid) when the page has too little print to be told again, or is no upright page; those
// of the engine.
Result<RegisteredForm> register_page(const vision::PageImage& page, const FormNaming& naming, OcrEngine& engine,
                                     const std::function<bool()>& alive);

}  // namespace pleiade::reader::forms
