// What an end of the bus has refused, until somebody asks: how often, why, and from where.
//
// Operation: `note` adds one; `take` gives what came since it was last asked and forgets it. Concurrency: any thread.
// Limits: 256 addresses at a time; what comes from yet others is counted under "elsewhere", so that a flood costs
// neither memory nor entries. Holds no key, only fingerprints.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace pleiade::bus {

// Why a peer or its message was refused: the words of the metric and of the journal.
namespace refused {
inline constexpr char kUnknownKey[] = "unknown_key";
inline constexpr char kRevokedKey[] = "revoked_key";
inline constexpr char kMechanism[] = "mechanism";    // speaks NULL, PLAIN or another, without keys
inline constexpr char kHandshake[] = "handshake";    // a wrong key of the hub, altered or repeated bytes
inline constexpr char kUnfinished[] = "unfinished";  // left, or kept silent, before it had shown a key
inline constexpr char kGreeting[] = "greeting";      // does not speak ZeroMQ's protocol
inline constexpr char kGarbage[] = "garbage";        // let in, and what it said is no envelope
inline constexpr char kRole[] = "role";              // let in, and its role may not say that
inline constexpr const char* kAll[] = {kUnknownKey, kRevokedKey, kMechanism, kHandshake,
                                       kUnfinished, kGreeting,   kGarbage,   kRole};
}  // namespace refused

inline constexpr char kElsewhere[] = "elsewhere";

struct Refusal {
    std::string reason;
    std::string address;      // of the peer; of our endpoint, where a peer fell out before it was known
    std::string fingerprint;  // of the first such key; empty when none was shown
    std::uint64_t count = 0;
};

class Refusals {
  public:
    void note(const std::string& reason, const std::string& address, const std::string& fingerprint = "",
              std::uint64_t count = 1) {
        const std::lock_guard lock(mutex_);
        const bool full = noted_.size() >= kPlacesMax && !noted_.contains({reason, address});
        Refusal& one = noted_[{reason, full ? kElsewhere : address}];
        if (one.count == 0) one = {reason, full ? kElsewhere : address, fingerprint, 0};
        one.count += count;
    }
    std::vector<Refusal> take() {
        const std::lock_guard lock(mutex_);
        std::vector<Refusal> all;
        for (auto& [place, one] : noted_) all.push_back(std::move(one));
        noted_.clear();
        return all;
    }

  private:
    static constexpr std::size_t kPlacesMax = 256;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Refusal> noted_;  // under `mutex_`
};

}  // namespace pleiade::bus
