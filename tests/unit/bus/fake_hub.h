// A hub that answers as the test says, in a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/bus/router_server.h"

namespace pleiade::bus {

class FakeHub {
  public:
    using Answer = std::function<std::optional<v1::Envelope>(const Incoming&)>;
    FakeHub(const std::string& endpoint, Answer answer, const HubKeys& keys = {})
        : answer_(std::move(answer)), thread_([this, endpoint, keys] {
              RouterServer server({endpoint}, keys);
              bound_at_ = server.endpoints().front();
              bound_ = true;
              while (!stop_) {
                  server.wait(std::chrono::milliseconds{20}, {});
                  note(server.refusals().take());
                  while (const auto incoming = server.receive()) {
                      if (const auto reply = answer_(*incoming)) server.send(incoming->peer, *reply);
                  }
              }
          }) {
        while (!bound_) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    ~FakeHub() {
        stop_ = true;
        thread_.join();
    }
    // With the port that "tcp://127.0.0.1:*" was given.
    const std::string& bound_at() const { return bound_at_; }
    // How often it refused for that reason.
    std::uint64_t refused(const std::string& reason) const {
        const std::lock_guard lock(mutex_);
        const auto found = refused_.find(reason);
        return found == refused_.end() ? 0 : found->second;
    }
    bool refused_within(const std::string& reason, std::uint64_t times, std::chrono::milliseconds patience) const {
        const auto until = std::chrono::steady_clock::now() + patience;
        while (refused(reason) < times && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return refused(reason) >= times;
    }

  private:
    void note(const std::vector<Refusal>& refusals) {
        const std::lock_guard lock(mutex_);
        for (const auto& one : refusals) refused_[one.reason] += one.count;
    }

    Answer answer_;
    std::string bound_at_;  // before `bound_`
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> refused_;  // under `mutex_`
    std::atomic<bool> stop_{false};
    std::atomic<bool> bound_{false};
    std::thread thread_;
};

inline v1::Envelope ok_to(const v1::Envelope& request) {
    return answer_to(request, v1::Ok{}, 1);
}

// The worker's task 7, for that long.
inline v1::Envelope lease_to(const v1::Envelope& request, std::int64_t lease_ms, std::uint64_t fence = 1) {
    v1::Lease lease;
    lease.set_stage("read");
    lease.set_lease_ms(lease_ms);
    v1::Envelope answer = answer_to(request, lease, 1);
    answer.set_task_id("7");
    answer.set_fence(fence);
    return answer;
}

inline v1::Envelope drain(const v1::Envelope& request) {
    v1::Empty empty;
    empty.set_retry_ms(1);
    empty.set_drain(true);
    return answer_to(request, empty, 1);
}

}  // namespace pleiade::bus
