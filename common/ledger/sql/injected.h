// A failed write or sync that a test asks for takes the same way as the disk's. Private to common/ledger.
#pragma once

#include <cerrno>

#include "common/base/failpoint.h"
#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

inline void fail_if(int error) {
    if (error == 0) return;
    throw StoreError("the ledger's store failed: injected", error == ENOSPC ? StoreFault::Full : StoreFault::Failed);
}

}  // namespace pleiade::ledger
