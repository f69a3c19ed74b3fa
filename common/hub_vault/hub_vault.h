// The vault as the hubs hand it over: for hosts that have no way to the store itself.
//
// Operation: `open` fetches through the bounded cache of this machine, one chunk after the other; a hub that dies in
// the middle of a file is left for the next one, which goes on at the same offset. The digest of the whole is checked
// here, whatever a hub says. `check` has a hub read the stored bytes again. Concurrency: any number of threads, each
// question over a link of its own; links that are free are used again.
// Limits: a chunk may take `patience` on all hubs together (HUB_UNREACHABLE), also while they have too much to do
// (FILES_BUSY). What is put, erased or walked needs the store itself: VAULT_READ_ONLY (Invalid).
#pragma once

#include <chrono>
#include <memory>

#include "common/base/hub_address.h"
#include "common/vault/cache/local_cache.h"
#include "common/vault/vault.h"

namespace pleiade::hub_vault {

struct Patience {
    // A hub that died was left for the next long before; a reader's lease is kept meanwhile (vault::local_files).
    std::chrono::milliseconds chunk{15'000};
    std::chrono::milliseconds check{60'000};  // a large file of a slow store is read whole
};

std::unique_ptr<vault::Vault> open_hub_vault(const HubAddress& hubs, const vault::CacheOptions& cache,
                                             const Patience& patience = {});

}  // namespace pleiade::hub_vault
