// The printed words that say what a value is (label) and whose it is (party).
#pragma once

#include <vector>

#include "services/reader/fields/rows.h"

namespace pleiade::reader::fields {

enum class Label {
    Nir,
    BirthDate,
    LastName,
    FirstName,
    FullName,
    PostalCode,
    Address,
    Iban,
    Siret,
    Finess,
    Rpps,
    Caisse,
    DocumentDate,
    Date,  // the bare word: of the document, or of what its section is about
    AccidentDate,
    Period,  // announces "du ... au ..."
    PeriodFrom,
    PeriodTo,
    Other,  // of something that is no field of ours: its value must not be taken for one
};

// Accident is no person: the part of a form that tells of it.
enum class Party { Unknown, Insured, Beneficiary, Employer, Practitioner, Establishment, Accident, Deceased, Other };

struct LabelHit {
    Label label = Label::Other;
    int row = 0, first_word = 0, last_word = 0;
    Box box;
    Party party = Party::Unknown;  // said by the label itself: «nom de l'assuré»
};

struct PartyHit {
    Party party = Party::Unknown;
    int row = 0, first_word = 0, last_word = 0;
    Box box;
    bool heading = false;  // stands at the beginning of its piece of row: opens a section of the form
};

struct Labels {
    std::vector<LabelHit> labels;   // by row, then left to right; none overlaps another
    std::vector<PartyHit> parties;  // likewise
};

// Linear in the page: each wording is looked for once in each row.
Labels find_labels(const PageRows& page);

// Whose value stands there: the label's own party, else that of the nearest heading above it in its column.
Party party_at(const Labels& labels, const PageRows& page, int row, const Box& box);

}  // namespace pleiade::reader::fields
