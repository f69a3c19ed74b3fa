// What passes through the hub since it started, for the metrics. Concurrency: any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace pleiade::hub {

struct FlowCounts {
    std::atomic<std::uint64_t> messages{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> leases{0};
    std::atomic<std::uint64_t> results{0};
    std::atomic<std::uint64_t> failures{0};      // Nack
    std::atomic<std::uint64_t> stale{0};         // results and renewals behind their fence
    std::atomic<std::uint64_t> expired{0};       // leases over without an answer
    std::atomic<std::uint64_t> lapsed{0};        // documents taken and not acknowledged in time
    std::atomic<std::uint64_t> garbage{0};       // messages that were not envelopes
    std::atomic<std::uint64_t> files{0};         // handed over to their last byte
    std::atomic<std::uint64_t> file_bytes{0};    // of all that were, and of those begun
    std::atomic<std::int64_t> last_round_ms{0};  // monotonic, of the commit thread
};

}  // namespace pleiade::hub
