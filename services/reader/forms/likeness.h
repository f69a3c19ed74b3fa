// Can the registered forms be told apart? What `pleiade forms check` says beyond the files themselves.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

struct LikenessReport {
    std::vector<Error> errors;       // two pages of different types, volets or pages that nothing tells apart
    std::vector<std::string> notes;  // versions that cannot be told apart: the type is sure, the version is not
};

// Takes the ink of the forms. About 30 ms a form.
LikenessReport check_likeness(std::vector<RegisteredForm> forms, const std::string& folder);

}  // namespace pleiade::reader::forms
