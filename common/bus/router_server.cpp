#include "common/bus/router_server.h"

#include <stdexcept>
#include <zmq.hpp>

#include "common/base/failpoint.h"
#include "common/bus/limits.h"
#include "common/bus/sockets.h"
#include "common/bus/strangers.h"
#include "common/bus/zap.h"

namespace pleiade::bus {
namespace {

// Debian's zmq.h has its name among the drafts only; the library knows the option since 4.3.0.
constexpr int kZapEnforceDomain = 93;

}  // namespace

struct RouterServer::Impl {
    zmq::socket_t socket{context(), zmq::socket_type::router};
    const std::shared_ptr<Refusals> refusals = std::make_shared<Refusals>();
    std::unique_ptr<Strangers> strangers;
    std::shared_ptr<AllowedKeys> allowed;  // null without tcp://
    std::unique_ptr<ZapDomain> domain;
    std::vector<std::string> endpoints;
    std::uint64_t garbage = 0;
    std::uint64_t undelivered = 0;

    void bind(const std::string& endpoint) {
        socket.bind(endpoint);
        endpoints.push_back(socket.get(zmq::sockopt::last_endpoint));
    }
    void guard(const HubKeys& keys);
    std::optional<Caller> caller_of(zmq::message_t& part);
    void send(const std::string& peer, const std::string& bytes);

    // One whole message; its parts after the second are read and dropped.
    std::optional<Incoming> take() {
        zmq::message_t peer;
        if (!socket.recv(peer, zmq::recv_flags::dontwait)) return std::nullopt;
        Incoming incoming{peer.to_string(), {}};
        std::optional<Caller> caller;
        bool understood = false;
        int parts = 1;
        bool more = peer.more();
        while (more) {
            zmq::message_t part;
            if (!socket.recv(part, zmq::recv_flags::none)) break;
            more = part.more();
            if (++parts == 2 && (caller = caller_of(part))) {
                understood = incoming.envelope.ParseFromArray(part.data(), static_cast<int>(part.size()));
            }
        }
        if (parts == 2 && understood) {
            incoming.caller = std::move(*caller);
            return incoming;
        }
        if (caller) {
            ++garbage;
            refusals->note(refused::kGarbage, caller->address, caller->fingerprint);
        }
        return Incoming{};
    }
};

// Nothing for a key that is not good any more.
std::optional<Caller> RouterServer::Impl::caller_of(zmq::message_t& part) {
    const auto told = [&](const char* property) {
        const char* value = zmq_msg_gets(part.handle(), property);
        return std::string(value == nullptr ? "" : value);
    };
    Caller caller;
    caller.address = told("Peer-Address");
    const std::string key = told("User-Id");  // of every link over tcp://: nobody enters there without
    if (key.empty()) return caller;
    caller.fingerprint = fingerprint_of(key);
    const auto known = allowed->find(key);
    if (!known || !known->good()) {
        refusals->note(known ? refused::kRevokedKey : refused::kUnknownKey, caller.address, caller.fingerprint);
        return std::nullopt;
    }
    caller.name = known->name;
    caller.role = known->role;
    return caller;
}

// What is bound after this is bound to the keys.
void RouterServer::Impl::guard(const HubKeys& keys) {
    const auto own = read_key_pair(keys.key_file);
    if (!own) throw std::runtime_error(own.error().code + ": " + own.error().message);
    allowed = std::make_shared<AllowedKeys>(keys.allowed_file);
    if (!allowed->problem().empty()) throw std::runtime_error(allowed->problem());
    domain = std::make_unique<ZapDomain>(allowed, refusals);
    socket.set(zmq::sockopt::curve_server, true);
    socket.set(zmq::sockopt::curve_secretkey, own->secret_key);
    socket.set(zmq::sockopt::zap_domain, domain->name());
    const int enforced = 1;
    if (zmq_setsockopt(socket.handle(), kZapEnforceDomain, &enforced, sizeof enforced) != 0) throw zmq::error_t();
}

RouterServer::RouterServer(const std::vector<std::string>& endpoints, const HubKeys& keys)
    : impl_(std::make_unique<Impl>()) {
    zmq::socket_t& socket = impl_->socket;
    apply_common_options(socket);
    socket.set(zmq::sockopt::router_mandatory, true);
    socket.set(zmq::sockopt::router_handover, true);
    impl_->strangers = std::make_unique<Strangers>(socket, impl_->refusals);
    // An endpoint keeps the options that the socket has when it is bound: those without keys come first.
    for (const auto& endpoint : endpoints) {
        if (!is_tcp(endpoint)) impl_->bind(usable_endpoint(endpoint, true));
    }
    for (const auto& endpoint : endpoints) {
        if (!is_tcp(endpoint)) continue;
        if (!impl_->allowed) impl_->guard(keys);
        impl_->bind(endpoint);
    }
}

RouterServer::~RouterServer() = default;

void RouterServer::wait(std::chrono::milliseconds timeout, std::initializer_list<int> wake_fds) {
    impl_->strangers->look();  // strangers do not wake who waits for messages
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
Refusals& RouterServer::refusals() {
    return *impl_->refusals;
}
std::string RouterServer::keys_problem() const {
    return impl_->allowed ? impl_->allowed->problem() : "";
}
std::vector<std::string> RouterServer::endpoints() const {
    return impl_->endpoints;
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
