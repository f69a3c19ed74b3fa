// What is checked of every request before any handler, and put on every answer after it (RELIABILITY 5.3).
#pragma once

#include <cstdint>
#include <optional>

#include "services/gateway/http/message.h"

namespace pleiade::gateway {

// HOST_NOT_ALLOWED: the Host header names something else than loopback, as a page does whose name was rebound to
// 127.0.0.1. FORBIDDEN_ORIGIN: a POST that another site's page made the browser send.
std::optional<Response> refuse_at_the_door(const Request& request);

void add_security_headers(Response& response, const Request& request);

}  // namespace pleiade::gateway
