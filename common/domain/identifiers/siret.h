// SIREN of a company, SIRET of one of its places: Luhn, but for La Poste.
#pragma once

#include <optional>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

std::optional<Parsed> parse_siren(std::string_view text);

// `Valid`: Luhn holds on the 14 digits and on the SIREN. La Poste (SIREN 356000000) numbers its places otherwise:
// the digits add up to a multiple of 5, its head office 35600000000048 following Luhn.
std::optional<Parsed> parse_siret(std::string_view text);

}  // namespace pleiade
