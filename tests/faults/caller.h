// What those who speak to the hub in a simulated world have in common: a request is said again until it is heard, and
// whatever was planned before the last turn no longer counts.
#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <set>
#include <string>

#include "common/wire/messages.h"
#include "tests/faults/history.h"
#include "tests/faults/timeline.h"

namespace pleiade::faults {

// What a caller may use of its world.
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

std::string request_id(std::mt19937_64& random);

class Caller {
  protected:
    enum class Door { Work, Desk };
    Caller(Surroundings world, std::string peer, Door door)
        : world_(std::move(world)), peer_(std::move(peer)), door_(door) {}
    ~Caller() = default;

    void say(v1::Envelope message);
    // A command, under a key of its own.
    void say(const google::protobuf::Message& command, const std::string& what);
    // Once for each request, however often it is answered. Its type, or nothing.
    std::string heard(const v1::Envelope& answer);
    void send(const v1::Envelope& message) const { world_.send(peer_, message, door_ == Door::Desk); }
    void then(std::chrono::milliseconds pause, std::function<void()> go_on);
    std::uint64_t commands() const { return commands_; }  // said so far
    // For what is planned beside the turn: whether it is still the same one.
    std::uint64_t turn() const { return turn_; }

    Surroundings world_;
    const std::string peer_;

  private:
    void repeat(std::uint64_t turn);

    const Door door_;
    std::uint64_t turn_ = 0;
    std::uint64_t commands_ = 0;
    std::string life_;  // so that another life's keys are others
    v1::Envelope said_;
};

}  // namespace pleiade::faults
