// What comes out of reading an identifier: its canonical form, and whether its check rule holds.
#pragma once

#include <string>

#include "common/domain/reading.h"

namespace pleiade {

// Functions that return std::optional<Parsed> give nothing when the text has not even the form of the identifier,
// `Invalid` when it has the form and breaks the rule, `Unchecked` when the text does not hold enough to check
// (a NIR without its key), `Valid` when the rule holds.
struct Parsed {
    std::string value;
    FieldStatus status = FieldStatus::Unchecked;
    bool operator==(const Parsed&) const = default;
};

}  // namespace pleiade
