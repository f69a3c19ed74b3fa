// The desk over the bus: one client per thread that asks, since a client belongs to one thread.
#pragma once

#include <memory>

#include "common/base/hub_address.h"
#include "services/gateway/desk.h"

namespace pleiade::gateway {

// `hubs`: their desk endpoints.
std::unique_ptr<Desk> bus_desk(const HubAddress& hubs);

}  // namespace pleiade::gateway
