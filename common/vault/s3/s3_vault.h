// The vault in an S3-compatible store: one object a file, named <prefix><layout's place>.
//
// Operation: `put` asks first whether the store holds the file whole, sends it (in parts when it is large), and reads
// it back from the store before it returns: who is told "kept" has had the store's own 200 and its bytes. Objects are
// never changed, so that a second writer of the same file does no harm. `open` fetches through the bounded cache of
// this machine. Parts that a dead upload left are aborted once a day by whoever puts. Concurrency: any number of
// threads and processes. Limits: durability is the store's: its bucket must be kept as mail is kept (several devices,
// no expiry). Without a store there is no vault: reading and registering wait for it.
#pragma once

#include <memory>

#include "common/vault/cache/local_cache.h"
#include "common/vault/s3/s3_options.h"
#include "common/vault/vault.h"

namespace pleiade::vault {

std::unique_ptr<Vault> open_s3_vault(const S3Options& options, const CacheOptions& cache);

}  // namespace pleiade::vault
