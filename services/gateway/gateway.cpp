#include "services/gateway/gateway.h"

#include "common/runtime/log.h"
#include "services/gateway/http/guard.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/routes.h"

namespace pleiade::gateway {

Gateway::Gateway(Desk& desk, PageImages& images, Binder& binder, const Reference& reference,
                 const GatewayOptions& options)
    : desk_(desk),
      images_(images),
      binder_(binder),
      texts_(options.texts),
      reference_(reference),
      access_(desk, reference, options.access),
      feed_(std::make_unique<EventFeed>(desk, options.feed)) {}

Result<std::unique_ptr<Gateway>> Gateway::start(const GatewayOptions& options, Desk& desk, PageImages& images,
                                                Binder& binder, const Reference& reference) {
    if (auto wrong = check_site(options.access.site)) return tl::unexpected<Error>(std::move(*wrong));
    std::unique_ptr<Gateway> gateway(new Gateway(desk, images, binder, reference, options));
    auto server = Server::listen(
        options.address, options.port, [raw = gateway.get()](Request& request) { return raw->answer(request); },
        options.limits, options.access.site.tls());
    if (!server) return pass_on(server);
    gateway->server_ = std::move(*server);
    return gateway;
}

Gateway::~Gateway() {
    feed_->stop();  // it holds connections, which must be gone before the server
    if (server_) server_->stop();
}

Response Gateway::answer(Request& request) {
    const auto begin = std::chrono::steady_clock::now();
    std::string pattern = "none";
    Response response;
    try {
        request.remote = client_address(request, access_.options.site);
        if (auto refused = refuse_at_the_door(request, access_.options.site)) {
            response = std::move(*refused);
        } else if (auto routed = find_route(request.method, request.path); routed.route != nullptr) {
            pattern = routed.route->pattern;
            request.params = std::move(routed.params);
            const Context context{desk_, images_, binder_, texts_, reference_, *feed_, idempotency_, metrics_, access_};
            const auto* right = right_of(routed.route->method, routed.route->pattern);
            if (auto not_allowed = access_.admit(right, request)) {
                response = std::move(*not_allowed);
            } else {
                response = routed.route->handler(context, request);
                access_.watch(response, request);
            }
        } else if (!routed.allow.empty()) {
            response = problem(405, "METHOD_NOT_ALLOWED", "Méthodes admises ici: " + routed.allow + ".");
            response.headers.emplace_back("Allow", routed.allow);
        } else {
            response = problem(404, "ROUTE_NOT_FOUND", "Cette adresse n'existe pas; voyez /api/v1/openapi.json.");
        }
    } catch (const std::exception&) {
        // Its text may hold a document's; the trace id links the two sides.
        runtime::log_error("handler failed", {{"http.route", pattern}, {"trace.id", request.trace_id}});
        response = problem(500, "INTERNAL", "Erreur interne; donnez le numéro de suivi (trace_id) à l'exploitation.");
    }
    finish_problem(response, request);
    add_security_headers(response, request, access_.options.site);
    const std::string method = pattern == "none" ? "any" : request.method;
    metrics_.answered(pattern, method, response.status, std::chrono::steady_clock::now() - begin);
    metrics_.live_clients(feed_->subscribers());
    if (response.status >= 500) {
        runtime::log_warning("request failed",
                             {{"http.route", pattern},
                              {"http.status", static_cast<std::int64_t>(response.status)},
                              {"error.code", response.problem ? std::string_view(response.problem->code) : ""},
                              {"trace.id", request.trace_id}});
    }
    return response;
}

}  // namespace pleiade::gateway
