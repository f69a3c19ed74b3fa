// From lessons to the table of terms, by liblinear.
#pragma once

#include <string>
#include <vector>

#include "services/cli/letters/lessons.h"
#include "services/reader/certainty.h"

namespace pleiade::cli {

struct Learning {
    double cost = 4;        // liblinear's C: the higher, the more the letters count against small weights
    int rarest = 14;        // terms that fewer letters have, or their copies, are left out
    int wordings_min = 4;   // and those of fewer wordings: what few people write is one letter, not an intent
    int rows_max = 16'000;  // the smallest weights are left out
    // Terms that only real letters have must stand in those of as many plis: no one's name or street is a term.
    int people_min = 5;
    std::uint32_t seed = 1;
    // How often a lead of so much was right on wordings that were kept out; the table states margins by it.
    reader::CertaintyCurve lead = {};
};

// letters.csv. Logistic regression with an L2 penalty, which lets all the words of an intent speak, not the few that
// tell the learnt letters apart. Each letter is also learnt three times with the errors of bad OCR. Deterministic for
// the same lessons and seed.
std::string learn(const std::vector<Lesson>& lessons, const Learning& learning);

}  // namespace pleiade::cli
