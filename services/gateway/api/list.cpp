#include "services/gateway/api/list.h"

#include "services/gateway/access/rights.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr int kLimitDefault = 50;
constexpr int kLimitMax = 200;

}  // namespace

Response list_documents(const Context& context, const Request& request, v1::DocumentsQuery query) {
    Parameters parameters(request);
    const bool one_queue = !query.service().empty();
    query.set_limit(parameters.number("limit", 1, kLimitMax, kLimitDefault));
    query.set_cursor(parameters.word("cursor", 512));
    query.set_type(parameters.word("type", 40));
    if (const auto state = parameters.word("state", 40); !state.empty()) query.set_state(state == "all" ? "" : state);
    if (!one_queue) {
        query.set_caisse(parameters.word("caisse", 3));
        query.set_service(parameters.word("service", 40));
        query.set_pli_id(parameters.word("pli_id", 64));
        query.set_lot(parameters.word("lot", 128));
    }
    if (parameters.refusal()) return *parameters.refusal();

    const auto page = context.desk.documents(query);
    if (!page) return problem_of(page.error());
    boost::json::array documents;
    for (const auto& row : page->documents()) {
        if (may_list(request.who, row)) documents.push_back(row_json(row));
    }
    boost::json::object out{{"documents", std::move(documents)}};
    if (!page->next_cursor().empty()) {
        out["next_cursor"] = page->next_cursor();
        std::string next = request.path + "?cursor=" + page->next_cursor();
        for (const auto& [name, value] : request.query) {
            if (name != "cursor") next += "&" + name + "=" + value;  // Parameters let only plain words through
        }
        out["next"] = std::move(next);
    }
    return json_response(out);
}

}  // namespace pleiade::gateway
