// Makes a POST that is sent twice count once, and tells a key that serves again for something else.
//
// Operation: answers are remembered by key, with a digest of what was asked. The key also goes to the hub, whose own
// memory survives a restart of the gateway; this one answers without asking it, and holds the rule "same key, other
// body: 422", which only the HTTP side can see.
// Concurrency: any thread.
// Limits: `entries_max` keys, the oldest forgotten first, none kept over seven days.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "services/gateway/http/message.h"

namespace pleiade::gateway {

class Idempotency {
  public:
    explicit Idempotency(std::size_t entries_max = 20'000) : entries_max_(entries_max) {}

    // Runs `act` with the key, once; else answers as the first time, or with the refusal.
    Response once(const Request& request, const std::function<Response(const std::string& key)>& act) {
        return remembered(request, true, act);
    }
    // The same for an answer that holds content: it is not kept here. Said again, it is asked of the hub again, which
    // counts it once and answers with what the document has become.
    Response once_without_content(const Request& request, const std::function<Response(const std::string& key)>& act) {
        return remembered(request, false, act);
    }

  private:
    struct Entry {
        std::string fingerprint;
        bool done = false;
        std::optional<Response> response;  // none: the hub is asked again
        std::chrono::steady_clock::time_point at;
    };
    Response remembered(const Request& request, bool keep, const std::function<Response(const std::string& key)>& act);
    void forget_old();

    const std::size_t entries_max_;
    std::mutex mutex_;
    std::map<std::string, Entry> entries_;  // under `mutex_`
    std::deque<std::string> order_;         // under `mutex_`: keys, oldest first
};

}  // namespace pleiade::gateway
