// Where a wording stands in a row of text, a few characters misread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace pleiade::reader::fields {

struct Occurrence {
    std::size_t from = 0, to = 0;  // bytes of the text
    int errors = 0;                // characters added, lost or replaced
};

// All the places, left to right and not overlapping, where `pattern` stands in `text` with at most `errors_max`
// errors. Bit-parallel (Myers 1999): linear in the text. Limit: patterns of at most 64 bytes.
std::vector<Occurrence> find_approximately(std::string_view pattern, std::string_view text, int errors_max);

}  // namespace pleiade::reader::fields
