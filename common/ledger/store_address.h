// Which engine the address of a store means. Private to common/ledger.
#pragma once

#include <string>

namespace pleiade::ledger {

// Throws std::runtime_error for an address that is neither's.
bool is_postgres(const std::string& url);

}  // namespace pleiade::ledger
