// Everything that typage knows of one page: the evidence found on it, and the signs that tell where a document begins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/reading.h"
#include "services/reader/evidence.h"
#include "services/reader/marks.h"
#include "services/reader/ocr_page.h"
#include "services/reader/typage_settings.h"

namespace pleiade::reader {

struct PageEvidence {
    int page = 0;
    std::vector<Hit> hits;
    std::optional<PageMark> page_mark;
    std::optional<int> volet;
    std::string notice_of;        // type whose notice this page is by its number; empty when it has none
    bool notice_heading = false;  // it calls itself a notice and bears no form's number
    bool opens_letter = false;    // salutation, object line or addressee at the top
    bool addressed = false;       // it names our caisse as the one it is for
    bool closes_letter = false;   // farewell
    bool foreign = false;         // running text that is not French
    int words = 0;
    double ocr_confidence = 0;            // mean over the words
    std::vector<std::uint32_t> shingles;  // sorted hashes of word triples: is it the same page again?

    // Handwriting, read by an engine of print.
    bool scrawled() const { return ocr_confidence < 0.6; }
};

// Pure: same page, same answer. `codes`: barcodes of the page.
PageEvidence gather_evidence(const OcrPage& page, const std::vector<Code>& codes, const EvidenceTable& table,
                             const TypageSettings& settings);

// Share of the word triples that two pages have in common, 0 to 1.
double likeness(const PageEvidence& a, const PageEvidence& b);

}  // namespace pleiade::reader
