// One DEALER socket to the hub that knows when its link came back. Private to this folder.
//
// Operation: `send` gives a message to ZeroMQ only when a hub is connected (IMMEDIATE), else says false; being sent
// proves nothing, the answer does. `receive` waits for one envelope. `came_back` tells, once, that the link was made
// again since it was last asked: what was under way on the old link must be said again.
// Concurrency: belongs to one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "common/wire/messages.h"

namespace pleiade::bus {

class Link {
  public:
    // `identity`: the name by which the hub's router knows this peer; empty lets it choose one.
    Link(const std::string& endpoint, const std::string& identity);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    bool send(const v1::Envelope& envelope);
    // Empty after the timeout, at a signal, and when only the link's own state changed.
    std::optional<v1::Envelope> receive(std::chrono::milliseconds timeout);
    bool came_back();

  private:
    void read_monitor();

    std::string identity_;
    zmq::socket_t socket_;
    zmq::socket_t monitor_;
    int connections_ = 0;
    bool came_back_ = false;
};

}  // namespace pleiade::bus
