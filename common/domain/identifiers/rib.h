// Relevé d'identité bancaire: bank (5), branch (5), account (11, letters allowed), key (2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

// 23 characters, spaces and dashes accepted.
std::optional<Parsed> parse_rib(std::string_view text);

// The IBAN of a RIB (FR + key + RIB), empty when it has not the form of a RIB.
std::string iban_of_rib(std::string_view rib);

}  // namespace pleiade
