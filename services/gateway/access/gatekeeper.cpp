#include "services/gateway/access/gatekeeper.h"

#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::string_view kBearer = "Bearer ";
// A live page is asked whether its session goes on so often; sooner would cost the hub a question per client and
// second.
constexpr std::chrono::seconds kWatchEvery{15};

class WatchedSink final : public StreamSink {
  public:
    WatchedSink(std::shared_ptr<StreamSink> inner, Sessions& sessions, std::string session)
        : inner_(std::move(inner)), sessions_(sessions), session_(std::move(session)) {}

    using StreamSink::send;
    bool send(SharedBytes bytes) override {
        const auto now = std::chrono::steady_clock::now();
        if (now - looked_at_ >= kWatchEvery) {
            looked_at_ = now;
            if (!sessions_.goes_on(session_)) {
                inner_->close();
                return false;
            }
        }
        return inner_->send(std::move(bytes));
    }
    std::size_t pending_bytes() const override { return inner_->pending_bytes(); }
    void close() override { inner_->close(); }

  private:
    std::shared_ptr<StreamSink> inner_;
    Sessions& sessions_;
    const std::string session_;
    std::chrono::steady_clock::time_point looked_at_ = std::chrono::steady_clock::now();
};

bool changes_something(const Request& request) {
    return request.method != "GET" && request.method != "HEAD";
}

}  // namespace

std::string Gatekeeper::cookie_line(const std::string& value) const {
    const std::string name = options.site.tls() ? "__Host-pleiade=" : "pleiade=";
    return name + value + "; Path=/; HttpOnly; SameSite=Lax" + (options.site.tls() ? "; Secure" : "") +
           (value.empty() ? "; Max-Age=0" : "");
}

std::string Gatekeeper::cookie_of(const Request& request) const {
    return cookie_value(request, options.site.tls() ? "__Host-pleiade" : "pleiade");
}

std::optional<Response> Gatekeeper::identify(const RouteRight& right, Request& request) {
    const auto authorization = request.header("authorization");
    const std::string cookie = cookie_of(request);
    Result<std::optional<Principal>> found = std::optional<Principal>{};
    if (!authorization.empty()) {
        if (!authorization.starts_with(kBearer)) {
            return problem(401, "NOT_SIGNED_IN", "Seule une clé de service est admise: Authorization: Bearer CLÉ.");
        }
        found = sessions.of_key(std::string(authorization.substr(kBearer.size())));
        if (found && !*found) return problem(401, "KEY_REFUSED", "Cette clé n'existe pas, ou a été révoquée.");
    } else if (!cookie.empty()) {
        found = sessions.of_cookie(cookie, right.acts);
    }
    // The page itself and its health are there without the hub; who is signed in is not.
    const bool asks_who = right.pattern.starts_with("/api/v1/session");
    if (!found && (right.family != Family::Open || asks_who)) return problem_of(found.error());
    if (found && *found) request.who = std::move(**found);
    if (!request.who.known()) {
        request.who.roles = {Role::Anyone};
        if (!options.site.tls()) request.who.roles.push_back(Role::ThisMachine);
    }
    return std::nullopt;
}

std::optional<Response> Gatekeeper::admit(const RouteRight* right, Request& request) {
    if (right == nullptr) {
        return problem(403, "RIGHT_MISSING", "Cette adresse n'est dans aucun droit; prévenez l'exploitation.");
    }
    if (auto refusal = identify(*right, request)) return refusal;
    const Principal& who = request.who;
    if (changes_something(request) && !who.session_hash.empty() && !right->unprotected &&
        !runtime::same_secret(request.header("x-csrf-token"), who.csrf)) {
        return problem(403, "CSRF_INVALID",
                       "Cette demande ne vient pas de la page de cette session; rechargez la page.");
    }
    return refuse_by_rights(*right, request, desk_, reference_);
}

void Gatekeeper::watch(Response& response, const Request& request) {
    if (!response.stream || request.who.session_hash.empty()) return;
    response.stream = [begin = std::move(response.stream), &sessions = sessions,
                       session = request.who.session_hash](std::shared_ptr<StreamSink> sink) {
        begin(std::make_shared<WatchedSink>(std::move(sink), sessions, session));
    };
}

}  // namespace pleiade::gateway
