// Who was refused on the bus: totals for the metrics, and what is due to be written into the journal.
//
// Operation: `note` adds what an endpoint has refused; `due` gives the entries to write now: one per reason and address
// a minute, with its count, the first at once. `again` takes back what could not be written.
// Concurrency: any thread. Limits: 64 addresses of one reason a minute; the rest stands under "elsewhere", so that a
// flood cannot fill the journal.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/bus/refusals.h"
#include "common/ledger/ledger.h"

namespace pleiade::hub {

class Refused {
  public:
    void note(const std::vector<bus::Refusal>& refusals);
    std::vector<ledger::RefusedPeer> due(MonotonicTime now);
    void again(const std::vector<ledger::RefusedPeer>& unwritten);
    // Since the hub started, of every reason that there is.
    std::map<std::string, std::uint64_t> totals() const;

  private:
    struct Entry {
        ledger::RefusedPeer peer;
        std::optional<MonotonicTime> written_at{};
    };
    void add(const ledger::RefusedPeer& peer);

    mutable std::mutex mutex_;
    std::map<std::string, std::map<std::string, Entry>> waiting_;  // under `mutex_`: by reason, then by address
    std::map<std::string, std::uint64_t> totals_;                  // under `mutex_`
};

}  // namespace pleiade::hub
