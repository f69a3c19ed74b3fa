// W3C trace context: an answer and its log line carry the caller's trace id, or a new one.
#pragma once

#include <string>
#include <string_view>

namespace pleiade::gateway {

// 32 hex digits: those of a valid `traceparent`, else random.
std::string trace_id_from(std::string_view traceparent);

}  // namespace pleiade::gateway
