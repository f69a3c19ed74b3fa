// A file of the vault, checked, under a path that this process can open for as long as the object lives.
//
// Operation: the path leads to the descriptor that was checked (/proc/self/fd), so that neither a copy that a cache
// gives up nor a file changed meanwhile can come between the check and the reading. Concurrency: as a descriptor; each
// opening of the path has a position of its own. Limits: the path means nothing to another process.
#pragma once

#include <string>

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

}  // namespace pleiade::vault
