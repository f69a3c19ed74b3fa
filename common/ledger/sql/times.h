// Dates of the messages <-> milliseconds since 1970. Private to common/ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pleiade::ledger {

// "2026-11-20T18:00:00+01:00" or "...Z", with or without a fraction. Empty when it is not RFC 3339.
std::optional<std::int64_t> ms_of_rfc3339(const std::string& text);
std::string rfc3339_utc(std::int64_t ms);

}  // namespace pleiade::ledger
