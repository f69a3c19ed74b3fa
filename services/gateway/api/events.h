// The audit trail as it grows, towards live pages (server-sent events).
//
// Operation: one thread asks the hub for what is new and hands it to every subscriber, with the audit sequence as event
// id, so that a client that comes back with Last-Event-ID misses nothing: every subscriber has its own position and
// late ones are fed page by page. Whatever many subscribers get is encoded once and shared by their queues. `status`
// events carry all counts, at most one a second; `figures` events the rates, punctuality and delays, every ten seconds.
// Nothing is asked of the hub while nobody listens. Concurrency: subscribe from any thread. Limits: a subscriber that
// does not read gets nothing more until it does; the connection cuts it after its write limit. Event data hold
// identifiers, states and codes only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "services/gateway/desk.h"
#include "services/gateway/http/message.h"

namespace pleiade::gateway {

struct EventFeedOptions {
    std::chrono::milliseconds poll_every{100};  // most of what passes between a change and its sight
    std::chrono::milliseconds status_every{1'000};
    std::chrono::milliseconds figures_every{10'000};
    std::chrono::milliseconds comment_every{15'000};  // keeps proxies from closing; advice of the HTML standard
    int events_max = 200;                             // of one question to the hub
    std::size_t pending_bytes_max = 64 << 10;         // of a subscriber, before it is left waiting
};

class EventFeed {
  public:
    EventFeed(Desk& desk, const EventFeedOptions& options);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    // Lets every subscriber go; those who come later are let go at once.
    void stop();
    // Without `after`, from now on.
    void subscribe(std::shared_ptr<StreamSink> sink, std::optional<std::int64_t> after);
    std::size_t subscribers() const;

  private:
    struct Subscriber {
        std::shared_ptr<StreamSink> sink;
        std::optional<std::int64_t> after;  // last audit sequence sent, or nothing yet
        bool wants_status = true;
        bool wants_figures = true;
    };

    void run();
    void round();
    void send_status();
    void send_figures(bool fresh);
    void send_events();
    void send_all(std::string text);
    void drop_gone();

    Desk& desk_;
    const EventFeedOptions options_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Subscriber> arriving_;  // under `mutex_`
    std::size_t count_ = 0;             // under `mutex_`
    bool stop_ = false;                 // under `mutex_`

    // The feed's thread only.
    std::vector<Subscriber> subscribers_;
    std::optional<std::int64_t> head_;
    SharedBytes last_status_;
    SharedBytes last_figures_;
    bool hub_away_ = false;
    bool more_ = false;  // the last question was answered in full: somebody catches up, ask on at once
    std::chrono::steady_clock::time_point status_at_{};
    std::chrono::steady_clock::time_point figures_at_{};
    std::chrono::steady_clock::time_point comment_at_{};
    std::thread thread_;
};

}  // namespace pleiade::gateway
