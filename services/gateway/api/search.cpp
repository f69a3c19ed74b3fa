// Finding plis again, and a pli's whole story. A POST, since what is looked for may be a NIR and must stand in no
// address.
#include <algorithm>

#include "common/runtime/log.h"
#include "services/gateway/access/rights.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/keying_json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/api/story_text.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

bool is_date(const std::string& text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    return std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) == 8;
}

boost::json::object found_json(const v1::FoundPli& pli) {
    boost::json::array endorsers;
    for (const auto& endorser : pli.endorsers()) endorsers.push_back(boost::json::string(endorser));
    boost::json::object out{{"id", pli.id()},
                            {"lot", pli.context().lot()},
                            {"pli", pli.context().pli()},
                            {"caisse", pli.context().caisse()},
                            {"received_on", pli.context().received_on()},
                            {"state", pli.state()},
                            {"endorsers", std::move(endorsers)},
                            {"pages", pli.pages()},
                            {"documents", rows_json(pli.documents())},
                            {"matched", pli.matched()}};
    if (!pli.context().registered_mail().empty()) out["registered"] = pli.context().registered_mail();
    return out;
}

}  // namespace

Response post_search(const Context& context, const Request& request) {
    Body body(request, {"by", "pli", "lot", "endorser", "registered", "nir", "received_from", "received_to", "caisse",
                        "type", "service", "state", "limit", "cursor"});
    v1::SearchQuery query;
    query.set_by(request.who.name);
    query.set_pli(body.text("pli", 64, false));
    query.set_lot(body.text("lot", 128, false));
    query.set_endorser(body.text("endorser", 64, false));
    query.set_registered_mail(body.text("registered", 64, false));
    query.set_nir(body.text("nir", 30, false));
    query.set_received_from(body.text("received_from", 10, false));
    query.set_received_to(body.text("received_to", 10, false));
    query.set_caisse(body.text("caisse", 3, false));
    query.set_type(body.text("type", 40, false));
    query.set_service(body.text("service", 40, false));
    query.set_state(body.text("state", 20, false));
    query.set_limit(static_cast<int>(body.number("limit", 1, 100, 50)));
    query.set_cursor(body.text("cursor", 512, false));
    for (const auto& [key, date] :
         {std::pair{"received_from", query.received_from()}, {"received_to", query.received_to()}}) {
        if (!date.empty() && !is_date(date)) body.refuse(key, "Une date AAAA-MM-JJ est attendue.");
    }
    if (body.refusal()) return *body.refusal();
    const auto found = context.desk.ask<v1::FoundPlis>(query);
    if (!found) return problem_of(found.error());
    if (!query.nir().empty()) {
        runtime::log_info("searched by number",
                          {{"pleiade.found", std::int64_t{found->plis_size()}}, {"trace.id", request.trace_id}});
    }
    boost::json::array plis;
    for (const auto& pli : found->plis()) {
        const bool addressed = may_list_caisse(request.who, pli.context().caisse());
        const auto processed = [&](const auto& row) { return may_list_caisse(request.who, row.caisse()); };
        if (addressed || std::ranges::any_of(pli.documents(), processed)) plis.push_back(found_json(pli));
    }
    boost::json::object out{{"plis", std::move(plis)}};
    if (!found->next_cursor().empty()) out["next_cursor"] = found->next_cursor();
    return json_response(out);
}

Response get_story(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::StoryQuery query;
    query.set_id(request.param("id"));
    query.set_limit(parameters.number("limit", 1, 200, 50));
    query.set_cursor(parameters.word("cursor", 512));
    if (parameters.refusal()) return *parameters.refusal();
    const auto story = context.desk.ask<v1::Story>(query);
    if (!story) return problem_of(story.error());
    boost::json::array events;
    for (const auto& one : story->events()) {
        auto event = event_json(one.event(), EventDetail::Full);
        event["text"] = story_text(one.event());
        if (!one.note().empty()) event["note"] = one.note();
        events.push_back(std::move(event));
    }
    boost::json::array readings;
    for (const auto& version : story->readings()) {
        boost::json::object one{{"revision", version.revision()},
                                {"by", version.by()},
                                {"documents", version.documents()},
                                {"current", version.current()}};
        if (version.at_ms() > 0) one["at"] = time_text(version.at_ms());
        readings.push_back(std::move(one));
    }
    boost::json::object out{{"id", story->id()},
                            {"state", story->state()},
                            {"context", context_json(story->context())},
                            {"events", std::move(events)},
                            {"readings", std::move(readings)}};
    if (!story->next_cursor().empty()) out["next_cursor"] = story->next_cursor();
    return json_response(out);
}

}  // namespace pleiade::gateway
