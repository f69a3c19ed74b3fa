// Hands a lot over to the hub: its files to the vault, its plis to the ledger.
//
// Operation, in the order that keeps it safe: OpenLot; then for each pli its files to the vault (durable, re-read),
// then Register; Reject for what cannot be taken. Nothing of the source is moved or changed. Saying it all again, by
// this process or another one, after a crash at any point, registers nothing twice: every name and key comes from the
// content.
// Concurrency: one thread per registrar; any number of processes on the same lot.
#pragma once

#include <atomic>

#include "common/base/clock.h"
#include "common/vault/vault.h"
#include "services/ingest/lot_report.h"
#include "services/ingest/registrar.h"
#include "services/ingest/source.h"

namespace pleiade::ingest {

struct IngestTools {
    Registrar& registrar;
    vault::Vault& vault;
    const Clock& clock;
    const std::atomic<bool>* stop = nullptr;  // looked at between two plis
};

// Error: nothing of the lot may be moved yet; Unavailable says try again (the hub, the disk, the decoder, a stop
// asked for), NotFound that there is no such source. A lot or a pli that is rejected is an outcome, not an error.
Result<LotReport> ingest_lot(const SourceLot& source, IngestTools tools);

}  // namespace pleiade::ingest
