#include "services/hub/refused.h"

namespace pleiade::hub {
namespace {

constexpr std::chrono::minutes kWriteEvery{1};
constexpr std::size_t kAddressesMax = 64;

}  // namespace

void Refused::add(const ledger::RefusedPeer& peer) {
    auto& addresses = waiting_[peer.reason];
    const bool full = addresses.size() >= kAddressesMax && !addresses.contains(peer.address);
    Entry& entry = addresses[full ? bus::kElsewhere : peer.address];
    const std::uint64_t before = entry.peer.count;
    if (before == 0) entry.peer = peer;
    if (full) entry.peer.address = bus::kElsewhere;
    entry.peer.count = before + peer.count;
}

void Refused::note(const std::vector<bus::Refusal>& refusals) {
    const std::lock_guard lock(mutex_);
    for (const bus::Refusal& one : refusals) {
        totals_[one.reason] += one.count;
        add({one.reason, one.address, one.fingerprint, one.count});
    }
}

std::vector<ledger::RefusedPeer> Refused::due(MonotonicTime now) {
    const std::lock_guard lock(mutex_);
    std::vector<ledger::RefusedPeer> due;
    for (auto& [reason, addresses] : waiting_) {
        for (auto at = addresses.begin(); at != addresses.end();) {
            Entry& entry = at->second;
            const bool written_lately = entry.written_at && now - *entry.written_at < kWriteEvery;
            if (!written_lately && entry.peer.count == 0) {
                at = addresses.erase(at);
                continue;
            }
            if (!written_lately) {
                due.push_back(entry.peer);
                entry.peer.count = 0;
                entry.written_at = now;
            }
            ++at;
        }
    }
    return due;
}

void Refused::again(const std::vector<ledger::RefusedPeer>& unwritten) {
    const std::lock_guard lock(mutex_);
    for (const auto& peer : unwritten) add(peer);
}

std::map<std::string, std::uint64_t> Refused::totals() const {
    const std::lock_guard lock(mutex_);
    auto totals = totals_;
    for (const char* reason : bus::refused::kAll) totals.try_emplace(reason, 0);
    return totals;
}

}  // namespace pleiade::hub
