// What the line network's columns say: its words, where they stand, and how sure it is of them.
#pragma once

#include <string>
#include <vector>

#include "services/reader/line_network/network.h"

namespace pleiade::reader::line_network {

struct Word {
    std::string text;            // UTF-8
    double certainty = 0;        // logarithm of the least sure of its columns; 0 is sure
    double first = 0, last = 0;  // columns between which it stands
};

// Of the likeliest text: the columns' chances of spelling it, in whatever columns, taken together. Pure.
std::vector<Word> words_of(const Columns& columns, const LineModel& model);

}  // namespace pleiade::reader::line_network
