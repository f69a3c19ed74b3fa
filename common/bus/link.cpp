#include "common/bus/link.h"

#include <atomic>
#include <cstring>

#include "common/base/failpoint.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {

Link::Link(const std::string& endpoint, const std::string& identity)
    : identity_(identity), socket_(context(), zmq::socket_type::dealer), monitor_(context(), zmq::socket_type::pair) {
    apply_common_options(socket_);
    socket_.set(zmq::sockopt::immediate, true);
    if (!identity.empty()) socket_.set(zmq::sockopt::routing_id, identity);
    // Never used twice: the name of a link that has just ended, at this address, is free a little later only.
    static std::atomic<std::uint64_t> links{0};
    const std::string events = "inproc://link-" + std::to_string(++links);
    if (zmq_socket_monitor(socket_.handle(), events.c_str(), ZMQ_EVENT_HANDSHAKE_SUCCEEDED) != 0) {
        throw zmq::error_t();
    }
    monitor_.set(zmq::sockopt::linger, 0);
    monitor_.connect(events);
    socket_.connect(usable_endpoint(endpoint, false));
}

Link::~Link() {
    zmq_socket_monitor(socket_.handle(), nullptr, 0);
}

bool Link::send(const v1::Envelope& envelope) {
    const std::string bytes = envelope.SerializeAsString();
    const int fault = PLEIADE_FAILPOINT("bus.request");
    if (fault == failpoint::kDrop) return true;
    try {
        if (fault == failpoint::kDuplicate) (void)socket_.send(zmq::buffer(bytes), zmq::send_flags::dontwait);
        return socket_.send(zmq::buffer(bytes), zmq::send_flags::dontwait).has_value();
    } catch (const zmq::error_t& error) {
        if (error.num() == EINTR) return false;
        throw;
    }
}

std::optional<v1::Envelope> Link::receive(std::chrono::milliseconds timeout) {
    zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0}, {monitor_.handle(), 0, ZMQ_POLLIN, 0}};
    if (poll(items, 2, timeout) == Polled::Nothing) return std::nullopt;
    if ((items[1].revents & ZMQ_POLLIN) != 0) read_monitor();
    if ((items[0].revents & ZMQ_POLLIN) == 0) return std::nullopt;
    try {
        zmq::message_t message;
        if (!socket_.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
        v1::Envelope envelope;
        // Only the hub speaks here; what cannot be parsed is as good as lost, and the request will be said again.
        if (!envelope.ParseFromArray(message.data(), static_cast<int>(message.size()))) return std::nullopt;
        return envelope;
    } catch (const zmq::error_t& error) {
        if (error.num() == EINTR) return std::nullopt;
        throw;
    }
}

bool Link::came_back() {
    const bool answer = came_back_;
    came_back_ = false;
    return answer;
}

// The first connection is not a return.
void Link::read_monitor() {
    try {
        zmq::message_t event;
        while (monitor_.recv(event, zmq::recv_flags::dontwait)) {
            std::uint16_t kind = 0;
            if (event.size() >= sizeof kind) std::memcpy(&kind, event.data(), sizeof kind);
            if (kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED && ++connections_ > 1) came_back_ = true;
            zmq::message_t address;
            if (event.more()) (void)monitor_.recv(address, zmq::recv_flags::dontwait);
        }
    } catch (const zmq::error_t& error) {
        if (error.num() != EINTR) throw;
    }
}

}  // namespace pleiade::bus
