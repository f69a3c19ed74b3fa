// Which label a value answers to: to its right on the same row, at the beginning of the next row when the label ends
// its own, or below it.
#pragma once

#include <optional>
#include <vector>

#include "services/reader/fields/labels.h"
#include "services/reader/fields/rows.h"

namespace pleiade::reader::fields {

// Where a value stands.
struct Spot {
    int row = 0, first_word = 0, last_word = 0;
    Box box;
};

// For each spot, the index in `labels.labels` of the label of one of `kinds` that it answers to, or -1. Each label
// takes one spot at most, the nearest. `spots` are values of one nature (all NIRs, all dates).
std::vector<int> claim(const PageRows& page, const Labels& labels, const std::vector<Label>& kinds,
                       const std::vector<Spot>& spots);

}  // namespace pleiade::reader::fields
