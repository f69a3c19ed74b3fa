// Moves a whole ledger from one engine to the other: SQLite to PostgreSQL, and back.
//
// Operation: keeps every hub out of the source (its lock), copies all rows in one transaction, compares both stores row
// for row, checks the target as `verify` does (chain, states, equations), and only then marks the source as moved: no
// hub opens it any more. Killed at any point, the same command goes on: nothing of the target counts before its commit,
// and a target that is whole is compared instead of copied. The files of the vault and the keys in the ledger's folder
// stay where they are. Concurrency: one thread. Limits: the hub is stopped meanwhile; scanners, readers, routers and
// gateways need not be, as they say again what is not answered.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "common/base/result.h"
#include "common/ledger/verify.h"

namespace pleiade::ledger {

struct StoreCopy {
    std::string folder;  // of the ledger: of ledger.sqlite, whichever side that is
    std::string from;    // as LedgerOptions' `url`
    std::string to;
    std::function<void(const std::string& line)> progress = [](const std::string&) {};
};

struct StoreCopied {
    std::int64_t rows = 0;
    bool went_on = false;  // what an earlier command had copied
    Verified verified;     // of the target
};

// Errors: SAME_STORE (Invalid), LEDGER_IN_USE (Conflict), LEDGER_MOVED (Conflict: the source is not the ledger any
// more), TARGET_NOT_EMPTY (Conflict), COPY_DIFFERS (Invalid), LEDGER_UNREADABLE, STORE_UNAVAILABLE (Unavailable), and
// those of `verify`.
Result<StoreCopied> copy_store(const StoreCopy& copy);

}  // namespace pleiade::ledger
