// What the wording of a letter says of its type, as evidence beside the rows of typage.csv.
#pragma once

#include "services/reader/letters/letter_model.h"
#include "services/reader/ocr_page.h"
#include "services/reader/page_evidence.h"

namespace pleiade::reader::letters {

// A page that begins, ends or is addressed like a letter, or is hardly legible, and bears no form's own number.
bool looks_like_letter(const PageEvidence& evidence);

// Adds at most one hit. It alone names a type and never makes it certain: an engine that learnt from few letters may
// not send anything anywhere by itself.
void add_letter_evidence(const LetterModel& model, const OcrPage& page, PageEvidence& evidence);

}  // namespace pleiade::reader::letters
