// Virtual time: what will happen, in order, and a clock that jumps from one event to the next.
// Two events of one instant happen in the order in which they were planned, so that a seed gives one run.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "common/base/clock.h"

namespace pleiade::faults {

class Timeline final : public Clock {
  public:
    using Event = std::function<void()>;

    WallTime now() const override { return WallTime{std::chrono::hours{24 * 365 * 56}} + passed_ + stepped_; }
    MonotonicTime monotonic() const override { return MonotonicTime{std::chrono::hours{1} + passed_}; }
    std::chrono::milliseconds passed() const { return passed_; }

    void in(std::chrono::milliseconds delay, Event event) {
        events_.emplace(std::pair{passed_ + delay, ++planned_}, std::move(event));
    }
    // False when nothing is planned.
    bool next() {
        if (events_.empty()) return false;
        auto node = events_.extract(events_.begin());
        passed_ = std::max(passed_, node.key().first);
        node.mapped()();
        return true;
    }
    void step_wall(std::chrono::milliseconds by) { stepped_ += by; }

  private:
    std::map<std::pair<std::chrono::milliseconds, std::uint64_t>, Event> events_;
    std::chrono::milliseconds passed_{0};
    std::chrono::milliseconds stepped_{0};
    std::uint64_t planned_ = 0;
};

}  // namespace pleiade::faults
