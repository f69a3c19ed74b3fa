// What the page learns of its session, and how one begins.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "services/gateway/api/context.h"

namespace pleiade::gateway {

boost::json::object session_json(const Context& context, const Principal& who);

// A new session of this account, with its cookie; the browser's former one ends.
Response opened_session(const Context& context, const Request& request, const std::string& account,
                        const std::string& method);

}  // namespace pleiade::gateway
