// A hub that answers as the test says, in a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "common/bus/router_server.h"

namespace pleiade::bus {

class FakeHub {
  public:
    using Answer = std::function<std::optional<v1::Envelope>(const Incoming&)>;
    FakeHub(const std::string& endpoint, Answer answer)
        : answer_(std::move(answer)), thread_([this, endpoint] {
              RouterServer server({endpoint});
              bound_ = true;
              while (!stop_) {
                  server.wait(std::chrono::milliseconds{20}, {});
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

  private:
    Answer answer_;
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
