// What the letter model is learnt from: letters whose type is known, as the reader reads them.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "common/runtime/settings.h"
#include "services/reader/evidence.h"

namespace pleiade::cli {

struct Lesson {
    std::string text;  // folded
    std::string type;
    int lot = 0;
    bool keyed = false;        // a real letter, whose type a person settled
    std::string wording = {};  // which letter of the invented mail this is one more copy of; empty: there is no other
};

// First pages of documents that look like letters, in the lots under `folder`, whose truth stands in its truth.jsonl.
// Reads every page: about a second a pli. Errors: FILE_NOT_FOUND, INPUT_INVALID, those of Reader::open.
Result<std::vector<Lesson>> lessons_of_mail(const runtime::Settings& settings, const Nomenclature& nomenclature,
                                            const std::string& folder);

// What people who know the trade wrote down of those types: each phrase of typage.csv that speaks clearly for one.
std::vector<Lesson> lessons_of_table(const reader::EvidenceTable& table, const std::vector<Lesson>& of_mail);

// The text as an engine of print may misread handwriting: about `rate` of its letters lost, taken for others or cut.
std::string with_errors(const std::string& folded, double rate, std::mt19937& random);

}  // namespace pleiade::cli
