#include "tests/web/fake/fake_people.h"

#include <algorithm>
#include <chrono>

#include "common/runtime/secrets.h"

namespace pleiade::gateway::fake {

namespace {

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

template <class Message>
v1::Envelope envelope(const Message& message) {
    v1::Envelope out;
    out.set_type(Message::descriptor()->name());
    out.set_body(message.SerializeAsString());
    return out;
}

template <class Message>
Message parsed(const std::string& body) {
    Message message;
    message.ParseFromString(body);
    return message;
}

}  // namespace

v1::Account FakePeople::anybody(const std::string& name) {
    v1::Account account;
    account.set_name(name);
    account.set_state("ACTIVE");
    account.set_medical(true);
    for (const char* role : {"scan_operator", "keyer", "supervisor", "service_agent", "auditor", "technical_admin"}) {
        account.add_roles(role);
    }
    for (const char* service : {"IJ", "GDB", "ELSM", "FSP", "AT"}) {
        account.add_services("595-" + std::string(service));
        account.add_services("591-" + std::string(service));
    }
    return account;
}

void FakePeople::add(const v1::Account& account, const std::string& password) {
    v1::Credential credential;
    *credential.mutable_account() = account;
    if (!password.empty()) credential.set_password_hash(runtime::hash_password(password));
    const std::lock_guard lock(mutex_);
    accounts_[account.name()] = std::move(credential);
}

std::string FakePeople::sign_in(const v1::Account& account) {
    const std::string cookie = runtime::random_token();
    v1::SessionView view;
    *view.mutable_account() = account;
    view.set_method("password");
    view.set_opened_at_ms(now_ms());
    view.set_seen_at_ms(now_ms());
    view.set_authenticated_at_ms(now_ms());
    const std::lock_guard lock(mutex_);
    sessions_[runtime::digest_of(cookie)] = std::move(view);
    return cookie;
}

std::string FakePeople::make_key(const std::string& caisse, const std::string& service) {
    const std::string key = runtime::random_token();
    v1::ApiKey made;
    made.set_name("machine");
    made.set_caisse(caisse);
    made.set_service(service);
    const std::lock_guard lock(mutex_);
    keys_[runtime::digest_of(key)] = std::move(made);
    return key;
}

std::vector<v1::PageView> FakePeople::views() const {
    const std::lock_guard lock(mutex_);
    return views_;
}

void FakePeople::fail_views(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    views_error_ = std::move(error);
}

Result<v1::Envelope> FakePeople::session(const std::string& id_hash) const {
    const auto found = sessions_.find(id_hash);
    if (found == sessions_.end()) return not_found("SESSION_UNKNOWN", "no such session");
    return envelope(found->second);
}

std::optional<Result<v1::Envelope>> FakePeople::answer(const std::string& type, const std::string& body) {
    const std::lock_guard lock(mutex_);
    if (type == "SessionQuery") return session(parsed<v1::SessionQuery>(body).id_hash());
    if (type == "TouchSession") return session(parsed<v1::TouchSession>(body).id_hash());
    if (type == "CloseSession") {
        sessions_.erase(parsed<v1::CloseSession>(body).id_hash());
        return Result<v1::Envelope>(envelope(v1::SessionClosed{}));
    }
    if (type == "OpenSession") {
        const auto open = parsed<v1::OpenSession>(body);
        sessions_.erase(open.former_id_hash());
        v1::SessionView view;
        *view.mutable_account() = accounts_[open.by()].account();
        view.set_method(open.method());
        view.set_opened_at_ms(now_ms());
        view.set_seen_at_ms(now_ms());
        view.set_authenticated_at_ms(now_ms());
        sessions_[open.id_hash()] = view;
        return session(open.id_hash());
    }
    if (type == "CredentialQuery") {
        const auto query = parsed<v1::CredentialQuery>(body);
        const auto found = std::ranges::find_if(accounts_, [&](const auto& one) {
            return query.name().empty() ? one.second.account().subject() == query.subject() : one.first == query.name();
        });
        if (found == accounts_.end()) return Result<v1::Envelope>(not_found("ACCOUNT_UNKNOWN", "no such account"));
        return Result<v1::Envelope>(envelope(found->second));
    }
    if (type == "ApiKeyQuery") {
        const auto found = keys_.find(parsed<v1::ApiKeyQuery>(body).key_hash());
        if (found == keys_.end()) return Result<v1::Envelope>(not_found("KEY_UNKNOWN", "no such key"));
        v1::ApiKeySaved saved;
        *saved.mutable_key() = found->second;
        return Result<v1::Envelope>(envelope(saved));
    }
    if (type == "NoteLoginFailure") return Result<v1::Envelope>(envelope(v1::LoginFailureNoted{}));
    if (type == "NoteViews") {
        if (views_error_) return Result<v1::Envelope>(tl::unexpected<Error>(*views_error_));
        const auto note = parsed<v1::NoteViews>(body);
        for (const auto& view : note.views()) views_.push_back(view);
        return Result<v1::Envelope>(envelope(v1::ViewsNoted{}));
    }
    return std::nullopt;
}

}  // namespace pleiade::gateway::fake
