// The vault: every received file, byte for byte, once, named by its SHA-256, per pli, never modified.
//
// Operation: `put` makes the file durable and re-reads it before it returns. Nothing is shared between two plis, so
// that erasing one is possible. Whoever needs a file as a path takes a LocalFile (local_file.h); nobody learns where
// the vault keeps it.
// Concurrency: any number of threads and processes; a put of what is there already checks it and succeeds.
// Limits: each adapter's own, in its header.
// A port because production has three implementations: a POSIX file system, an S3 store, a hub that hands files over.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/domain/pli.h"

namespace pleiade::vault {

// The 256 parts that a vault is walked in: the first two digits of the plis' ids.
inline constexpr int kShards = 256;

class Vault {
  public:
    virtual ~Vault() = default;
    // Copies the open file into the vault under the pli. Errors: Unavailable (VAULT_FULL, VAULT_IO, and those of the
    // adapter).
    virtual Result<StoredFile> put(const PliId& pli, int source_fd, const std::string& name) = 0;
    // Read-only descriptor on a stored file, after its digest was checked: FILE_MISSING (NotFound),
    // FILE_ALTERED (Invalid) when its bytes no longer give its name. The caller closes it. It may come from a copy on
    // this machine that was checked too.
    virtual Result<int> open(const PliId& pli, const std::string& sha256) const = 0;
    // Reads the stored bytes themselves again, never a copy of them. Errors as `open`.
    virtual Result<void> check(const PliId& pli, const std::string& sha256) const = 0;
    // Erases a file, and what this machine keeps of it. One that is not there is erased already.
    virtual Result<void> remove(const PliId& pli, const std::string& sha256) = 0;
    // Names every file of a shard, in any order, until `visit` says false. What is put or removed meanwhile may be
    // named or not.
    using Visit = std::function<bool(const PliId& pli, const std::string& sha256)>;
    virtual Result<void> walk(int shard, const Visit& visit) const = 0;
};

}  // namespace pleiade::vault
