// What `status` says, as a table for a person and as the contract's JSON for a program.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "common/wire/messages.h"

namespace pleiade::cli {

std::string status_table(const v1::Status& status);
boost::json::object status_json(const v1::Status& status);
// "3 min", "1 h 12", "2 j 4 h"
std::string age_text(std::int64_t seconds);

}  // namespace pleiade::cli
