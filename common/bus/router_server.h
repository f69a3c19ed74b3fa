// The hub's end of the bus: a ROUTER socket on one or several endpoints.
//
// Operation: `wait` sleeps until a message is there, or one of the caller's own descriptors can be read, or the time is
// over; `receive` takes one message without waiting; what is not an envelope is dropped and counted. `send` gives an
// answer to a peer; a peer that is gone or does not read loses it (its request will come again). Concurrency: belongs
// to one thread. Limits: an answer over the message limit is replaced by Refused{ANSWER_TOO_LARGE}.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/messages.h"

namespace pleiade::bus {

struct Incoming {
    std::string peer;
    v1::Envelope envelope;
};

class RouterServer {
  public:
    // Creates the folder of an ipc endpoint with the mode 0700.
    explicit RouterServer(const std::vector<std::string>& endpoints);
    ~RouterServer();
    RouterServer(const RouterServer&) = delete;
    RouterServer& operator=(const RouterServer&) = delete;

    // `wake_fds`: also returns when one of them can be read (eventfds).
    void wait(std::chrono::milliseconds timeout, std::initializer_list<int> wake_fds);
    std::optional<Incoming> receive();
    void send(const std::string& peer, const v1::Envelope& answer);

    std::uint64_t garbage_count() const;      // messages that were not envelopes
    std::uint64_t undelivered_count() const;  // answers whose peer was gone

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The answer to `request`, from a hub in its `epoch`.
v1::Envelope answer_to(const v1::Envelope& request, const std::string& type, std::string body, std::uint64_t epoch);

template <class Message>
v1::Envelope answer_to(const v1::Envelope& request, const Message& message, std::uint64_t epoch) {
    return answer_to(request, Message::descriptor()->name(), message.SerializeAsString(), epoch);
}

}  // namespace pleiade::bus
