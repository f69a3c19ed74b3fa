// The wall's figures: rates, punctuality, delays and history, as the hub folds them from the journal.
#include "services/gateway/api/figures_json.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr int kMinutesMax = 24 * 60;

}  // namespace

Response get_figures(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::FiguresQuery query;
    query.set_caisse(parameters.word("caisse", 3));
    query.set_service(parameters.word("service", 40));
    query.set_priority(parameters.word("priority", 2));
    query.set_type(parameters.word("type", 40));
    query.set_history_minutes(parameters.number("history", 0, kMinutesMax, 0));
    query.set_bucket_minutes(parameters.number("bucket", 0, kMinutesMax, 0));
    const std::string lines = parameters.word("lines", 5);
    query.set_queue_lines(lines == "true");
    if (parameters.refusal()) return *parameters.refusal();
    if (!lines.empty() && lines != "true" && lines != "false") {
        return problem_at(400, "PARAMETER_INVALID", "lines", "true ou false est attendu.");
    }
    const auto figures = context.desk.ask<v1::Figures>(query);
    return figures ? json_response(figures_json(*figures)) : problem_of(figures.error());
}

}  // namespace pleiade::gateway
