// What one finder saw at one place, before anything else of the document was considered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/reader/fields.h"
#include "services/reader/fields/claims.h"
#include "services/reader/fields/labels.h"
#include "services/reader/fields/numbers.h"
#include "services/reader/fields/rows.h"

namespace pleiade::reader::fields {

// A page prepared once for all the finders.
struct Sheet {
    const FieldHints* hints = nullptr;
    PageRows rows;
    Labels labels;
    std::vector<NumberRun> runs;
};

struct Finding {
    std::string field;  // of the contract
    std::string value;
    FieldStatus check = FieldStatus::Unchecked;  // what its own rule says, nothing else
    Party party = Party::Unknown;
    bool labelled = false;
    bool incomplete = false;  // a figure may have been lost: 1/07 for 31/07
    int corrected = 0;        // characters taken for another one than was read
    double confidence = 0;    // of the OCR: mean, by character
    double weakest = 0;       // of the OCR: the weakest word
    bool decoded = false;     // from odds: `confidence` and `weakest` are the posterior of the value (decoding.h)
    const OcrPage* page = nullptr;
    Box box;  // upright page
    void trust(double posterior) {
        decoded = true;
        confidence = weakest = posterior;
    }
};

using Findings = std::vector<Finding>;

// Something was written where the insured's number belongs, and it could not be read.
inline constexpr std::string_view kUnreadInsuredNir = "nir (unread)";

// The document asks for the name of a beneficiary, in a section of his or her own.
inline constexpr std::string_view kPlaceForBeneficiary = "name of the beneficiary (asked for)";

// A name is asked for and none was read there.
inline constexpr std::string_view kUnreadName = "name (unread)";

// Each adds what it sees on one page.
void find_person_numbers(const Sheet& sheet, Findings& findings);
void find_ibans(const Sheet& sheet, Findings& findings);
void find_organisation_numbers(const Sheet& sheet, Findings& findings);  // siret, finess, rpps, caisse
void find_dates(const Sheet& sheet, const FieldHints& hints, Findings& findings);
void find_names(const Sheet& sheet, Findings& findings);
void find_postal_codes(const Sheet& sheet, Findings& findings);

// The boxes that the label asks to be filled in are there, beside it or below, and hold nothing.
bool asks_for_empty_boxes(const Sheet& sheet, const LabelHit& label);

// Whose value it is, the label's word first.
Party party_of(const Sheet& sheet, int label, int row, const Box& box);

}  // namespace pleiade::reader::fields
