// The person of a simulated world who keys what waits for one: she takes the next pli, settles its documents as they
// are, and sometimes goes away with it, until her lease ends.
#pragma once

#include "tests/faults/actors.h"

namespace pleiade::faults {

class Keyer {
  public:
    explicit Keyer(Surroundings world) : world_(std::move(world)) {}
    void start();
    void hear(const v1::Envelope& answer);

  private:
    void next();
    void validate(const v1::KeyingJob& job);
    void say(const google::protobuf::Message& message, const std::string& key);
    void repeat(std::uint64_t turn);
    void rest(std::chrono::milliseconds pause);

    Surroundings world_;
    std::uint64_t turn_ = 0;  // what was planned for another turn no longer counts
    std::uint64_t keys_ = 0;
    std::string life_;  // so that another life's keys are others
    std::string pli_;
    v1::Envelope said_;
};

}  // namespace pleiade::faults
