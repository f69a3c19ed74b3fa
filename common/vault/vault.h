// The vault: every received file, byte for byte, once, named by its SHA-256, per pli, never modified.
//
// Operation: `put` makes the file durable (file and folder synced) and re-reads it before it returns. Nothing is
// shared between two plis, so that erasing one is possible: vault/<aa>/<pli id>/<sha256>.
// Concurrency: any number of threads and processes; a put of what is there already checks it and succeeds.
// Limits: a failed fsync aborts the process (the page cache can no longer be trusted; the journal says what to redo).
// Two adapters are planned (POSIX here, S3), hence the port.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/domain/pli.h"

namespace pleiade::vault {

class Vault {
  public:
    virtual ~Vault() = default;
    // Copies the open file into the vault under the pli. Errors: Unavailable (VAULT_FULL, VAULT_IO).
    virtual Result<StoredFile> put(const PliId& pli, int source_fd, const std::string& name) = 0;
    // Read-only descriptor on a stored file, after its digest was checked: FILE_MISSING (NotFound),
    // FILE_ALTERED (Invalid) when its bytes no longer give its name. The caller closes it.
    virtual Result<int> open(const PliId& pli, const std::string& sha256) const = 0;
    // A path to the file for programs of this machine. Not checked.
    virtual std::string path_of(const PliId& pli, const std::string& sha256) const = 0;
};

std::unique_ptr<Vault> open_posix_vault(const std::string& folder);

}  // namespace pleiade::vault
