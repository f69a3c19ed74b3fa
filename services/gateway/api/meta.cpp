// What the service says of itself: its words, its description, its health.
#include "common/runtime/admin_server.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/metrics.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/assets.h"
#include "services/gateway/reference.h"

namespace pleiade::gateway {

Response get_reference(const Context& context, const Request&) {
    Response response;
    response.body = context.reference.json();
    return response;
}

Response get_openapi(const Context&, const Request&) {
    Response response;
    response.body = std::string(find_asset("openapi.json")->bytes);
    return response;
}

Response get_healthz(const Context&, const Request&) {
    return json_response(boost::json::object{{"status", "ok"}});
}

Response get_readyz(const Context& context, const Request&) {
    const auto status = context.desk.status();
    boost::json::object check{{"name", "hub"}, {"ok", status.has_value()}};
    if (!status)
        check["advice"] = "le hub ne répond pas (" + status.error().code + "): lancez-le ou vérifiez hub.desk_endpoint";
    return json_response(
        boost::json::object{{"status", status ? "ok" : "unavailable"}, {"checks", boost::json::array{check}}},
        status ? 200 : 503);
}

Response get_metrics(const Context& context, const Request&) {
    Response response;
    response.content_type = "text/plain; version=0.0.4";
    response.body = runtime::metrics_text(context.metrics.registry());
    return response;
}

}  // namespace pleiade::gateway
