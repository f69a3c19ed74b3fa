// The hub: the only process that writes the ledger.
//
// Operation: the commit thread (the caller of `run`) takes what ingest, the workers and the desk's commands say, up to
// 256 messages or 5 ms at a time, in one transaction, and answers after its COMMIT. A second thread answers queries; a
// few more hand stored files over. Concurrency: `run` once; `ready_checks` from any thread. Limits: an exception of the
// ledger ends `run`; nothing of the batch under way was answered, so all of it comes again.
#pragma once

#include <prometheus/registry.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/bus/keys.h"
#include "common/ledger/ledger.h"
#include "common/runtime/admin_server.h"
#include "common/vault/vault.h"
#include "services/hub/roles.h"

namespace pleiade::hub {

struct HubOptions {
    ledger::LedgerOptions ledger;
    std::vector<std::string> work_endpoints;
    std::vector<std::string> desk_endpoints;
    bus::HubKeys keys{};                               // for endpoints over tcp://
    std::uint64_t disk_free_bytes_min = 256ull << 20;  // under it, new mail is refused and what is in goes on
    std::shared_ptr<prometheus::Registry> registry;    // may be null
    const vault::Vault* vault = nullptr;               // whose files are handed over; null: none are
};

class Hub {
  public:
    // Opens the ledger and binds both sockets; throws when either cannot be had.
    explicit Hub(HubOptions options);
    ~Hub();

    void run(const std::atomic<bool>& stop);
    std::vector<runtime::ReadyCheck> ready_checks() const;
    std::uint64_t epoch() const;
    // As they are bound, and every message that is known there.
    std::vector<std::string> endpoints(Door door) const;
    std::vector<std::string> messages(Door door) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace pleiade::hub
