// Finds the identifiers, names and dates of a document in the text of its pages, each under its own check rule.
// A value is `valid` only when its rule holds and nothing on the page contradicts it; a wrong value marked valid is
// the worst outcome, so what is doubtful is left out or `unchecked`.
#pragma once

#include <string>
#include <vector>

#include "common/domain/beneficiaries.h"
#include "common/domain/nomenclature.h"
#include "common/domain/organismes.h"
#include "common/domain/reading.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

struct FieldHints {
    Date received_on;                        // plausibility of dates: nothing after it, care at most 27 months before
    const DocumentType* type = nullptr;      // nullptr for UNKNOWN
    const Organismes* organismes = nullptr;  // the caisses there are; nullptr: any may be
    const Beneficiaries* beneficiaries = nullptr;  // a second match for what is read; nullptr: none
};

// Pure and thread-safe. `pages`: the pages of one document, in order. Boxes come back in pixels as scanned.
Fields extract_fields(const std::vector<const OcrPage*>& pages, const FieldHints& hints);

}  // namespace pleiade::reader
