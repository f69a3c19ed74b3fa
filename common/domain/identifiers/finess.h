// FINESS: the number of a health establishment. Nine characters, the first two its department, the last one its key.
#pragma once

#include <optional>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

// Luhn, with A counting for 1 and B for 2 in Corsica (2A, 2B). Eight characters, as some files store it, have no key:
// they are not accepted.
std::optional<Parsed> parse_finess(std::string_view text);

}  // namespace pleiade
