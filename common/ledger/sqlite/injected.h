// A failed write or sync that a test asks for takes the same way as the disk's. Private to this folder.
#pragma once

#include <cerrno>

#include "common/base/failpoint.h"
#include "common/ledger/sqlite/database.h"

namespace pleiade::ledger {

inline void fail_if(int error) {
    if (error == 0) return;
    throw StoreError("the ledger's store failed: injected", error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR);
}

}  // namespace pleiade::ledger
