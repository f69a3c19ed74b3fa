// Keeps a second hub, and a file system that cannot hold a WAL, away from the ledger. Private to common/ledger.
#pragma once

#include <string>

namespace pleiade::ledger {

// Creates the folder (0700), refuses a network file system, and holds an exclusive lock on it as long as it lives.
// Waits a few seconds for a former hub that is ending. Throws std::runtime_error with what to do.
class StoreGuard {
  public:
    explicit StoreGuard(const std::string& folder);
    ~StoreGuard();
    StoreGuard(const StoreGuard&) = delete;
    StoreGuard& operator=(const StoreGuard&) = delete;

  private:
    int lock_fd_ = -1;
};

std::string store_path(const std::string& folder);

}  // namespace pleiade::ledger
