// Opens the vault that the settings name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/vault/cache/local_cache.h"
#include "common/vault/vault.h"

namespace pleiade::vault {

struct VaultOptions {
    // "file:": the folder vault/ of the home; "file:/srv/pleiade": a folder, which hosts may share; "s3://bucket...":
    // s3/s3_options.h. "hub:" is opened by common/hub_vault.
    std::string url = "file:";
    std::string home;
    std::uint64_t cache_bytes_max = 1ull << 30;  // of copies on this machine, when the vault is elsewhere
};

inline constexpr char kHubUrl[] = "hub:";

// Where copies of a vault that is elsewhere are kept.
CacheOptions cache_of(const VaultOptions& options);

// Opens the store itself. Errors: CONFIG_INVALID for a url that is none of these. Asks no store anything yet.
Result<std::unique_ptr<Vault>> open_vault(const VaultOptions& options);

// The adapter of a folder of this machine, or of a shared POSIX file system. A failed fsync aborts the process: the
// page cache can no longer be trusted, and the journal says what to redo.
std::unique_ptr<Vault> open_posix_vault(const std::string& folder);

}  // namespace pleiade::vault
