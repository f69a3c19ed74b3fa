#include "common/bus/link.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/failpoint.h"
#include "common/bus/limits.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {
namespace {

using std::chrono::milliseconds;

// A host that is gone answers no SYN, a stopped one takes the connection and says nothing.
constexpr milliseconds kHandshakeMax{2'000};
// A hub whose store is away keeps silent; so does one that works on a large question. Each hub that is left for its
// silence makes the next one be given twice as long, so that a question which takes long anywhere is answered.
constexpr milliseconds kSilenceMax{4'000};
constexpr milliseconds kSilenceMaxMost{60'000};
constexpr milliseconds kPause{100};
constexpr milliseconds kPauseMost{1'000};
constexpr milliseconds kLookEvery{100};

constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
constexpr int kEventsOfOneLife = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED |
                                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

}  // namespace

std::vector<Link::Way> Link::ways_to(const HubAddress& hubs) {
    std::vector<Way> ways;
    for (const std::string& endpoint : hubs.endpoints) {
        if (!is_tcp(endpoint)) ways.push_back({endpoint, ""});
        if (!is_tcp(endpoint)) continue;
        for (const std::string& key : hubs.hub_keys) ways.push_back({endpoint, key});
    }
    return ways;
}

Link::Link(const HubAddress& hubs, KeyPair own, std::string identity)
    : hubs_(hubs.endpoints.size()),
      ways_(ways_to(hubs)),
      key_file_(hubs.key_file),
      identity_(std::move(identity)),
      own_(std::move(own)),
      silence_max_(kSilenceMax),
      pause_(kPause) {
    PLEIADE_CHECK(!ways_.empty());
    open();
    connect();
}

Link::~Link() {
    close();
}

void Link::open() {
    socket_ = zmq::socket_t(context(), zmq::socket_type::dealer);
    apply_common_options(socket_);
    socket_.set(zmq::sockopt::immediate, true);
    if (decides()) socket_.set(zmq::sockopt::reconnect_ivl, -1);  // where to, is decided here
    monitor_ = watch(socket_, decides() ? kEventsOfOneLife : kEvents);
}

void Link::close() {
    zmq_socket_monitor(socket_.handle(), nullptr, 0);
    socket_.close();
    monitor_.close();
}

KeyPair Link::key_to_show() const {
    if (show_former_) return own_;
    auto now = read_key_pair(key_file_);
    return now ? std::move(*now) : own_;
}

void Link::connect() {
    const Way& way = ways_[at_];
    if (is_tcp(way.endpoint)) {
        shown_ = key_to_show();
        socket_.set(zmq::sockopt::curve_serverkey, way.hub_key);
        socket_.set(zmq::sockopt::curve_publickey, shown_.public_key);
        socket_.set(zmq::sockopt::curve_secretkey, shown_.secret_key);
        socket_.set(zmq::sockopt::routing_id, unguessable_name());
    } else if (!identity_.empty()) {
        socket_.set(zmq::sockopt::routing_id, identity_);
    }
    socket_.connect(usable_endpoint(way.endpoint, false));
    state_ = State::Connecting;
    since_ = Steady::now();
}

// What waits in the socket was for the hub that is left: it is said again to the next one.
void Link::move_on() {
    close();
    open();
    at_ = (at_ + 1) % ways_.size();
    unanswered_since_.reset();
    if (++unreached_ < ways_.size()) return connect();
    unreached_ = 0;
    show_former_ = refused_ && !show_former_;
    refused_ = false;
    state_ = State::Waiting;
    since_ = Steady::now() + pause_;
    pause_ = std::min(pause_ * 2, kPauseMost);
}

void Link::look_after() {
    if (!decides()) return;
    const auto now = Steady::now();
    switch (state_) {
        case State::Waiting:
            if (now >= since_) connect();
            return;
        case State::Connecting:
            if (now - since_ >= kHandshakeMax) move_on();
            return;
        case State::Down:
            return move_on();
        case State::Up:
            if (!unanswered_since_ || now - *unanswered_since_ < silence_max_) return;
            silence_max_ = std::min(silence_max_ * 2, kSilenceMaxMost);
            return move_on();
    }
}

void Link::leave() {
    if (decides()) move_on();
}

bool Link::send(const v1::Envelope& envelope) {
    const std::string bytes = envelope.SerializeAsString();
    const int fault = PLEIADE_FAILPOINT("bus.request");
    if (fault == failpoint::kDrop) return true;
    try {
        if (fault == failpoint::kDuplicate) (void)socket_.send(zmq::buffer(bytes), zmq::send_flags::dontwait);
        const bool sent = socket_.send(zmq::buffer(bytes), zmq::send_flags::dontwait).has_value();
        if (sent && !unanswered_since_) unanswered_since_ = Steady::now();
        return sent;
    } catch (const zmq::error_t& error) {
        if (error.num() == EINTR) return false;
        throw;
    }
}

std::optional<v1::Envelope> Link::receive(milliseconds timeout) {
    zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0}, {monitor_.handle(), 0, ZMQ_POLLIN, 0}};
    const auto polled = poll(items, 2, decides() ? std::min(timeout, kLookEvery) : timeout);
    if (polled == Polled::Ready && (items[1].revents & ZMQ_POLLIN) != 0) read_monitor();
    if (polled == Polled::Ready && (items[0].revents & ZMQ_POLLIN) != 0) return take();
    look_after();  // only once all that the hub has answered is read
    return std::nullopt;
}

std::optional<v1::Envelope> Link::take() {
    try {
        zmq::message_t message;
        if (!socket_.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
        v1::Envelope envelope;
        // Only the hub speaks here; what cannot be parsed is as good as lost, and the request will be said again.
        if (!envelope.ParseFromArray(message.data(), static_cast<int>(message.size()))) return std::nullopt;
        unanswered_since_.reset();
        silence_max_ = kSilenceMax;
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
    const auto become = [this](State state) {
        state_ = state;
        since_ = Steady::now();
    };
    while (const auto event = next_event(monitor_)) {
        switch (event->kind) {
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
                if (++connections_ > 1) came_back_ = true;
                unreached_ = 0;
                own_ = shown_;
                show_former_ = false;
                pause_ = kPause;
                become(State::Up);
                break;
            case ZMQ_EVENT_DISCONNECTED:
            case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
                refused_ = refused_ || state_ == State::Connecting;
                become(State::Down);
                break;
            case ZMQ_EVENT_CLOSED:  // nobody is there
                become(State::Down);
                break;
            default:
                break;
        }
    }
}

}  // namespace pleiade::bus
