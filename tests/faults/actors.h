// Those who work in a simulated world: workers and a service, as state machines over virtual time. Models of
// common/bus/worker.h and of a service's program: they resend what is not answered, renew, stall, die.
#pragma once

#include <string>
#include <vector>

#include "tests/faults/caller.h"

namespace pleiade::faults {

class Worker : private Caller {
  public:
    Worker(Surroundings world, std::string name, std::string stage)
        : Caller(std::move(world), std::move(name), Door::Work), stage_(std::move(stage)) {}
    void start() { ask(); }
    void hear(const v1::Envelope& answer);
    int stale() const { return stale_; }

  private:
    enum class Doing { Nothing, Asking, Working, Telling };
    void ask();
    void begin(const v1::Envelope& granted);
    void renew(std::uint64_t during);
    void tell();
    void rest(std::chrono::milliseconds pause);
    void die();

    const std::string stage_;
    Doing doing_ = Doing::Nothing;
    std::int64_t life_ = 1;
    v1::Lease lease_;
    std::string task_;
    std::uint64_t fence_ = 0;
    std::string renewal_;
    bool stalled_ = false;
    int stale_ = 0;
};

class Service : private Caller {
  public:
    explicit Service(Surroundings world) : Caller(std::move(world), "service", Door::Desk) {}
    void start() { take(); }
    void hear(const v1::Envelope& answer);

  private:
    void take();
    void acknowledge();

    std::vector<v1::TakenDocument> taken_;
};

}  // namespace pleiade::faults
