// Time, as a port: production has the system's clocks, tests set their own.
// Wall time dates things for people and law; monotonic time measures leases and back-off. Neither orders events:
// sequence numbers do.
#pragma once

#include <chrono>

namespace pleiade {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

class Clock {
  public:
    virtual ~Clock() = default;
    virtual WallTime now() const = 0;
    virtual MonotonicTime monotonic() const = 0;
};

class SystemClock final : public Clock {
  public:
    WallTime now() const override {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    MonotonicTime monotonic() const override {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now());
    }
};

// Moves only when told to.
class ManualClock final : public Clock {
  public:
    explicit ManualClock(WallTime start = WallTime{}) : wall_(start) {}
    WallTime now() const override { return wall_; }
    MonotonicTime monotonic() const override { return monotonic_; }
    void advance(std::chrono::milliseconds by) {
        wall_ += by;
        monotonic_ += by;
    }
    void step_wall(std::chrono::milliseconds by) { wall_ += by; }

  private:
    WallTime wall_;
    MonotonicTime monotonic_{};
};

}  // namespace pleiade
