// Checks a whole ledger and vault from scratch, on a running or a stopped system.
//
// Operation: reads one moment of the store through a read-only connection, in the order: the file's own integrity
// (SQLite), the audit chain, state = fold of the audit entries, what each entry has sealed (files, reading, decisions,
// deliveries), the equations recounted from the rows, per lot and in all, and each stored file's digest.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/vault/vault.h"

namespace pleiade::ledger {

struct Verified {
    std::int64_t audit_entries = 0;
    std::int64_t lots = 0;
    std::int64_t plis = 0;
    std::int64_t documents = 0;
    std::int64_t deliveries = 0;
    std::int64_t pages = 0;
    std::int64_t files = 0;  // whose bytes were read again
    std::string head;        // hash of the last audit entry, in hexadecimal: an anchor to keep elsewhere
};

// The first violation is the Error: LEDGER_DAMAGED, AUDIT_BROKEN, STATE_NOT_ITS_AUDIT, CONTENT_ALTERED,
// EQUATION_BROKEN, FILE_MISSING, FILE_ALTERED (Invalid), LEDGER_UNREADABLE (Unavailable). `vault` may be null: files
// are then not read.
Result<Verified> verify(const std::string& ledger_folder, const vault::Vault* vault);
// By the address of the store, as LedgerOptions' `url`.
Result<Verified> verify(const std::string& url, const std::string& ledger_folder, const vault::Vault* vault);

}  // namespace pleiade::ledger
