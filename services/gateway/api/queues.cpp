#include <algorithm>

#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/list.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/visibility.h"

namespace pleiade::gateway {

namespace {

constexpr int kTakeCountMax = 100;
constexpr int kLeaseSecondsMin = 10;
constexpr int kLeaseSecondsMax = 86'400;

std::optional<Response> bad_queue(const Request& request) {
    if (recipient_from(request.param("caisse") + "-" + request.param("service"))) return std::nullopt;
    return problem(400, "PARAMETER_INVALID",
                   "Une file s'écrit /queues/595/IJ: trois chiffres, puis le code du service.");
}

}  // namespace

Response get_status(const Context& context, const Request&) {
    const auto status = context.desk.status();
    if (!status) return problem_of(status.error());
    return json_response(status_json(*status));
}

Response get_queues(const Context& context, const Request&) {
    const auto status = context.desk.status();
    if (!status) return problem_of(status.error());
    boost::json::array queues;
    for (const auto& queue : status->queues()) queues.push_back(queue_json(queue));
    return json_response(boost::json::object{{"queues", std::move(queues)}, {"last_event", status->last_event()}});
}

Response get_queue_documents(const Context& context, const Request& request) {
    if (auto refusal = bad_queue(request)) return *refusal;
    v1::DocumentsQuery query;
    query.set_caisse(request.param("caisse"));
    query.set_service(request.param("service"));
    query.set_state("QUEUED");
    return list_documents(context, request, std::move(query));
}

Response post_take(const Context& context, const Request& request) {
    if (auto refusal = bad_queue(request)) return *refusal;
    Body body(request, {"count", "by", "lease_seconds", "document"});
    v1::Take command;
    command.set_caisse(request.param("caisse"));
    command.set_service(request.param("service"));
    command.set_count(static_cast<int>(body.number("count", 1, kTakeCountMax, 1)));
    command.set_by(request.who.name);
    command.set_lease_seconds(body.number("lease_seconds", kLeaseSecondsMin, kLeaseSecondsMax, 600));
    command.set_document(body.text("document", 64, false));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        const auto taken = context.desk.take(command, key);
        if (!taken) return problem_of(taken.error());
        boost::json::array documents;
        for (const auto& one : taken->documents()) {
            auto row = row_json(one.row());
            row["delivery_id"] = one.delivery_id();
            row["fence"] = one.fence();
            row["lease_until"] = time_text(one.lease_until_ms());
            documents.push_back(std::move(row));
        }
        return json_response(boost::json::object{{"documents", std::move(documents)}});
    });
}

}  // namespace pleiade::gateway
