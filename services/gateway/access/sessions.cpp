#include "services/gateway/access/sessions.h"

#include <array>

#include "common/runtime/secrets.h"

namespace pleiade::gateway {

namespace {

constexpr std::size_t kEntriesMax = 20'000;
constexpr std::size_t kCookieBytes = 43;

constexpr std::array<std::pair<std::string_view, Role>, 6> kRoles = {{{"scan_operator", Role::ScanOperator},
                                                                      {"keyer", Role::Keyer},
                                                                      {"supervisor", Role::Supervisor},
                                                                      {"service_agent", Role::ServiceAgent},
                                                                      {"auditor", Role::Auditor},
                                                                      {"technical_admin", Role::TechnicalAdmin}}};

}  // namespace

std::optional<Role> role_from(std::string_view word) {
    const auto found = std::ranges::find(kRoles, word, &std::pair<std::string_view, Role>::first);
    return found == kRoles.end() ? std::nullopt : std::optional(found->second);
}

std::string_view word_of(Role role) {
    const auto found = std::ranges::find(kRoles, role, &std::pair<std::string_view, Role>::second);
    return found == kRoles.end() ? "" : found->first;
}

Principal principal_of(const v1::Account& account) {
    Principal who;
    who.name = account.name();
    who.display_name = account.display_name();
    for (const auto& word : account.roles()) {
        if (const auto role = role_from(word)) who.roles.push_back(*role);
    }
    who.skills.assign(account.skills().begin(), account.skills().end());
    who.services.assign(account.services().begin(), account.services().end());
    who.caisses.assign(account.caisses().begin(), account.caisses().end());
    who.medical = account.medical();
    who.must_change_password = account.must_change_password();
    return who;
}

std::int64_t Sessions::now_ms() const {
    static const SystemClock system;
    return (times_.clock != nullptr ? *times_.clock : system).now().time_since_epoch().count();
}

bool Sessions::over(const Entry& entry, std::int64_t now) const {
    const auto seen = std::max(entry.seen_at_ms, entry.view.seen_at_ms());
    return entry.view.account().state() != "ACTIVE" || now - seen >= times_.idle.count() ||
           now - entry.view.opened_at_ms() >= times_.absolute.count();
}

Result<std::optional<Sessions::Entry>> Sessions::find(const std::string& hash) {
    const auto now = std::chrono::steady_clock::now();
    std::int64_t seen = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto known = entries_.find(hash);
        if (known != entries_.end() && now - known->second.checked_at < times_.refresh)
            return std::optional(known->second);
        if (known != entries_.end()) seen = known->second.seen_at_ms;
    }
    v1::SessionQuery query;
    query.set_id_hash(hash);
    auto view = desk_.ask<v1::SessionView>(query);
    if (!view && view.error().kind != ErrorKind::NotFound) return pass_on(view);
    const std::lock_guard lock(mutex_);
    if (!view) {
        entries_.erase(hash);
        return std::optional<Entry>{};
    }
    if (entries_.size() >= kEntriesMax) entries_.clear();
    Entry& entry = entries_[hash];
    entry.seen_at_ms = std::max(entry.seen_at_ms, seen);
    entry.touched_at_ms = view->seen_at_ms();
    entry.view = std::move(*view);
    entry.checked_at = now;
    return std::optional(entry);
}

Result<std::optional<Principal>> Sessions::of_cookie(const std::string& cookie, bool acts) {
    if (cookie.size() != kCookieBytes) return std::optional<Principal>{};
    const std::string hash = runtime::digest_of(cookie);
    auto found = find(hash);
    if (!found) return pass_on(found);
    if (!*found) return std::optional<Principal>{};
    Entry& entry = **found;
    const std::int64_t now = now_ms();
    Principal who = principal_of(entry.view.account());
    who.session_hash = hash;
    if (over(entry, now)) {
        (void)close(who, "expired");  // the hub forgets it sooner; when it cannot now, time has ended it anyway
        return std::optional<Principal>{};
    }
    if (acts) {
        bool tell = false;
        {
            const std::lock_guard lock(mutex_);
            if (const auto known = entries_.find(hash); known != entries_.end()) {
                known->second.seen_at_ms = now;
                tell = now - known->second.touched_at_ms >= times_.touch_every.count();
                if (tell) known->second.touched_at_ms = now;
            }
        }
        entry.seen_at_ms = now;
        if (tell) {
            v1::TouchSession touch;
            touch.set_by(who.name);
            touch.set_id_hash(hash);
            (void)desk_.ask<v1::SessionView>(touch);
        }
    }
    who.csrf = runtime::keyed_digest_hex(cookie, "csrf");
    who.method = entry.view.method();
    who.recently_authenticated = now - entry.view.authenticated_at_ms() < times_.recent.count();
    who.idle_left_ms = times_.idle.count() - (now - std::max(entry.seen_at_ms, entry.view.seen_at_ms()));
    who.absolute_left_ms = times_.absolute.count() - (now - entry.view.opened_at_ms());
    return std::optional(std::move(who));
}

Result<std::optional<Principal>> Sessions::of_key(const std::string& key) {
    if (key.size() != kCookieBytes) return std::optional<Principal>{};
    v1::ApiKeyQuery query;
    query.set_key_hash(runtime::digest_of(key));
    const auto found = desk_.ask<v1::ApiKeySaved>(query);
    if (!found && found.error().kind != ErrorKind::NotFound) return pass_on(found);
    if (!found) return std::optional<Principal>{};
    Principal who;
    who.name = "api:" + found->key().name();
    who.display_name = found->key().name();
    who.roles = {Role::ServiceMachine};
    who.services = {found->key().caisse() + "-" + found->key().service()};
    who.medical = true;  // of its own service, whose mail it receives whole
    return std::optional(std::move(who));
}

bool Sessions::goes_on(const std::string& session_hash) {
    const auto found = find(session_hash);
    // A hub that is away says nothing about who may listen.
    if (!found) return true;
    return *found && !over(**found, now_ms());
}

Result<std::string> Sessions::open(const std::string& account, const std::string& method, const std::string& former) {
    std::string cookie = runtime::random_token();
    v1::OpenSession open;
    open.set_by(account);
    open.set_id_hash(runtime::digest_of(cookie));
    open.set_method(method);
    if (former.size() == kCookieBytes) {
        open.set_former_id_hash(runtime::digest_of(former));
        forget(open.former_id_hash());
    }
    const auto opened = desk_.ask<v1::SessionView>(open);
    if (!opened) return pass_on(opened);
    return cookie;
}

Result<void> Sessions::authenticated_again(const Principal& who) {
    v1::TouchSession touch;
    touch.set_by(who.name);
    touch.set_id_hash(who.session_hash);
    touch.set_authenticated(true);
    const auto touched = desk_.ask<v1::SessionView>(touch);
    forget(who.session_hash);
    if (!touched) return pass_on(touched);
    return {};
}

Result<void> Sessions::close(const Principal& who, const std::string& why) {
    v1::CloseSession close;
    close.set_by(who.name);
    close.set_id_hash(who.session_hash);
    close.set_why(why);
    forget(who.session_hash);
    const auto closed = desk_.ask<v1::SessionClosed>(close);
    if (!closed) return pass_on(closed);
    return {};
}

void Sessions::forget(const std::string& session_hash) {
    const std::lock_guard lock(mutex_);
    entries_.erase(session_hash);
}

}  // namespace pleiade::gateway
