// Numéro fiscal (SPI): 13 digits, the first 0 to 3, the last three a key: the first ten modulo 511.
#pragma once

#include <optional>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

// Thirteen digits on an avis d'impôt look like a NIR without its key: this is how to tell them apart.
std::optional<Parsed> parse_tax_number(std::string_view text);

}  // namespace pleiade
