// Stands between an endpoint and its handlers: what the caller's role may not say never reaches them.
//
// Operation: `receive` gives the next message that may be heard; the others it answers with Refused{ROLE_NOT_ALLOWED},
// counts and leaves to `refused`. A worker that came with a key is known by the name of that key before its own
// ("scan-lille:reader-1"), so that no key can give up, renew or end what another's worker holds.
// Concurrency: the endpoint's thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/bus/router_server.h"
#include "services/hub/refused.h"
#include "services/hub/roles.h"

namespace pleiade::hub {

class Doorkeeper {
  public:
    struct Parts {
        Door door;
        bus::RouterServer& server;
        Refused& refused;
        std::function<bool(const std::string& type)> knows;  // what no handler knows is theirs to refuse
        // The worker that holds the task of a message, by its fence.
        std::function<std::optional<std::string>(const v1::Envelope& request)> holder;
        std::uint64_t epoch;
    };
    explicit Doorkeeper(Parts parts) : parts_(std::move(parts)) {}

    std::optional<bus::Incoming> receive();

  private:
    // Why not; empty when it may be heard.
    std::string objection(const bus::Incoming& incoming) const;
    std::string objection_to_ready(const bus::Incoming& incoming) const;
    static void name_after_key(bus::Incoming& incoming);

    Parts parts_;
};

}  // namespace pleiade::hub
