// The two numbers of a practitioner: RPPS, for life, and the N° AM (once ADELI), one for each cabinet.
#pragma once

#include <optional>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

// 11 digits, Luhn; those in use begin with 1 (8 for the test range).
std::optional<Parsed> parse_rpps(std::string_view text);

// Nine digits: department (2), professional category (1), order (5), key (Luhn). The key rule was seen on one sample
// only, so that a number which satisfies it stays `Unchecked` (DOMAIN.md, 2.2).
std::optional<Parsed> parse_am_number(std::string_view text);

}  // namespace pleiade
