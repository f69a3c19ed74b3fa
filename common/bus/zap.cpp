#include "common/bus/zap.h"

#include <signal.h>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "common/bus/keys.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {
namespace {

constexpr char kAddress[] = "inproc://zeromq.zap.01";
constexpr std::size_t kKeyBytes = 32;
// The frames of a request: version, id, domain, address, identity, mechanism, credentials.
constexpr std::size_t kRequestFrames = 7;

struct Guarded {
    std::shared_ptr<AllowedKeys> allowed;
    std::shared_ptr<Refusals> refusals;
};

// One per process; its thread lives as long as the context, which is never closed.
class Handler {
  public:
    static Handler& instance() {
        static Handler* const handler = new Handler;
        return *handler;
    }
    void open(const std::string& domain, Guarded guarded) {
        const std::lock_guard lock(mutex_);
        domains_[domain] = std::move(guarded);
    }
    void close(const std::string& domain) {
        const std::lock_guard lock(mutex_);
        domains_.erase(domain);
    }

  private:
    Handler() : socket_(context(), zmq::socket_type::rep) {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.bind(kAddress);
        // Signals are for the threads that look at the stop flag.
        sigset_t all{};
        sigset_t before{};
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        std::thread([this] { run(); }).detach();
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    [[noreturn]] void run() {
        while (true) {
            std::vector<std::string> request;
            zmq::message_t frame;
            do {
                if (!socket_.recv(frame, zmq::recv_flags::none)) continue;
                request.push_back(frame.to_string());
            } while (frame.more());
            const std::string user = request.size() >= kRequestFrames ? user_of(request) : "";
            const std::string id = request.size() > 1 ? request[1] : "";
            reply(id, user);
        }
    }

    Guarded guarded(const std::string& domain) {
        const std::lock_guard lock(mutex_);
        const auto found = domains_.find(domain);
        return found == domains_.end() ? Guarded{} : found->second;
    }

    // The public key of who may enter, else nothing.
    std::string user_of(const std::vector<std::string>& request) {
        const auto [allowed, refusals] = guarded(request[2]);
        if (!allowed) return "";  // the server has just gone
        const std::string& address = request[3];
        const std::string& shown = request[6];
        if (request[5] != "CURVE" || shown.size() != kKeyBytes) {
            refusals->note(refused::kMechanism, address);
            return "";
        }
        std::array<char, 41> text{};
        zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(shown.data()), shown.size());
        const std::string key = text.data();
        const auto known = allowed->find(key);
        if (known && known->good()) return key;
        refusals->note(known ? refused::kRevokedKey : refused::kUnknownKey, address, fingerprint_of(key));
        return "";
    }

    void reply(const std::string& id, const std::string& user) {
        const bool in = !user.empty();
        const std::array<std::string, 6> frames = {"1.0", id, in ? "200" : "400", in ? "OK" : "refused", user, ""};
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto more = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
            (void)socket_.send(zmq::buffer(frames[i]), more);
        }
    }

    zmq::socket_t socket_;  // of its thread, once that runs
    std::mutex mutex_;
    std::map<std::string, Guarded> domains_;  // under `mutex_`
};

std::string next_domain() {
    static std::atomic<std::uint64_t> domains{0};
    return "hub-" + std::to_string(++domains);
}

}  // namespace

ZapDomain::ZapDomain(std::shared_ptr<AllowedKeys> allowed, std::shared_ptr<Refusals> refusals) : name_(next_domain()) {
    Handler::instance().open(name_, {std::move(allowed), std::move(refusals)});
}

ZapDomain::~ZapDomain() {
    Handler::instance().close(name_);
}

}  // namespace pleiade::bus
