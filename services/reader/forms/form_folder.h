// The folder of registered forms: NAME.toml + NAME.pbm + NAME.words, one set a page. Forms are added by putting their
// files there (`pleiade forms add` writes them); no rebuild, no restart.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

inline constexpr std::size_t kFormsMax = 2000;  // ten times the pages that a platform receives; 300 KB each

struct FormFolder {
    std::vector<RegisteredForm> forms;  // by name
    std::vector<Error> errors;          // every mistake of every file; the forms that have one are left out
};

// A folder that is not there holds no forms.
FormFolder load_form_folder(const std::string& folder, const Nomenclature& nomenclature);

// Changes when a file of the folder is added, removed or written. 0: no such folder.
std::uint64_t state_of_folder(const std::string& folder);

// Writes the three files of a form, the TOML file last: readers that look meanwhile see all or nothing. Errors:
// Conflict FORM_EXISTS unless `replace`, Unavailable FORM_NOT_WRITTEN.
Result<void> save_form(const std::string& folder, const RegisteredForm& form, std::string_view comment, bool replace);

}  // namespace pleiade::reader::forms
