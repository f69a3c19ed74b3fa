// Whether a field's value holds by its own rule: for what a person keys, before it is believed.
#pragma once

#include <string>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

struct FieldCheck {
    std::string value;  // as the contract writes it: without presentation spaces, dates as YYYY-MM-DD
    FieldStatus status = FieldStatus::Unchecked;
    std::string why_fr;  // when invalid: what to look at, never the value
};

// `name` is a field of the contract; the text is Invalid under any other name. A text without the form of its field is
// Invalid and kept as it is; one whose form cannot be checked (a name, a postal code, a NIR without its key) is
// Unchecked. Dates carry their year in four digits: a century is not guessed for a person who can see the paper.
FieldCheck check_field(std::string_view name, std::string_view text);

bool is_field_name(std::string_view name);

}  // namespace pleiade
