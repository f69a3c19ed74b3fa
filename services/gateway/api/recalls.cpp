// Asking back what a service has taken, and its answer.
#include "common/runtime/log.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/keying_json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Response post_recall(const Context& context, const Request& request) {
    Body body(request, {"by", "reason"});
    v1::RecallDocument command;
    command.set_document(request.param("id"));
    command.set_by(request.who.name);
    command.set_reason(body.text("reason", 1'000));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        const auto recalled = context.desk.ask<v1::Recalled>(command, key);
        if (!recalled) return problem_of(recalled.error());
        boost::json::array recalls;
        for (const auto& recall : recalled->recalls()) recalls.push_back(recall_json(recall));
        return json_response(
            boost::json::object{{"document", row_json(recalled->document())}, {"recalls", std::move(recalls)}});
    });
}

Response post_answer_recall(const Context& context, const Request& request) {
    Body body(request, {"by", "caisse", "service", "accept", "note"});
    v1::AnswerRecall command;
    command.set_document(request.param("id"));
    command.set_by(request.who.name);
    command.set_caisse(body.text("caisse", 3));
    command.set_service(body.text("service", 40));
    command.set_accept(body.boolean_required("accept"));
    command.set_note(body.text("note", 1'000, false));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        const auto acted = context.desk.ask<v1::Acted>(command, key);
        return acted ? json_response(row_json(acted->row())) : problem_of(acted.error());
    });
}

Response get_recalls(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::RecallsQuery query;
    query.set_state(parameters.word("state", 20));
    query.set_caisse(parameters.word("caisse", 3));
    query.set_service(parameters.word("service", 40));
    query.set_limit(parameters.number("limit", 1, 200, 50));
    query.set_cursor(parameters.word("cursor", 512));
    if (parameters.refusal()) return *parameters.refusal();
    const auto page = context.desk.ask<v1::RecallsPage>(query);
    if (!page) return problem_of(page.error());
    boost::json::array recalls;
    for (const auto& recall : page->recalls()) recalls.push_back(recall_json(recall));
    boost::json::object out{{"recalls", std::move(recalls)}};
    if (!page->next_cursor().empty()) out["next_cursor"] = page->next_cursor();
    return json_response(out);
}

}  // namespace pleiade::gateway
