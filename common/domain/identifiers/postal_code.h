// French postal code: five digits. Syntax only: whether the commune exists is for a referential.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/identifiers/parsed.h"

namespace pleiade {

// `Unchecked` at best: nothing in five digits checks the others. Nothing when no department begins so (00, 96, 99).
std::optional<Parsed> parse_postal_code(std::string_view text);

// "59", "2A" (200, 201), "2B" (202, 206), "971"...
std::string department_of_postal_code(std::string_view postal_code);

}  // namespace pleiade
