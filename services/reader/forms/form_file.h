// The file that describes a registered form: TOML, docs/formats/forms.md. One file translates it, both ways.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

inline constexpr std::size_t kZonesMax = 500;  // the densest official page has some 150

// Every mistake goes to `errors` (CONFIG_INVALID with file, line and column); nullopt when there was one.
std::optional<Form> parse_form(std::string_view toml, const std::string& file_name, const Nomenclature& nomenclature,
                               std::vector<Error>& errors);

// What parse_form reads back as the same form (its id is the file's name). `comment` opens the file.
std::string write_form(const Form& form, std::string_view comment);

}  // namespace pleiade::reader::forms
