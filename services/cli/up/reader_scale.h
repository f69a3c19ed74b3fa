// How many readers there should be, when nobody wants to say it.
//
// Operation: `readers_needed` is the rule, without memory: what waits must be read while the oldest of it is still in
// time, of which every machine takes an equal share, and no reader is started that the machine's memory does not bear.
// `ReaderScale` follows it without flapping: more when two looks in a row want more, fewer one at a time after a quiet
// while, at once only when memory runs out. Concurrency: one thread. Limits: the rate of a reader is measured, so that
// the first minutes of a day go by a guess.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "common/base/clock.h"
#include "common/domain/readers_wanted.h"

namespace pleiade::cli {

struct ReaderLimits {
    int min = 1;
    int max = 2;
    std::chrono::milliseconds due = kUnreadDue;
};

struct ReaderLoad {
    std::int64_t waiting = 0;  // plis registered and not yet read
    std::chrono::milliseconds oldest_age{0};
    int readers = 0;                 // of this machine that report
    int machines = 1;                // with readers that report, this one included
    double plis_per_minute = 0;      // of one reader at work; 0 while it is not known
    std::uint64_t reader_bytes = 0;  // the most that one was seen to hold; 0 while none was seen
    std::uint64_t available_bytes = 0;
};

int readers_needed(const ReaderLoad& load, const ReaderLimits& limits);

class ReaderScale {
  public:
    explicit ReaderScale(const ReaderLimits& limits) : limits_(limits) {}
    // To be asked every few seconds. The number that is wanted from now on.
    int follow(MonotonicTime now, const ReaderLoad& load);

  private:
    const ReaderLimits limits_;
    std::optional<int> wanted_;
    int looks_above_ = 0;
    std::optional<MonotonicTime> below_since_;
};

}  // namespace pleiade::cli
