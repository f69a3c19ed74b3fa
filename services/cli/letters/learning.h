// From lessons to the table of terms, by liblinear.
#pragma once

#include <string>
#include <vector>

#include "services/cli/letters/lessons.h"

namespace pleiade::cli {

struct Learning {
    double cost = 4;  // liblinear's C: the higher, the more the letters count against few terms
    int rarest = 3;   // terms that fewer letters have are left out
    // Terms that only real letters have must stand in those of as many plis: no one's name or street is a term.
    int people_min = 5;
    std::uint32_t seed = 1;
};

// letters.csv. Logistic regression with an L1 penalty, which keeps a few dozen terms a type: a table that a person can
// read. Each letter is also learnt twice with the errors of bad OCR. Deterministic for the same lessons and seed.
std::string learn(const std::vector<Lesson>& lessons, const Learning& learning);

}  // namespace pleiade::cli
