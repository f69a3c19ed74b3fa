#include "common/bus/router_server.h"

#include <zmq.hpp>

#include "common/base/failpoint.h"
#include "common/bus/limits.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {

struct RouterServer::Impl {
    zmq::socket_t socket{context(), zmq::socket_type::router};
    std::uint64_t garbage = 0;
    std::uint64_t undelivered = 0;

    void send(const std::string& peer, const std::string& bytes);

    // One whole message; its parts after the second are read and dropped.
    std::optional<Incoming> take() {
        zmq::message_t peer;
        if (!socket.recv(peer, zmq::recv_flags::dontwait)) return std::nullopt;
        Incoming incoming{peer.to_string(), {}};
        bool understood = false;
        int parts = 1;
        bool more = peer.more();
        while (more) {
            zmq::message_t part;
            if (!socket.recv(part, zmq::recv_flags::none)) break;
            more = part.more();
            if (++parts == 2) {
                understood = incoming.envelope.ParseFromArray(part.data(), static_cast<int>(part.size()));
            }
        }
        if (parts == 2 && understood) return incoming;
        ++garbage;
        return Incoming{};
    }
};

RouterServer::RouterServer(const std::vector<std::string>& endpoints) : impl_(std::make_unique<Impl>()) {
    zmq::socket_t& socket = impl_->socket;
    apply_common_options(socket);
    socket.set(zmq::sockopt::router_mandatory, true);
    socket.set(zmq::sockopt::router_handover, true);
    for (const auto& endpoint : endpoints) socket.bind(usable_endpoint(endpoint, true));
}

RouterServer::~RouterServer() = default;

void RouterServer::wait(std::chrono::milliseconds timeout, std::initializer_list<int> wake_fds) {
    std::vector<zmq::pollitem_t> items{{impl_->socket.handle(), 0, ZMQ_POLLIN, 0}};
    for (const int fd : wake_fds) items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
    poll(items.data(), items.size(), timeout);
}

std::optional<Incoming> RouterServer::receive() {
    try {
        while (auto incoming = impl_->take()) {
            if (!incoming->peer.empty()) return incoming;
        }
    } catch (const zmq::error_t& error) {
        if (error.num() != EINTR) throw;
    }
    return std::nullopt;
}

void RouterServer::send(const std::string& peer, const v1::Envelope& answer) {
    std::string bytes = answer.SerializeAsString();
    if (bytes.size() > kMessageBytesMax) {
        v1::Refused refused;
        refused.set_kind("invalid");
        refused.set_code("ANSWER_TOO_LARGE");
        refused.set_message("the answer is over the limit of a message; ask for less at a time");
        v1::Envelope smaller = answer;
        smaller.set_type("Refused");
        smaller.set_body(refused.SerializeAsString());
        bytes = smaller.SerializeAsString();
    }
    const int fault = PLEIADE_FAILPOINT("bus.answer");
    if (fault == failpoint::kDrop) return;
    if (fault == failpoint::kDuplicate) impl_->send(peer, bytes);
    impl_->send(peer, bytes);
}

void RouterServer::Impl::send(const std::string& peer, const std::string& bytes) {
    try {
        // Mandatory routing makes an unknown peer an error (EHOSTUNREACH) and a full one EAGAIN, instead of silence.
        if (!socket.send(zmq::buffer(peer), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) {
            ++undelivered;
            return;
        }
        if (!socket.send(zmq::buffer(bytes), zmq::send_flags::dontwait)) ++undelivered;
    } catch (const zmq::error_t& error) {
        if (error.num() != EHOSTUNREACH && error.num() != EINTR && error.num() != EAGAIN) throw;
        ++undelivered;
    }
}

std::uint64_t RouterServer::garbage_count() const {
    return impl_->garbage;
}
std::uint64_t RouterServer::undelivered_count() const {
    return impl_->undelivered;
}

v1::Envelope answer_to(const v1::Envelope& request, const std::string& type, std::string body, std::uint64_t epoch) {
    v1::Envelope answer;
    answer.set_version(kProtocolVersion);
    answer.set_type(type);
    answer.set_request_id(request.request_id());
    answer.set_epoch(epoch);
    answer.set_task_id(request.task_id());
    answer.set_fence(request.fence());
    answer.set_traceparent(request.traceparent());
    answer.set_body(std::move(body));
    return answer;
}

}  // namespace pleiade::bus
