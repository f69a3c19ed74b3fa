// Errors as the API gives them: application/problem+json (RFC 9457) with a stable code, French for people, a trace id.
#pragma once

#include <string>

#include "common/base/result.h"
#include "services/gateway/http/message.h"

namespace pleiade::gateway {

Response problem(int status, const std::string& code, const std::string& detail);
// One value of the request is wrong: `pointer` is a JSON pointer ("/count") or a parameter's name ("limit").
Response problem_at(int status, const std::string& code, const std::string& pointer, const std::string& detail);
// What the hub, the vault or the decoder answered. Its own sentence is for the logs; people get the French one.
Response problem_of(const Error& error);

// Renders the problem, if any, into the body.
void finish_problem(Response& response, const Request& request);

}  // namespace pleiade::gateway
