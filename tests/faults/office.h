// Those who use a chain of processes, each in a thread, and what they were told: a scanner that hands lots over through
// the inbox, another that registers over the bus, and services that take and acknowledge: one over the bus, one through
// the gateway where the chain has one.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "common/base/hub_address.h"
#include "tests/faults/chain.h"
#include "tests/faults/history.h"

namespace pleiade::faults {

// Where they find what they use.
struct Premises {
    std::string home;  // of the scanners: inbox/ and vault/
    HubAddress work;
    HubAddress desk;
    std::uint16_t gateway_port = 0;               // 0: there is no gateway
    std::function<long long()> tasks_waiting;     // how far behind the hubs are
    std::function<void()> go_to_gateway = [] {};  // for the thread that speaks to it
};

class Office {
  public:
    // `pace`: between two lots of the inbox; each has `plis_of_lot` plis.
    Office(Premises premises, std::uint64_t seed, std::chrono::milliseconds pace, int plis_of_lot);
    Office(const Chain& chain, std::uint64_t seed, std::chrono::milliseconds pace, int plis_of_lot);
    ~Office() { finish(); }

    void enough() { enough_ = true; }  // no more mail
    bool scanned() const { return scanned_ == 2; }
    void finish();
    int closed() const { return closed_; }
    int closed_over_the_web() const { return closed_over_the_web_; }
    int dropped() const { return dropped_; }
    int registered() const { return registered_; }
    const History& history() const { return history_; }  // once finished

  private:
    void drop();
    bool inbox_is_full() const;
    bool hub_is_behind();
    void wait_for_room(const std::function<bool()>& full);
    void scan();
    void serve();
    void serve_over_the_web();
    void note_closed(const std::string& delivery);

    const Premises at_;
    const std::uint64_t seed_;
    const std::chrono::milliseconds pace_;
    const int plis_of_lot_;
    std::mutex mutex_;
    History history_;
    std::atomic<bool> enough_{false};
    std::atomic<bool> stop_{false};
    std::mutex looking_;
    std::chrono::steady_clock::time_point looked_at_{};  // under `looking_`, as is `behind_`
    bool behind_ = false;
    std::atomic<int> scanned_{0};
    std::atomic<int> closed_{0};
    std::atomic<int> closed_over_the_web_{0};
    std::atomic<int> dropped_{0};
    std::atomic<int> registered_{0};
    std::thread dropper_;
    std::thread scanner_;
    std::thread service_;
    std::thread web_service_;
};

// Waits, with the chain kept alive, until all that was handed over has ended; false after `patience`.
bool wait_until_over(const StorePlace& store, Office& office, std::chrono::seconds patience,
                     const std::function<void()>& keep_alive);
bool wait_until_over(Chain& chain, Office& office, std::chrono::seconds patience);
// The table's lines on what the checker finds.
bool judge(const StorePlace& place, const History& history, bool ended);
// The same after graceful stops, which leave nothing to be begun again: each task had one worker.
bool judge_begun_once(const StorePlace& place, const History& history, bool ended);

}  // namespace pleiade::faults
