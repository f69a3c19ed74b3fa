// What every socket of ours has in common. Private to this folder.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "common/wire/messages.h"

namespace pleiade::bus {

// One context per process, never closed: closing it would wait for threads that are going away anyway.
zmq::context_t& context();

// LINGER 0, heartbeats, message size and queue limits (docs/formats/bus.md gives each with its reason).
void apply_common_options(zmq::socket_t& socket);

// The endpoint as the system can take it: an ipc path longer than a socket address holds (107 bytes) is reached through
// the descriptor of its folder, which stays open. `create`: makes the folder (0700) when it is not there and refuses
// one that others may enter.
std::string usable_endpoint(const std::string& endpoint, bool create);

// 16 bytes: UUIDv7, so that requests sort by time in a log.
std::string new_request_id();

// Another 16 bytes, that nobody can guess, in hexadecimal.
std::string unguessable_name();

// The socket on which this one tells of its connections: `events` of ZMQ_EVENT_...
zmq::socket_t watch(zmq::socket_t& socket, int events);
struct SocketEvent {
    std::uint16_t kind = 0;
    std::uint32_t value = 0;
    std::string endpoint;
};
// Empty when nothing more has happened.
std::optional<SocketEvent> next_event(zmq::socket_t& monitor);

enum class Polled { Nothing, Ready };
// poll() that reads EINTR as "nothing": a signal has come, the caller looks at its stop flag.
Polled poll(zmq::pollitem_t* items, std::size_t count, std::chrono::milliseconds timeout);

}  // namespace pleiade::bus
