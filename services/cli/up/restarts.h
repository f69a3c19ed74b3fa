// When a process that ended by itself is started again, and when it is left down.
//
// Operation: 0.2 s after the first crash, twice as long after each that follows, up to 5 s; back to the first pause
// after 30 s of life. One that dies so `quick_deaths_max` times in a row is left down: what ails it does not pass, and
// it would take the time of the others. Concurrency: one thread.
#pragma once

#include <chrono>

namespace pleiade::cli {

class Restarts {
  public:
    using Time = std::chrono::steady_clock::time_point;
    explicit Restarts(int quick_deaths_max = 0) : quick_deaths_max_(quick_deaths_max) {}  // 0: never left down

    void started(Time now) { started_ = now; }
    void ended(Time now);
    bool due(Time now) const { return !given_up() && now >= due_; }
    bool given_up() const { return quick_deaths_max_ > 0 && quick_deaths_ >= quick_deaths_max_; }

  private:
    int quick_deaths_max_;
    int quick_deaths_ = 0;
    std::chrono::milliseconds pause_{200};
    Time started_{};
    Time due_{};
};

}  // namespace pleiade::cli
