// The person of a simulated world who keys what waits for one: she takes the next pli, settles its documents as they
// are, and sometimes goes away with it, until her lease ends.
#pragma once

#include <string>

#include "tests/faults/caller.h"

namespace pleiade::faults {

class Keyer : private Caller {
  public:
    explicit Keyer(Surroundings world) : Caller(std::move(world), "keyer", Door::Desk) {}
    void start() { next(); }
    void hear(const v1::Envelope& answer);

  private:
    void next();
    void validate(const v1::KeyingJob& job);
    void rest(std::chrono::milliseconds pause) {
        then(pause, [this] { next(); });
    }

    std::string pli_;
};

}  // namespace pleiade::faults
