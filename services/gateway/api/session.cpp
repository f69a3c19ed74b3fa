// Signing in and out with a local account, and one's own password.
#include "common/runtime/log.h"
#include "common/runtime/secrets.h"
#include "services/gateway/access/gatekeeper.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/api/session_json.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::size_t kNameBytesMax = 60;
constexpr std::size_t kPasswordBytesMax = 200;

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// The same words whatever was wrong, so that nobody learns which names there are.
Response refused_login() {
    return problem(401, "LOGIN_REFUSED",
                   "Identifiant ou mot de passe incorrect, ou compte verrouillé pour un moment par trop d'essais.");
}

Response too_many(std::chrono::seconds wait) {
    Response response =
        problem(429, "TOO_MANY_ATTEMPTS", "Trop d'essais: recommencez dans " + std::to_string(wait.count()) + " s.");
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

Response busy() {
    Response response =
        problem(503, "TOO_BUSY", "Trop de connexions en même temps; recommencez dans quelques secondes.");
    response.headers.emplace_back("Retry-After", "3");
    return response;
}

struct Checked {
    std::optional<Response> refusal{};
    v1::Account account{};
};

// A password against an account: throttled, counted by the hub, the same time for a name that nobody has.
Checked check_password(const Context& context, const Request& request, const std::string& name,
                       const std::string& password) {
    auto& access = context.access;
    if (const auto wait = access.throttle.wait_for(name, request.remote, Throttle::Clock::now()); wait.count() > 0) {
        return {too_many(wait)};
    }
    v1::CredentialQuery query;
    query.set_name(name);
    const auto credential = context.desk.ask<v1::Credential>(query);
    if (!credential && credential.error().kind != ErrorKind::NotFound) return {problem_of(credential.error())};
    const bool usable = credential && credential->account().state() == "ACTIVE" &&
                        credential->account().locked_until_ms() <= now_ms() && !credential->password_hash().empty();
    const auto right =
        access.passwords.verify(usable ? credential->password_hash() : runtime::hash_of_nobody(), password);
    if (!right) return {busy()};
    if (usable && *right) {
        access.throttle.succeeded(name);
        return {std::nullopt, credential->account()};
    }
    access.throttle.failed(name, request.remote, Throttle::Clock::now());
    if (usable) {
        v1::NoteLoginFailure failure;
        failure.set_by(name);
        failure.set_method("password");
        (void)context.desk.ask<v1::LoginFailureNoted>(failure);
    }
    // The name is not logged: people type their password there.
    runtime::log_warning("sign-in refused", {{"client.address", request.remote}, {"trace.id", request.trace_id}});
    return {refused_login()};
}

}  // namespace

boost::json::object session_json(const Context& context, const Principal& who) {
    boost::json::object out{{"signed_in", who.known()}, {"oidc", context.access.options.provider != nullptr}};
    if (!who.known()) return out;
    boost::json::array roles;
    for (const auto role : who.roles) roles.push_back(boost::json::string(word_of(role)));
    boost::json::array screens;
    for (const auto screen : screens_of(who)) screens.push_back(boost::json::string(screen));
    const auto texts = [](const std::vector<std::string>& words) {
        boost::json::array array;
        for (const auto& word : words) array.push_back(boost::json::string(word));
        return array;
    };
    out["name"] = who.name;
    out["display_name"] = who.display_name.empty() ? who.name : who.display_name;
    out["roles"] = std::move(roles);
    out["screens"] = std::move(screens);
    out["skills"] = texts(who.skills);
    out["services"] = texts(who.services);
    out["caisses"] = texts(who.caisses);
    out["medical"] = who.medical;
    out["must_change_password"] = who.must_change_password;
    out["method"] = who.method;
    out["csrf"] = who.csrf;
    out["idle_seconds"] = who.idle_left_ms / 1000;
    out["absolute_seconds"] = who.absolute_left_ms / 1000;
    out["idle_limit_seconds"] = context.access.sessions.times().idle.count() / 1000;
    return out;
}

Response opened_session(const Context& context, const Request& request, const std::string& account,
                        const std::string& method) {
    auto& access = context.access;
    const auto cookie = access.sessions.open(account, method, access.cookie_of(request));
    if (!cookie) return problem_of(cookie.error());
    const auto who = access.sessions.of_cookie(*cookie, true);
    if (!who) return problem_of(who.error());
    if (!*who) return problem_of({ErrorKind::Conflict, "SESSION_REFUSED", ""});
    Response response = json_response(session_json(context, **who));
    response.headers.emplace_back("Set-Cookie", access.cookie_line(*cookie));
    runtime::log_info("signed in", {{"user.name", account}, {"method", method}, {"trace.id", request.trace_id}});
    return response;
}

Response get_session(const Context& context, const Request& request) {
    return json_response(session_json(context, request.who));
}

Response post_session(const Context& context, const Request& request) {
    Body body(request, {"name", "password"});
    const std::string name = body.text("name", kNameBytesMax);
    std::string password = body.text("password", kPasswordBytesMax);
    if (body.refusal()) return *body.refusal();
    const auto checked = check_password(context, request, name, password);
    runtime::forget(password);
    if (checked.refusal) return *checked.refusal;
    return opened_session(context, request, name, "password");
}

Response post_renew_session(const Context& context, const Request& request) {
    Body body(request, {});
    if (body.refusal()) return *body.refusal();
    return json_response(session_json(context, request.who));
}

Response post_confirm_session(const Context& context, const Request& request) {
    Body body(request, {"password"});
    std::string password = body.text("password", kPasswordBytesMax);
    if (body.refusal()) return *body.refusal();
    const auto checked = check_password(context, request, request.who.name, password);
    runtime::forget(password);
    if (checked.refusal) {
        if (checked.refusal->status != 401) return *checked.refusal;
        return problem(403, "PASSWORD_REFUSED", "Ce n'est pas votre mot de passe.");
    }
    const auto again = context.access.sessions.authenticated_again(request.who);
    return again ? json_response(session_json(context, request.who)) : problem_of(again.error());
}

Response post_end_session(const Context& context, const Request& request) {
    Body body(request, {});
    if (body.refusal()) return *body.refusal();
    const auto closed = context.access.sessions.close(request.who, "logout");
    if (!closed) return problem_of(closed.error());
    Response response = json_response(session_json(context, Principal{}));
    response.headers.emplace_back("Set-Cookie", context.access.cookie_line(""));
    return response;
}

Response put_password(const Context& context, const Request& request) {
    Body body(request, {"current", "new"});
    std::string current = body.text("current", kPasswordBytesMax);
    std::string wanted = body.text("new", kPasswordBytesMax);
    if (body.refusal()) return *body.refusal();
    const auto checked = check_password(context, request, request.who.name, current);
    const bool same = current == wanted;
    runtime::forget(current);
    if (checked.refusal) {
        if (checked.refusal->status != 401) return *checked.refusal;
        return problem(403, "PASSWORD_REFUSED", "Ce n'est pas votre mot de passe actuel.");
    }
    if (const auto weak = runtime::weakness_of(wanted, request.who.name); weak || same) {
        return problem_at(422, "PASSWORD_WEAK", "/new", weak ? *weak : "C'est le mot de passe actuel.");
    }
    const auto hash = context.access.passwords.hash(wanted);
    runtime::forget(wanted);
    if (!hash) return busy();
    v1::SetPassword command;
    command.set_by(request.who.name);
    command.set_name(request.who.name);
    command.set_password_hash(*hash);
    command.set_keep_session(request.who.session_hash);
    const auto saved = context.desk.ask<v1::AccountSaved>(command);
    context.access.sessions.forget(request.who.session_hash);
    if (!saved) return problem_of(saved.error());
    Principal who = request.who;
    who.must_change_password = false;
    return json_response(session_json(context, who));
}

}  // namespace pleiade::gateway
