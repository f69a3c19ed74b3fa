// New plis led through an open ledger, from registration to the queue, eight at a time, each step a batch of its own:
// how fast transitions are made durable, and how long who waits for one waits. Concurrency: one thread for each;
// several may share a store through a ledger each.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "common/ledger/ledger.h"

namespace pleiade::faults {

struct Speed {
    double per_second = 0;  // transitions
    double p99_ms = 0;      // of one
    double lease_p99_ms = 0;
    double share = 1;  // of the time that was measured, that was this program's
};

class Lives {
  public:
    // `lot`: nobody else's; its plis are first in turn, before what the store holds.
    Lives(ledger::Ledger& ledger, std::string lot) : ledger_(ledger), lot_(std::move(lot)) {}

    void eight();
    void for_a_while(std::chrono::milliseconds time);
    Speed speed();

  private:
    template <class Step>
    void batch(const char* what, Step step);

    ledger::Ledger& ledger_;
    const std::string lot_;
    int rank_ = 0;
    int said_ = 0;
    std::map<std::string, std::vector<double>> waits_ms_;
    double seconds_ = 0;
    double by_the_clock_ = 0;
};

// After some eights that fill the caches.
Speed measure_lives(ledger::Ledger& ledger, const std::string& lot, std::chrono::milliseconds time);

}  // namespace pleiade::faults
