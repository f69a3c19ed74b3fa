// A file of the vault, checked, under a path that this process can open for as long as the object lives.
//
// Operation: the path leads to the descriptor that was checked (/proc/self/fd), so that neither a copy that a cache
// gives up nor a file changed meanwhile can come between the check and the reading. `local_files` fetches those of a
// pli, however long that takes, while who asks stays awake. Concurrency: as a descriptor; each opening of the path has
// a position of its own. Limits: the path means nothing to another process.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/vault/fd.h"
#include "common/vault/vault.h"

namespace pleiade::vault {

class LocalFile {
  public:
    // Errors: those of Vault::open.
    static Result<LocalFile> of(const Vault& vault, const PliId& pli, const std::string& sha256);
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

  private:
    explicit LocalFile(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

// In the order of `digests`. They are fetched by a thread of its own while the calling one asks `alive`, some times a
// second, so that neither a large file nor a slow link costs the caller its lease. Once `alive` says false no other
// file is begun. Errors: those of Vault::open; ABANDONED (Conflict).
Result<std::vector<LocalFile>> local_files(const Vault& vault, const PliId& pli,
                                           const std::vector<std::string>& digests, const std::function<bool()>& alive);

}  // namespace pleiade::vault
