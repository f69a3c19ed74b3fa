// What the wording of a letter says of its type, as evidence beside the rows of typage.csv.
#pragma once

#include "services/reader/letters/letter_model.h"
#include "services/reader/ocr_page.h"
#include "services/reader/page_evidence.h"

namespace pleiade::reader::letters {

// A page of words, without the number of a form or of a notice, which would say more.
bool speaks_for_itself(const PageEvidence& evidence);

// Adds at most one hit, of a type that is a document of its own: what is certainly a prescription by its wording may
// still be the list of prescriptions that goes before them. It alone names a type and never makes it certain: an engine
// that learnt from few letters may not send anything anywhere by itself.
void add_letter_evidence(const LetterModel& model, const OcrPage& page, PageEvidence& evidence);

}  // namespace pleiade::reader::letters
