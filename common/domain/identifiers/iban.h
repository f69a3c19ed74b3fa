// IBAN (ISO 13616, modulo 97 of ISO 7064) and the RIB that a French one carries, with its own key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

// Without spaces, upper case. `Valid`: the length of its country, modulo 97, and for FR and MC the RIB key as well.
// `Unchecked`: modulo 97 holds, but the country's length is not in our table, or the RIB key does not hold.
std::optional<Parsed> parse_iban(std::string_view text);

// Characters in an IBAN of that country; 0 when we do not know it.
int iban_length(std::string_view country);

}  // namespace pleiade
