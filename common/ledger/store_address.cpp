#include "common/ledger/store_address.h"

#include <stdexcept>

namespace pleiade::ledger {

bool is_postgres(const std::string& url) {
    if (url.rfind("postgresql://", 0) == 0 || url.rfind("postgres://", 0) == 0) return true;
    if (url.empty() || url == "sqlite:") return false;
    // Not shown: it may hold a password.
    throw std::runtime_error("the address of the store is sqlite: or postgresql://...");
}

}  // namespace pleiade::ledger
