// One DEALER socket to a hub, which knows when its link came back. Private to this folder.
//
// Operation: `send` gives a message to ZeroMQ only when a hub is connected (IMMEDIATE), else says false; being sent
// proves nothing, the answer does. `receive` waits for one envelope. `came_back` tells, once, that the link was made
// again since it was last asked: what was under way on the old link must be said again.
// Where several hubs are given, one is spoken to until it cannot be reached, closes, misses its heartbeats or leaves
// what was said without an answer; then the next one is, and so on around. There is no way back to a hub that returns:
// they are equal. A hub over tcp:// counts once for each key that hubs are known by: where the first does not fit, the
// next may (a hub whose key is being changed). Its own key is read again for each connection: one that was changed
// meanwhile is shown, and where it is refused the one that was let in last, by turns, until hubs have heard of it.
// The link looks after itself inside `receive` only.
// Concurrency: belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/base/hub_address.h"
#include "common/bus/keys.h"
#include "common/wire/messages.h"

namespace pleiade::bus {

class Link {
  public:
    // `own`: the key first shown over tcp://. `identity`: the name by which the hub's router knows this peer over
    // ipc://; empty lets it choose one. Over tcp:// it is drawn anew: a name that others know, they could take over.
    Link(const HubAddress& hubs, KeyPair own, std::string identity);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    bool send(const v1::Envelope& envelope);
    // Empty after the timeout, at a signal, and when only the link's own state changed.
    std::optional<v1::Envelope> receive(std::chrono::milliseconds timeout);
    bool came_back();
    // For who is told by this hub that it cannot serve.
    void leave();
    std::size_t hubs() const { return hubs_; }

  private:
    using Steady = std::chrono::steady_clock;
    enum class State { Waiting, Connecting, Up, Down };

    struct Way {
        std::string endpoint;
        std::string hub_key;  // empty over ipc://
    };

    // Whether connecting again is decided here: where there is a choice, and over tcp://, where ZeroMQ gives a hub up
    // for good that has refused a key once, though the key may be let in later.
    bool decides() const { return ways_.size() > 1 || !ways_.front().hub_key.empty(); }
    static std::vector<Way> ways_to(const HubAddress& hubs);
    void open();
    void close();
    void connect();
    KeyPair key_to_show() const;
    void move_on();
    void look_after();
    void read_monitor();
    std::optional<v1::Envelope> take();

    const std::size_t hubs_;
    const std::vector<Way> ways_;
    const std::string key_file_;
    const std::string identity_;
    KeyPair own_;           // let in last
    KeyPair shown_;         // on the connection that there is
    bool refused_ = false;  // in this round of the ways
    bool show_former_ = false;
    std::size_t at_ = 0;  // of the ways, the one in use
    zmq::socket_t socket_;
    zmq::socket_t monitor_;
    State state_ = State::Waiting;
    Steady::time_point since_{};                          // of the state; of Waiting, its end
    std::optional<Steady::time_point> unanswered_since_;  // the first thing said that nothing has answered
    std::chrono::milliseconds silence_max_;               // borne from the hub spoken to
    std::chrono::milliseconds pause_;                     // after a round in which no hub could be reached
    std::size_t unreached_ = 0;                           // ways in a row
    std::uint64_t connections_ = 0;
    bool came_back_ = false;
};

}  // namespace pleiade::bus
