// What is not a document: plis, refused mail, workers.
#include "common/wire/contract_json.h"
#include "common/wire/convert.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Response get_pli(const Context& context, const Request& request) {
    const auto view = context.desk.pli(request.param("id"));
    if (!view) return problem_of(view.error());
    boost::json::object out{{"id", view->id()}, {"state", view->state()}, {"context", context_json(view->context())}};
    boost::json::array files;
    for (const auto& file : view->files()) {
        files.push_back({{"name", file.name()}, {"size_bytes", file.size_bytes()}, {"sha256", file.sha256()}});
    }
    out["files"] = std::move(files);
    boost::json::array pages;
    for (const auto& page : wire::from_proto(view->reading()).pages) pages.push_back(wire::page_json(page));
    out["pages"] = std::move(pages);
    boost::json::array documents;
    for (const auto& row : view->documents()) documents.push_back(row_json(row));
    out["documents"] = std::move(documents);
    boost::json::array history;
    for (const auto& event : view->history()) history.push_back(event_json(event, EventDetail::Full));
    out["history"] = std::move(history);
    return json_response(out);
}

Response get_rejections(const Context& context, const Request& request) {
    Parameters parameters(request);
    const int limit = parameters.number("limit", 1, 500, 100);
    if (parameters.refusal()) return *parameters.refusal();
    const auto answer = context.desk.rejections(limit);
    if (!answer) return problem_of(answer.error());
    boost::json::array rejections;
    for (const auto& rejection : answer->rejections()) rejections.push_back(rejection_json(rejection));
    return json_response(boost::json::object{{"rejections", std::move(rejections)}});
}

Response get_workers(const Context& context, const Request&) {
    const auto answer = context.desk.workers();
    if (!answer) return problem_of(answer.error());
    boost::json::array workers;
    for (const auto& worker : answer->workers()) workers.push_back(worker_json(worker));
    return json_response(
        boost::json::object{{"workers", std::move(workers)}, {"readers_wanted", answer->readers_wanted()}});
}

}  // namespace pleiade::gateway
