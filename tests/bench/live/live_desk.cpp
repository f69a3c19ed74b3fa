#include "tests/bench/live/live_desk.h"

#include <fmt/format.h>

#include <chrono>

namespace pleiade::bench {

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

LiveDesk::LiveDesk(int queues, int events_per_second)
    : queues_(queues), events_per_second_(events_per_second), producer_([this] { produce(); }) {}

LiveDesk::~LiveDesk() {
    stop_ = true;
    producer_.join();
}

// Depths move every second, as on a working day: every status differs from the one before.
Result<v1::Status> LiveDesk::status() {
    v1::Status status;
    const std::int64_t second = now_ns() / 1'000'000'000;
    for (int i = 0; i < queues_; ++i) {
        auto& queue = *status.add_queues();
        queue.set_caisse(fmt::format("{}", 590 + i % 9));
        queue.set_service(fmt::format("SERVICE_{}", i / 9));
        queue.set_priority(fmt::format("P{}", i % 4));
        queue.set_depth(100 + (second + i) % 50);
        queue.set_oldest_seconds(second % 3'600);
    }
    const std::lock_guard lock(mutex_);
    status.set_last_event(events_.empty() ? 0 : events_.back().seq());
    return status;
}

Result<v1::Events> LiveDesk::events(std::int64_t after, int limit) {
    v1::Events page;
    const std::lock_guard lock(mutex_);
    // Sequences count from 1 without a hole.
    for (auto at = static_cast<std::size_t>(after); at < events_.size() && page.events_size() < limit; ++at) {
        *page.add_events() = events_[at];
    }
    return page;
}

Result<v1::Envelope> LiveDesk::call(const std::string& type, const std::string&, const std::string&) {
    if (type != v1::SessionQuery::descriptor()->name()) return none();
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    v1::SessionView view;
    view.mutable_account()->set_name("bench");
    view.mutable_account()->set_state("ACTIVE");
    view.mutable_account()->add_roles("supervisor");
    view.set_opened_at_ms(now.count());
    view.set_seen_at_ms(now.count());
    view.set_authenticated_at_ms(now.count());
    v1::Envelope answer;
    answer.set_type(v1::SessionView::descriptor()->name());
    answer.set_body(view.SerializeAsString());
    return answer;
}

void LiveDesk::produce() {
    auto next = std::chrono::steady_clock::now();
    while (!stop_) {
        next += std::chrono::nanoseconds(1'000'000'000 / events_per_second_);
        std::this_thread::sleep_until(next);
        v1::Event event;
        event.set_at_ms(now_ns() / 1'000'000);
        event.set_kind("delivery.closed");
        event.set_pli_id("0191f2a4c0de7b3f8a11223344556677");
        event.set_document_id("0191f2a4c0de7b3f8a11223344556677-1");
        event.set_from_state("TAKEN");
        event.set_to_state("CLOSED");
        const std::lock_guard lock(mutex_);
        event.set_seq(static_cast<std::int64_t>(events_.size()) + 1);
        event.set_code(fmt::format("AT{}", now_ns()));
        events_.push_back(std::move(event));
    }
}

}  // namespace pleiade::bench
