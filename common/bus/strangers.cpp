#include "common/bus/strangers.h"

#include <algorithm>
#include <cstring>

#include "common/bus/limits.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {
namespace {

constexpr int kEvents = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                        ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
constexpr int kEventsPerLook = 4'096;

}  // namespace

Strangers::Strangers(zmq::socket_t& socket, std::shared_ptr<Refusals> refusals)
    : socket_(socket), refusals_(std::move(refusals)), monitor_(watch(socket, kEvents)) {}

Strangers::~Strangers() {
    zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

void Strangers::look() {
    std::string endpoint;
    for (int i = 0; i < kEventsPerLook; ++i) {
        auto event = next_event(monitor_);
        if (!event) break;
        hear(event->kind, event->value, event->endpoint);
        endpoint = std::move(event->endpoint);
    }
    if (!endpoint.empty()) account(endpoint);
}

void Strangers::hear(std::uint16_t kind, std::uint32_t value, const std::string& endpoint) {
    switch (kind) {
        case ZMQ_EVENT_ACCEPTED:
            ++accepted_;
            open_[value] = Steady::now();
            return;
        case ZMQ_EVENT_DISCONNECTED:
            open_.erase(value);
            return;
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            refusals_->note(
                value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH ? refused::kMechanism : refused::kHandshake,
                endpoint);
            break;
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            refusals_->note(refused::kUnfinished, endpoint);
            break;
        default:  // let in; or refused by its key, which zap.cpp has noted with its address
            break;
    }
    ++explained_;
}

// Those whose handshake may still be under way are left out: each is over in kHandshakeTime.
void Strangers::account(const std::string& endpoint) {
    const auto now = Steady::now();
    const auto under_way = static_cast<std::uint64_t>(std::ranges::count_if(
        open_, [&](const auto& connection) { return now - connection.second <= kHandshakeTime * 2; }));
    const std::uint64_t over = accepted_ - std::min(accepted_, explained_ + under_way);
    if (over <= greetings_) return;
    refusals_->note(refused::kGreeting, endpoint, "", over - greetings_);
    greetings_ = over;
}

}  // namespace pleiade::bus
