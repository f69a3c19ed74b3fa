// Slows down who guesses passwords: per account and per address, before any hash is computed.
//
// Operation: after a few failures each try must wait, twice as long as the one before. The hub locks an account on its
// own count, which a restart does not forget; this one also slows guesses of names that nobody has.
// Concurrency: any thread. Limits: `entries_max` names and addresses; when full, the oldest go.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace pleiade::gateway {

class Throttle {
  public:
    using Clock = std::chrono::steady_clock;
    // `account` as typed; kept as a digest, since people type passwords there.
    // How long to wait before this try is looked at; zero: now.
    std::chrono::seconds wait_for(const std::string& account, const std::string& address, Clock::time_point now);
    void failed(const std::string& account, const std::string& address, Clock::time_point now);
    void succeeded(const std::string& account);

  private:
    struct Tries {
        int failures = 0;
        Clock::time_point last{};
    };
    static std::chrono::seconds left(const Tries& tries, int free, Clock::time_point now);
    void make_room();

    std::mutex mutex_;
    std::map<std::string, Tries> tries_;  // under `mutex_`
};

}  // namespace pleiade::gateway
