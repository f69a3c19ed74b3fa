#include "common/bus/client.h"

#include <algorithm>

#include "common/bus/limits.h"
#include "common/bus/link.h"
#include "common/bus/sockets.h"
#include "common/wire/error_kind.h"

namespace pleiade::bus {
namespace {

using Steady = std::chrono::steady_clock;

tl::unexpected<Error> error_of(const v1::Envelope& answer) {
    v1::Refused refused;
    if (!refused.ParseFromString(answer.body())) {
        return unavailable("ANSWER_UNEXPECTED", "the hub refused in a way that this program does not understand");
    }
    return fail(wire::error_kind_of(refused.kind()), refused.code(), refused.message());
}

std::chrono::milliseconds until(Steady::time_point when) {
    return std::max(std::chrono::milliseconds{0}, std::chrono::ceil<std::chrono::milliseconds>(when - Steady::now()));
}

}  // namespace

struct Client::Impl {
    explicit Impl(const HubAddress& hubs) : own(own_keys(hubs)) {
        if (own) link.emplace(hubs, *own, "");
    }
    const Result<KeyPair> own;
    std::optional<Link> link;  // there when the keys are
};

Client::Client(HubAddress hubs) : impl_(std::make_unique<Impl>(hubs)) {}
Client::~Client() = default;

Result<v1::Envelope> Client::call(const std::string& type, const std::string& body, const CallOptions& options) {
    if (!impl_->link) return pass_on(impl_->own);
    v1::Envelope request;
    request.set_version(kProtocolVersion);
    request.set_type(type);
    request.set_request_id(new_request_id());
    request.set_idempotency_key(options.idempotency_key);
    request.set_task_id(options.task_id);
    request.set_fence(options.fence);
    request.set_content_sha256(options.content_sha256);
    request.set_deadline_ms(options.patience.count());
    request.set_body(body);
    if (request.ByteSizeLong() > kMessageBytesMax) {
        return invalid("MESSAGE_TOO_LARGE", "a " + type + " of " + std::to_string(body.size()) +
                                                " bytes is over the limit of a message; send it in parts");
    }

    const auto deadline = Steady::now() + options.patience;
    auto say_at = Steady::now();
    std::size_t stores_away = 0;  // hubs that said so
    while (true) {
        const auto now = Steady::now();
        if (now >= deadline) {
            return unavailable("HUB_UNREACHABLE",
                               "the hub has not answered; is it running, and over tcp:// does it let this key in?");
        }
        if (now >= say_at) {
            // Not sent: nobody is connected yet, look again soon.
            say_at = now + (impl_->link->send(request) ? options.resend_every : std::chrono::milliseconds{20});
        }
        const auto answer = impl_->link->receive(until(std::min(say_at, deadline)));
        if (impl_->link->came_back()) say_at = Steady::now();
        if (!answer || answer->request_id() != request.request_id()) continue;
        if (answer->type() != v1::Refused::descriptor()->name()) return *answer;
        auto refusal = error_of(*answer);
        if (refusal.value().code != kStoreUnavailable || ++stores_away >= impl_->link->hubs()) return refusal;
        impl_->link->leave();
        say_at = Steady::now();
    }
}

}  // namespace pleiade::bus
