// When to try again: a growing pause with chance in it, so that workers that failed together do not come back together.
//
// Operation: after try n the pause is first * 2^(n-1), at most `longest`, of which chance takes up to half away. No try
// begins later than `patience` after the first. Concurrency: one object per operation.
#pragma once

#include <chrono>

namespace pleiade::vault {

struct RetryPlan {
    int tries_max = 6;
    std::chrono::milliseconds first_pause{100};
    std::chrono::milliseconds longest_pause{3'000};
    std::chrono::milliseconds patience{10'000};
};

// `chance` from 0 to 1.
std::chrono::milliseconds pause_after(const RetryPlan& plan, int tries, double chance);

class Retries {
  public:
    explicit Retries(const RetryPlan& plan) : plan_(plan), started_(std::chrono::steady_clock::now()) {}
    // After a try that failed: waits and says true, or says false at once when it is enough.
    bool again();

  private:
    const RetryPlan plan_;
    const std::chrono::steady_clock::time_point started_;
    int tries_ = 0;
};

}  // namespace pleiade::vault
