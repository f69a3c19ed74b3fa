// The lines that `pleiade read --json` prints, and truths of the same form, pli by pli.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"

namespace pleiade::cli {

using ContractLines = std::map<std::pair<std::string, std::string>, boost::json::object>;  // lot, pli

// `what` names them in the error. Plis that were rejected are left out. Errors: INPUT_INVALID, with the line.
Result<ContractLines> contract_lines(std::string_view text, const char* what);

// What is not there is empty.
std::string text_of(const boost::json::object& object, const char* key);
const boost::json::array& list_of(const boost::json::object& object, const char* key);

}  // namespace pleiade::cli
