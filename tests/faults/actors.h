// Those who speak to the hub in a simulated world: workers and a service, as state machines over virtual time.
// Models of common/bus/worker.h and of a service's program: they resend what is not answered, renew, stall, die.
#pragma once

#include <functional>
#include <random>
#include <set>
#include <string>

#include "common/wire/messages.h"
#include "tests/faults/history.h"
#include "tests/faults/timeline.h"

namespace pleiade::faults {

// What an actor may use of its world.
struct Surroundings {
    Timeline& time;
    std::mt19937_64& random;
    History& history;
    const std::set<std::string>& poisons;  // lot/pli
    const bool& faults;                    // they still come: workers stall and die
    std::string doubtful_rank;             // of a lot: the pli that waits for a person
    bool leave_once;                       // the first time, whatever is drawn
    std::function<void(const std::string& peer, v1::Envelope, bool command)> send;
};

v1::Done result_of(const v1::Lease& lease);  // of a stub: a third goes to two recipients
std::string request_id(std::mt19937_64& random);

class Worker {
  public:
    Worker(Surroundings world, std::string name, std::string stage);
    void start();
    void hear(const v1::Envelope& answer);
    int stale() const { return stale_; }

  private:
    enum class Doing { Nothing, Asking, Working, Telling };
    void say(v1::Envelope message);
    void repeat(std::uint64_t turn);
    void ask();
    void begin(const v1::Envelope& granted);
    void renew(std::uint64_t turn);
    void tell(std::uint64_t turn);
    void rest(std::chrono::milliseconds pause);
    void die();

    Surroundings world_;
    const std::string name_;
    const std::string stage_;
    Doing doing_ = Doing::Nothing;
    std::uint64_t turn_ = 0;  // what was planned for another turn no longer counts
    std::int64_t life_ = 1;
    v1::Envelope said_;
    v1::Lease lease_;
    std::string task_;
    std::uint64_t fence_ = 0;
    std::string renewal_;
    bool stalled_ = false;
    int stale_ = 0;
};

class Service {
  public:
    explicit Service(Surroundings world) : world_(std::move(world)) {}
    void start();
    void hear(const v1::Envelope& answer);

  private:
    void take();
    void acknowledge();
    void say(const google::protobuf::Message& message, const std::string& key);
    void repeat(std::uint64_t turn);

    Surroundings world_;
    std::uint64_t turn_ = 0;
    std::uint64_t keys_ = 0;
    std::string life_;  // so that another life's keys are others
    v1::Envelope said_;
    std::vector<v1::TakenDocument> taken_;
};

}  // namespace pleiade::faults
