// Reads a share of the vault again each day: bytes that no longer give their name are found before somebody needs them.
//
// Operation: a thread of its own. The vault's 256 shards are taken in turn, so many a day that each is read again
// within `days`; what a day has read is not read twice that day. A file that is not its name is logged, counted, and
// makes the hub's readiness say so until the process starts again: `pleiade verify` then names the pli.
// Concurrency: `altered` and `readiness` from any thread. Limits: `pace` between two files, so that mail is not
// disturbed; a file that is gone is not seen here (verify compares with the ledger).
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "common/base/clock.h"
#include "common/runtime/admin_server.h"
#include "common/vault/vault.h"

namespace pleiade::hub {

struct VaultWatchOptions {
    int days = 25;
    std::chrono::milliseconds pace{2};
    std::chrono::milliseconds look_every{60'000};  // whether a new day has begun
};

class VaultWatch {
  public:
    VaultWatch(const vault::Vault& vault, VaultWatchOptions options, const Clock& clock,
               prometheus::Registry& registry);
    ~VaultWatch();
    VaultWatch(const VaultWatch&) = delete;
    VaultWatch& operator=(const VaultWatch&) = delete;

    std::uint64_t altered() const { return altered_count_; }
    std::uint64_t read() const { return read_count_; }
    runtime::ReadyCheck readiness() const;

  private:
    void run();
    void read_share(std::int64_t day);
    bool read_shard(int shard);

    const vault::Vault& vault_;
    const VaultWatchOptions options_;
    const Clock& clock_;
    prometheus::Counter& read_files_;
    prometheus::Gauge& altered_files_;
    prometheus::Gauge& finished_;
    std::atomic<std::uint64_t> altered_count_{0};
    std::atomic<std::uint64_t> read_count_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace pleiade::hub
