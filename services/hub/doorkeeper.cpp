#include "services/hub/doorkeeper.h"

#include <algorithm>

#include "services/hub/answers.h"

namespace pleiade::hub {
namespace {

constexpr char kAfterKey = ':';  // in no name of a key

bool is_ready(const v1::Envelope& request) {
    return request.type() == v1::Ready::descriptor()->name();
}

}  // namespace

std::optional<bus::Incoming> Doorkeeper::receive() {
    auto& refusals = parts_.server.refusals();
    std::optional<bus::Incoming> heard;
    while (!heard) {
        auto incoming = parts_.server.receive();
        if (!incoming) break;
        const bus::Caller& caller = incoming->caller;
        if (caller.local()) {
            heard = std::move(incoming);
        } else if (const std::string why = objection(*incoming); !why.empty()) {
            refusals.note(bus::refused::kRole, caller.address, caller.fingerprint);
            const Error error{ErrorKind::Invalid, "ROLE_NOT_ALLOWED", why};
            parts_.server.send(incoming->peer, refuse(incoming->envelope, error, parts_.epoch));
        } else {
            if (is_ready(incoming->envelope)) name_after_key(*incoming);
            heard = std::move(incoming);
        }
    }
    parts_.refused.note(refusals.take());
    return heard;
}

std::string Doorkeeper::objection(const bus::Incoming& incoming) const {
    const auto& [peer, request, caller] = incoming;
    if (!parts_.knows(request.type())) return "";
    if (!role_may_say(parts_.door, caller.role, request.type())) {
        return "a key of the role " + caller.role + " may not say " + request.type() + " here";
    }
    if (is_ready(request)) return objection_to_ready(incoming);
    if (request.task_id().empty() || !parts_.holder) return "";
    const auto holder = parts_.holder(request);
    if (!holder || holder->starts_with(caller.name + kAfterKey)) return "";
    return "that task is not held by a worker of this key";
}

std::string Doorkeeper::objection_to_ready(const bus::Incoming& incoming) const {
    const auto ready = parse_body<v1::Ready>(incoming.envelope);
    if (!ready) return "";  // the handler says what is wrong with it
    const auto barred = std::ranges::find_if(
        ready->stages(), [&](const std::string& stage) { return !role_may_work(incoming.caller.role, stage); });
    if (barred == ready->stages().end()) return "";
    return "a key of the role " + incoming.caller.role + " may not work on the stage " + *barred;
}

void Doorkeeper::name_after_key(bus::Incoming& incoming) {
    auto ready = parse_body<v1::Ready>(incoming.envelope);
    if (!ready || ready->worker().empty()) return;
    ready->set_worker(incoming.caller.name + kAfterKey + ready->worker());
    incoming.envelope.set_body(ready->SerializeAsString());
}

}  // namespace pleiade::hub
