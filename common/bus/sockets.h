// What every socket of ours has in common. Private to this folder.
#pragma once

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

enum class Polled { Nothing, Ready };
// poll() that reads EINTR as "nothing": a signal has come, the caller looks at its stop flag.
Polled poll(zmq::pollitem_t* items, std::size_t count, std::chrono::milliseconds timeout);

}  // namespace pleiade::bus
