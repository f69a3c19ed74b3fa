// Sessions and keys: from a cookie or a bearer key to who asks.
//
// Operation: a cookie holds 256 random bits and the hub their digest. What the hub said of a session is believed for
// `refresh`, so that somebody whose account is locked or changed is out within seconds. Only what a person does keeps a
// session alive (rights.cpp says which routes), and the hub learns of it once a minute.
// Concurrency: any thread. Limits: `entries_max` sessions are remembered, the others are asked for each time.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "services/gateway/access/principal.h"
#include "services/gateway/desk.h"

namespace pleiade::gateway {

struct SessionTimes {
    std::chrono::milliseconds idle = std::chrono::minutes(15);
    std::chrono::milliseconds absolute = std::chrono::hours(8);
    std::chrono::milliseconds refresh = std::chrono::seconds(2);
    std::chrono::milliseconds touch_every = std::chrono::minutes(1);
    std::chrono::milliseconds recent = std::chrono::minutes(5);  // for what asks for the password again
    const Clock* clock = nullptr;                                // the system's
};

class Sessions {
  public:
    Sessions(Desk& desk, const SessionTimes& times) : desk_(desk), times_(times) {}

    // Nothing when there is no such session, or it is over; an error when the hub cannot say.
    // `acts`: a person did something.
    Result<std::optional<Principal>> of_cookie(const std::string& cookie, bool acts);
    Result<std::optional<Principal>> of_key(const std::string& key);
    // Whether it goes on, for what outlives a request; does not keep it alive.
    bool goes_on(const std::string& session_hash);

    // The new session's cookie. `former`: the browser's cookie until now, which ends.
    Result<std::string> open(const std::string& account, const std::string& method, const std::string& former);
    Result<void> authenticated_again(const Principal& who);
    Result<void> close(const Principal& who, const std::string& why);
    void forget(const std::string& session_hash);

    const SessionTimes& times() const { return times_; }

  private:
    struct Entry {
        v1::SessionView view;
        std::chrono::steady_clock::time_point checked_at;
        std::int64_t seen_at_ms = 0;     // by this gateway
        std::int64_t touched_at_ms = 0;  // as the hub knows
    };
    Result<std::optional<Entry>> find(const std::string& hash);
    bool over(const Entry& entry, std::int64_t now_ms) const;
    std::int64_t now_ms() const;

    Desk& desk_;
    const SessionTimes times_;
    std::mutex mutex_;
    std::map<std::string, Entry> entries_;  // under `mutex_`
};

// As the hub words them.
std::optional<Role> role_from(std::string_view word);
std::string_view word_of(Role role);
// The principal of an account, without a session.
Principal principal_of(const v1::Account& account);

}  // namespace pleiade::gateway
