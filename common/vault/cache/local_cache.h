// Files of a vault that is elsewhere, kept on this machine for a while.
//
// Operation: `open` gives the copy when there is one and its bytes give its name; else `fetch` writes the bytes into an
// unnamed file, which is checked and then named <pli id>-<sha256> in the folder. A folder that is full, absent or
// read-only costs speed alone: the bytes then go to memory.
// Concurrency: any number of threads and processes over one folder; who reads a copy keeps it, whoever gives it up.
// Limits: `bytes_max` over all copies, those least recently asked for go first, and `age_max` since a copy was fetched,
// so that what is erased elsewhere does not stay here; both are held each time something is added. Nothing is synced:
// a copy that a crash spoils is fetched again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "common/base/result.h"
#include "common/domain/pli.h"

namespace pleiade::vault {

struct CacheOptions {
    std::string folder;
    std::uint64_t bytes_max = 1ull << 30;  // 0: no copies
    std::chrono::seconds age_max = std::chrono::hours(24);
};

class LocalCache {
  public:
    explicit LocalCache(CacheOptions options) : options_(std::move(options)) {}

    // Writes the whole file into the descriptor, which is empty. May be called twice.
    using Fetch = std::function<Result<void>(int fd)>;
    // Read-only descriptor that the caller closes. Errors: those of `fetch`; FILE_ALTERED (Invalid) when the bytes
    // fetched do not give the name.
    Result<int> open(const PliId& pli, const std::string& sha256, const Fetch& fetch) const;
    void forget(const PliId& pli, const std::string& sha256) const;

  private:
    std::string path_of(const PliId& pli, const std::string& sha256) const;
    Result<int> known(const std::string& path, const std::string& sha256) const;
    void keep(int fd, const std::string& path) const;
    void make_room(std::uint64_t bytes) const;

    const CacheOptions options_;
    mutable std::mutex mutex_;  // one thread makes room at a time
};

}  // namespace pleiade::vault
