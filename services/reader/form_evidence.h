// What a recognised form says of the page's type, its rank and its volet.
#pragma once

#include "services/reader/forms/form_page.h"
#include "services/reader/page_evidence.h"

namespace pleiade::reader {

// Adds to what the text of the page gave. A form that a person registered outranks the numbers that are read on it: a
// number that the nomenclature does not have no longer speaks for UNKNOWN. Pure.
void add_form_evidence(const forms::FormPage& form, const TypageSettings& settings, PageEvidence& evidence);

}  // namespace pleiade::reader
