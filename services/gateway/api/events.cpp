#include "services/gateway/api/events.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "services/gateway/api/figures_json.h"
#include "services/gateway/api/json.h"

namespace pleiade::gateway {

namespace {

std::string event_text(const v1::Event& event) {
    return "id: " + std::to_string(event.seq()) +
           "\nevent: change\ndata: " + boost::json::serialize(event_json(event, EventDetail::Codes)) + "\n\n";
}

SharedBytes shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

EventFeed::EventFeed(Desk& desk, const EventFeedOptions& options)
    : desk_(desk), options_(options), thread_([this] { run(); }) {}

EventFeed::~EventFeed() {
    stop();
}

void EventFeed::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
        arriving_.clear();
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    subscribers_.clear();
}

void EventFeed::subscribe(std::shared_ptr<StreamSink> sink, std::optional<std::int64_t> after) {
    {
        const std::lock_guard lock(mutex_);
        if (stop_) return;
        arriving_.push_back({std::move(sink), after, true});
        ++count_;
    }
    wake_.notify_all();
}

std::size_t EventFeed::subscribers() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

void EventFeed::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        for (auto& subscriber : arriving_) subscribers_.push_back(std::move(subscriber));
        arriving_.clear();
        if (subscribers_.empty()) {
            head_.reset();  // what happens while nobody listens is not new to those who come later
            wake_.wait(lock, [this] { return stop_ || !arriving_.empty(); });
            continue;
        }
        lock.unlock();
        round();
        lock.lock();
        count_ = subscribers_.size() + arriving_.size();
        wake_.wait_for(lock, options_.poll_every, [this] { return stop_ || more_ || !arriving_.empty(); });
    }
}

void EventFeed::round() {
    const auto now = std::chrono::steady_clock::now();
    const bool newcomer = std::ranges::any_of(subscribers_, &Subscriber::wants_status);
    more_ = false;
    // Changes before counts: a status is a hundred times longer, and nobody waits for it.
    if (!newcomer && !hub_away_ && head_) send_events();
    if (newcomer || now - status_at_ >= options_.status_every) {
        status_at_ = now;
        send_status();
    }
    const bool fresh = now - figures_at_ >= options_.figures_every;
    if (!hub_away_ && (fresh || std::ranges::any_of(subscribers_, &Subscriber::wants_figures))) {
        if (fresh) figures_at_ = now;
        send_figures(fresh);
    }
    if (newcomer && !hub_away_) send_events();
    if (now - comment_at_ >= options_.comment_every) {
        comment_at_ = now;
        send_all(": vivant\n\n");
    }
    drop_gone();
}

void EventFeed::send_status() {
    const auto status = desk_.status();
    if (!status) {
        // Said once; the page greys its figures until the next `status`.
        const bool newcomer = std::ranges::any_of(subscribers_, &Subscriber::wants_status);
        if (!hub_away_ || newcomer) send_all("event: away\ndata: {\"code\":\"" + status.error().code + "\"}\n\n");
        for (auto& subscriber : subscribers_) subscriber.wants_status = false;
        hub_away_ = true;
        last_status_.reset();
        return;
    }
    hub_away_ = false;
    head_ = status->last_event();
    auto text = shared("event: status\ndata: " + boost::json::serialize(status_json(*status)) + "\n\n");
    const bool changed = !last_status_ || *text != *last_status_;
    for (auto& subscriber : subscribers_) {
        if (!changed && !subscriber.wants_status) continue;
        if (subscriber.sink && subscriber.sink->pending_bytes() > options_.pending_bytes_max) continue;
        subscriber.wants_status = false;
        if (!subscriber.sink->send(text)) subscriber.sink.reset();
    }
    drop_gone();
    last_status_ = std::move(text);
}

// Every subscriber gets fresh ones; who comes in between, the last ones.
void EventFeed::send_figures(bool fresh) {
    if (fresh) {
        const auto figures = desk_.ask<v1::Figures>(v1::FiguresQuery{});
        last_figures_ = figures
                            ? shared("event: figures\ndata: " + boost::json::serialize(figures_json(*figures)) + "\n\n")
                            : nullptr;
    }
    for (auto& subscriber : subscribers_) {
        if (!fresh && !subscriber.wants_figures) continue;
        subscriber.wants_figures = false;
        if (!last_figures_ || subscriber.sink->pending_bytes() > options_.pending_bytes_max) continue;
        if (!subscriber.sink->send(last_figures_)) subscriber.sink.reset();
    }
    drop_gone();
}

void EventFeed::send_events() {
    for (auto& subscriber : subscribers_) {
        // A position beyond the trail is another ledger's: start from now.
        if (!subscriber.after || (head_ && *subscriber.after > *head_)) subscriber.after = head_;
    }
    std::set<std::int64_t> positions;  // most subscribers stand at the same one: one question serves them all
    for (const auto& subscriber : subscribers_) {
        if (subscriber.after && subscriber.sink->pending_bytes() <= options_.pending_bytes_max) {
            positions.insert(*subscriber.after);
        }
    }
    for (const auto position : positions) {
        const auto events = desk_.events(position, options_.events_max);
        if (!events) return;
        if (events->events().empty()) continue;
        more_ = more_ || events->events_size() >= options_.events_max;
        std::string text;
        for (const auto& event : events->events()) text += event_text(event);
        const auto reached = events->events().rbegin()->seq();
        head_ = std::max(head_.value_or(0), reached);
        const auto bytes = shared(std::move(text));
        for (auto& subscriber : subscribers_) {
            if (!subscriber.sink || subscriber.after != position) continue;
            if (subscriber.sink->pending_bytes() > options_.pending_bytes_max) continue;
            subscriber.after = reached;
            if (!subscriber.sink->send(bytes)) subscriber.sink.reset();
        }
    }
}

void EventFeed::send_all(std::string text) {
    const auto bytes = shared(std::move(text));
    for (auto& subscriber : subscribers_) {
        if (subscriber.sink && !subscriber.sink->send(bytes)) subscriber.sink.reset();
    }
}

void EventFeed::drop_gone() {
    std::erase_if(subscribers_, [](const Subscriber& subscriber) { return !subscriber.sink; });
}

}  // namespace pleiade::gateway
