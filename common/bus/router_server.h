// The hub's end of the bus: a ROUTER socket on one or several endpoints.
//
// Operation: `wait` sleeps until a message is there, or one of the caller's own descriptors can be read, or the time is
// over; `receive` takes one message without waiting; what is not an envelope is dropped and counted. `send` gives an
// answer to a peer; a peer that is gone or does not read loses it (its request will come again). Over tcp:// a message
// comes with the name and the role of the key that its sender has shown, as the list says now: those of a key that was
// revoked are dropped. Concurrency: belongs to one thread; `refusals` may be asked from any. Limits: an answer over the
// message limit is replaced by Refused{ANSWER_TOO_LARGE}.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/bus/allowed_keys.h"
#include "common/bus/keys.h"
#include "common/bus/refusals.h"
#include "common/wire/messages.h"

namespace pleiade::bus {

// Who speaks.
struct Caller {
    std::string name{};  // of the key; empty over ipc://
    std::string role = kLocalRole;
    std::string address{};
    std::string fingerprint{};

    bool local() const { return role == kLocalRole; }
};

struct Incoming {
    std::string peer;  // whom to answer
    v1::Envelope envelope;
    Caller caller{};
};

class RouterServer {
  public:
    // Creates the folder of an ipc endpoint with the mode 0700. Throws when an endpoint cannot be bound, or keys that
    // it needs are not there (check_keys() says so before).
    explicit RouterServer(const std::vector<std::string>& endpoints, const HubKeys& keys = {});
    ~RouterServer();
    RouterServer(const RouterServer&) = delete;
    RouterServer& operator=(const RouterServer&) = delete;

    // `wake_fds`: also returns when one of them can be read (eventfds).
    void wait(std::chrono::milliseconds timeout, std::initializer_list<int> wake_fds);
    std::optional<Incoming> receive();
    void send(const std::string& peer, const v1::Envelope& answer);

    std::uint64_t garbage_count() const;      // messages that were not envelopes
    std::uint64_t undelivered_count() const;  // answers whose peer was gone
    Refusals& refusals();
    std::string keys_problem() const;            // of the list of keys, when it cannot be used as it now is
    std::vector<std::string> endpoints() const;  // as bound: with the port that "tcp://127.0.0.1:*" was given

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
