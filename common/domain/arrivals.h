// How long the oldest pli that waits has waited, told by two counts alone: how many came in all, how many wait.
//
// Operation: `note` the count of all plis registered as time goes on; the oldest of the n that wait is the n-th from
// the end, and came when the count first reached it. Concurrency: one thread. Limits: as if plis were read in the order
// in which they came (registered mail overtakes: the answer is then a little young); what was there at the first `note`
// counts as come then; an age is told to a quarter of a minute, rather too old than too young, and up to two days.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "common/base/clock.h"

namespace pleiade {

class Arrivals {
  public:
    void note(MonotonicTime now, std::int64_t total);
    std::chrono::milliseconds oldest_age(MonotonicTime now, std::int64_t waiting) const;

  private:
    struct Moment {
        MonotonicTime at;
        std::int64_t total;
    };
    std::deque<Moment> moments_;
};

}  // namespace pleiade
