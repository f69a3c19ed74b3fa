#include "common/bus/worker.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/bus/lease_keeper.h"
#include "common/bus/limits.h"
#include "common/bus/link.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kSayAgainAfter{1'000};
constexpr milliseconds kLookAtStopEvery{100};
// A worker that was told to stop does not wait longer for a hub that is away; the task will be leased again.
constexpr milliseconds kPatienceOnceStopped{5'000};

double cpu_ms_of(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

class Worker {
  public:
    Worker(const WorkerOptions& options, KeyPair own, const TaskHandler& handler, const std::atomic<bool>& stop)
        : options_(options), handler_(handler), stop_(stop), link_(options.hubs, std::move(own), options.name) {}

    void run() {
        while (!stop_) {
            v1::Envelope ready = ready_message(1, "");
            const auto answer = converse(ready, milliseconds{0});
            if (!answer) break;
            if (answer->type() == v1::Lease::descriptor()->name()) {
                work(*answer);
            } else if (!pause_after(*answer)) {
                break;
            }
        }
        converse(ready_message(0, "leaving"), milliseconds{500});
    }

  private:
    v1::Envelope message(const std::string& type, std::string body) const {
        v1::Envelope envelope;
        envelope.set_version(kProtocolVersion);
        envelope.set_type(type);
        envelope.set_request_id(new_request_id());
        envelope.set_body(std::move(body));
        return envelope;
    }

    v1::Envelope ready_message(int credit, const std::string& doing) {
        v1::Ready ready;
        ready.set_worker(options_.name);
        for (const std::string& stage : options_.stages) ready.add_stages(stage);
        ready.set_credit(credit);
        ready.set_started_at_ms(started_at_ms_);
        counters_.set_cpu_ms(cpu_ms_of(RUSAGE_SELF) + cpu_ms_of(RUSAGE_CHILDREN));
        counters_.set_rss_bytes(resident_bytes());
        counters_.set_doing(doing);
        *ready.mutable_counters() = counters_;
        return message(v1::Ready::descriptor()->name(), ready.SerializeAsString());
    }

    // Says the message until it is answered. `patience` 0: as long as nobody stops us, and a little more.
    std::optional<v1::Envelope> converse(const v1::Envelope& request, milliseconds patience) {
        const auto began_at = Steady::now();
        std::optional<Steady::time_point> stopped_at;
        auto say_at = began_at;
        while (true) {
            const auto now = Steady::now();
            if (patience.count() > 0 && now - began_at >= patience) return std::nullopt;
            if (stop_ && !stopped_at) stopped_at = now;
            if (stopped_at && now - *stopped_at >= kPatienceOnceStopped) return std::nullopt;
            if (now >= say_at) {
                const bool said = link_.send(request);
                if (said) said_at_ = now;
                say_at = now + (said ? kSayAgainAfter : milliseconds{20});
            }
            const auto rest = std::chrono::ceil<milliseconds>(say_at - now);
            const auto answer = link_.receive(std::clamp(rest, milliseconds{0}, kLookAtStopEvery));
            if (link_.came_back()) say_at = Steady::now();
            if (answer && answer->request_id() == request.request_id()) return answer;
        }
    }

    // False: leave.
    bool pause_after(const v1::Envelope& answer) {
        milliseconds pause{1'000};  // after a refusal
        v1::Empty empty;
        if (answer.type() == v1::Empty::descriptor()->name() && empty.ParseFromString(answer.body())) {
            if (empty.drain()) return false;
            pause = milliseconds{std::clamp<std::int64_t>(empty.retry_ms(), 1, 10'000)};
        }
        const auto until = Steady::now() + pause;
        while (!stop_ && Steady::now() < until) {
            const auto rest = std::chrono::ceil<milliseconds>(until - Steady::now());
            link_.receive(std::min(rest, kLookAtStopEvery));
        }
        return true;
    }

    void work(const v1::Envelope& granted) {
        PLEIADE_FAILPOINT("worker.after_lease");
        v1::Lease lease;
        if (!lease.ParseFromString(granted.body())) {
            say_failure(granted, {ErrorKind::Invalid, "LEASE_MALFORMED", "the lease could not be parsed"});
            return;
        }
        LeaseKeeper keeper(link_, granted.task_id(), granted.fence(), milliseconds{lease.lease_ms()}, said_at_);
        const Result<v1::Done> outcome = handler_(lease, keeper);
        if (keeper.lost()) {
            counters_.set_stale(counters_.stale() + 1);
            return;
        }
        if (!outcome) {
            say_failure(granted, outcome.error());
            return;
        }
        std::string body = outcome->SerializeAsString();
        if (body.size() > kResultBytesMax) {
            say_failure(granted, {ErrorKind::Invalid, "RESULT_TOO_LARGE",
                                  "the result has " + std::to_string(body.size()) + " bytes, over the limit of " +
                                      std::to_string(kResultBytesMax)});
            return;
        }
        v1::Envelope done = message(v1::Done::descriptor()->name(), std::move(body));
        done.set_task_id(granted.task_id());
        done.set_fence(granted.fence());
        done.set_content_sha256(sha256_hex(done.body()));
        PLEIADE_FAILPOINT("worker.before_result");
        const auto answer = converse(done, milliseconds{0});
        PLEIADE_FAILPOINT("worker.after_result");
        if (!answer) return;
        if (answer->type() == v1::Ack::descriptor()->name()) {
            counters_.set_done(counters_.done() + 1);
        } else if (answer->type() == v1::Stale::descriptor()->name()) {
            counters_.set_stale(counters_.stale() + 1);
        } else {
            counters_.set_failed(counters_.failed() + 1);  // refused: the hub has put the pli aside
        }
    }

    void say_failure(const v1::Envelope& granted, const Error& error) {
        if (error.kind == ErrorKind::Conflict) {
            counters_.set_stale(counters_.stale() + 1);
            return;
        }
        counters_.set_failed(counters_.failed() + 1);
        v1::Nack nack;
        nack.set_class_(error.kind == ErrorKind::Unavailable ? "transient" : "permanent");
        nack.set_code(error.code);
        nack.set_message(error.message);
        v1::Envelope failure = message(v1::Nack::descriptor()->name(), nack.SerializeAsString());
        failure.set_task_id(granted.task_id());
        failure.set_fence(granted.fence());
        converse(failure, milliseconds{0});
    }

    const WorkerOptions& options_;
    const TaskHandler& handler_;
    const std::atomic<bool>& stop_;
    Link link_;
    v1::WorkerCounters counters_;
    Steady::time_point said_at_{};
    // Tells the hub one life of a worker from the next under the same name.
    const std::int64_t started_at_ms_ =
        std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
};

}  // namespace

Result<void> run_worker(const WorkerOptions& options, const TaskHandler& handler, const std::atomic<bool>& stop) {
    auto own = own_keys(options.hubs);
    if (!own) return pass_on(own);
    Worker(options, std::move(*own), handler, stop).run();
    return {};
}

}  // namespace pleiade::bus
