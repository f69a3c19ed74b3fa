// What the reader's TOML tables have in common: errors with their place, and thresholds per type.
#pragma once

#include <map>
#include <string>
#include <string_view>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"

namespace pleiade::reader {

// CONFIG_INVALID, "file:line:column: what".
tl::unexpected<Error> error_at(const std::string& file, const toml::source_region& at, std::string_view what);

Result<toml::table> parse_toml(std::string_view text, const std::string& file);

using Thresholds = std::map<std::string, double, std::less<>>;  // by type, 0 to 1

// A table `TYPE = number`. Errors: a type that the nomenclature does not have, a number that is no threshold.
Result<Thresholds> thresholds_of(const std::string& file, const toml::table& table, const Nomenclature& nomenclature);

}  // namespace pleiade::reader
