// The desk over the bus: one client per thread that asks, since a client belongs to one thread.
#pragma once

#include <memory>
#include <string>

#include "services/gateway/desk.h"

namespace pleiade::gateway {

// `endpoint`: the hub's desk endpoint.
std::unique_ptr<Desk> bus_desk(const std::string& endpoint);

}  // namespace pleiade::gateway
