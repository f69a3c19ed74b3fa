// Signing in at an identity provider: out with a state and a nonce of this browser's own, back with a code.
#include "common/runtime/log.h"
#include "services/gateway/access/gatekeeper.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/api/session_json.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/oidc/provider.h"

namespace pleiade::gateway {

namespace {

std::string ticket_name(const Context& context) {
    return context.access.options.site.tls() ? "__Host-pleiade-oidc" : "pleiade-oidc";
}

std::string ticket_line(const Context& context, const std::string& ticket) {
    return ticket_name(context) + "=" + ticket +
           "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + (ticket.empty() ? "0" : "600") +
           (context.access.options.site.tls() ? "; Secure" : "");
}

Response no_provider() {
    return problem(404, "ROUTE_NOT_FOUND", "Aucun fournisseur d'identité n'est configuré.");
}

// Back to the page, which says what went wrong; codes only.
Response to_page(const Context& context, const std::string& refusal) {
    Response response;
    response.status = 303;
    response.content_type.clear();
    response.headers.emplace_back("Location", refusal.empty() ? "/" : "/#/connexion?refus=" + refusal);
    response.headers.emplace_back("Set-Cookie", ticket_line(context, ""));
    return response;
}

}  // namespace

Response post_oidc_start(const Context& context, const Request& request) {
    Body body(request, {});
    if (body.refusal()) return *body.refusal();
    if (context.access.options.provider == nullptr) return no_provider();
    const auto start = context.access.options.provider->start();
    if (!start) {
        runtime::log_warning("identity provider", {{"error.code", start.error().code}, {"trace.id", request.trace_id}});
        return problem(503, "OIDC_UNREACHABLE",
                       "Le fournisseur d'identité ne répond pas comme prévu; réessayez, puis prévenez l'exploitation.");
    }
    Response response = json_response(boost::json::object{{"location", start->location}});
    response.headers.emplace_back("Set-Cookie", ticket_line(context, start->ticket));
    return response;
}

Response get_oidc_callback(const Context& context, const Request& request) {
    if (context.access.options.provider == nullptr) return no_provider();
    const std::string ticket = cookie_value(request, ticket_name(context));
    const auto state = request.query_value("state").value_or("");
    const auto code = request.query_value("code").value_or("");
    if (code.empty() || code.size() > 4'096) return to_page(context, "OIDC_CODE_REFUSED");
    const auto subject = context.access.options.provider->finish(ticket, state, code);
    if (!subject) {
        runtime::log_warning("sign-in refused", {{"error.code", subject.error().code}, {"trace.id", request.trace_id}});
        return to_page(context, subject.error().code);
    }
    v1::CredentialQuery query;
    query.set_subject(*subject);
    const auto credential = context.desk.ask<v1::Credential>(query);
    if (!credential) {
        return to_page(context,
                       credential.error().kind == ErrorKind::NotFound ? "ACCOUNT_UNKNOWN" : credential.error().code);
    }
    const auto opened = opened_session(context, request, credential->account().name(), "oidc");
    if (opened.problem) return to_page(context, opened.problem->code);
    Response response = to_page(context, "");
    for (const auto& header : opened.headers) response.headers.push_back(header);
    return response;
}

}  // namespace pleiade::gateway
