// The audit trail as auditors read it: every entry, with people's sign-ins and what they saw.
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Response get_journal(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::EventsQuery query;
    query.set_after(parameters.number("after", 0, 2'000'000'000, 0));
    query.set_limit(parameters.number("limit", 1, 200, 100));
    query.set_with_people(true);
    if (parameters.refusal()) return *parameters.refusal();
    const auto page = context.desk.ask<v1::Events>(query);
    if (!page) return problem_of(page.error());
    boost::json::array events;
    for (const auto& event : page->events()) events.push_back(event_json(event, EventDetail::Full));
    return json_response(boost::json::object{{"events", std::move(events)}, {"last", page->last()}});
}

}  // namespace pleiade::gateway
