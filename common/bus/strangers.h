// What a bound socket tells of those who fall out before they have said anything. Private to this folder.
//
// Operation: `look` reads the socket's events and notes each failed handshake, under the address of our endpoint:
// ZeroMQ's events do not tell the peer's. Whoever closes without any handshake (no greeting of ZeroMQ's) has no event
// of its own: it is what the others do not account for. Concurrency: the thread of the socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "common/bus/refusals.h"

namespace pleiade::bus {

class Strangers {
  public:
    Strangers(zmq::socket_t& socket, std::shared_ptr<Refusals> refusals);
    ~Strangers();
    Strangers(const Strangers&) = delete;
    Strangers& operator=(const Strangers&) = delete;

    void look();

  private:
    using Steady = std::chrono::steady_clock;

    void hear(std::uint16_t kind, std::uint32_t value, const std::string& endpoint);
    void account(const std::string& endpoint);

    zmq::socket_t& socket_;
    const std::shared_ptr<Refusals> refusals_;
    zmq::socket_t monitor_;
    std::map<std::uint32_t, Steady::time_point> open_;  // connections by descriptor, with their beginning
    std::uint64_t accepted_ = 0;
    std::uint64_t explained_ = 0;  // whose handshake succeeded, or failed with an event
    std::uint64_t greetings_ = 0;  // noted as neither
};

}  // namespace pleiade::bus
