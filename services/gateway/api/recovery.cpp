// The recovery verbs, and the lists of what they are for.
#include "common/runtime/log.h"
#include "common/wire/error_kind.h"
#include "services/gateway/access/rights.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::size_t kTargetsMax = 200;

Response refused(const v1::RecoveryOutcome& outcome) {
    return problem_of({wire::error_kind_of(outcome.kind()), outcome.code(), outcome.message()});
}

boost::json::object outcome_json(const v1::RecoveryOutcome& outcome) {
    boost::json::object out{{"id", outcome.id()}, {"ok", outcome.ok()}};
    if (outcome.ok()) {
        out["state"] = outcome.state();
        out["reversible"] = !outcome.undo().empty();
        if (!outcome.undo().empty()) out["undo"] = outcome.undo();
    } else {
        // The sentence of the code, as a single request would get it.
        out["code"] = outcome.code();
        out["detail"] = refused(outcome).problem->detail;
    }
    return out;
}

Response report(const Request& request, const v1::Recovered& recovered) {
    // One target that is refused is a refusal; in a list, each has its own outcome.
    if (recovered.outcomes_size() == 1 && !recovered.outcomes(0).ok()) return refused(recovered.outcomes(0));
    boost::json::array outcomes;
    std::int64_t done = 0;
    for (const auto& outcome : recovered.outcomes()) {
        done += outcome.ok() ? 1 : 0;
        outcomes.push_back(outcome_json(outcome));
    }
    runtime::log_info("recovery",
                      {{"event.action", recovered.verb()}, {"pleiade.done", done}, {"trace.id", request.trace_id}});
    return json_response(boost::json::object{{"verb", recovered.verb()},
                                             {"done", done},
                                             {"refused", recovered.outcomes_size() - done},
                                             {"outcomes", std::move(outcomes)}});
}

}  // namespace

Response post_recover(const Context& context, const Request& request) {
    Body body(request, {"by", "ids", "reason", "type", "code", "to"});
    v1::Recover command;
    command.set_verb(request.param("verb"));
    command.set_by(request.who.name);
    for (auto& id : body.texts("ids", kTargetsMax, 64)) command.add_ids(std::move(id));
    command.set_reason(body.text("reason", 1'000));
    command.set_type(body.text("type", 40, false));
    command.set_code(body.text("code", 40, false));
    command.set_to(body.text("to", 20, false));
    if (command.ids().empty()) body.refuse("ids", "De 1 à 200 identifiants sont attendus.");
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        const auto recovered = context.desk.ask<v1::Recovered>(command, key);
        return recovered ? report(request, *recovered) : problem_of(recovered.error());
    });
}

Response get_aside(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::AsideQuery query;
    query.set_state(parameters.word("state", 20));
    query.set_limit(parameters.number("limit", 1, 200, 50));
    query.set_cursor(parameters.word("cursor", 512));
    if (parameters.refusal()) return *parameters.refusal();
    const auto aside = context.desk.ask<v1::Aside>(query);
    if (!aside) return problem_of(aside.error());
    boost::json::array plis;
    for (const auto& row : aside->plis()) {
        if (!may_list_caisse(request.who, row.caisse())) continue;
        boost::json::array verbs;
        if (row.state() == "HELD") verbs = {"release", "reject"};
        if (row.state() == "QUARANTINED") verbs = {"un-quarantine", "re-read", "reject"};
        boost::json::object one{{"pli_id", row.pli_id()},   {"lot", row.lot()},           {"pli", row.pli()},
                                {"caisse", row.caisse()},   {"state", row.state()},       {"code", row.code()},
                                {"message", row.message()}, {"attempts", row.attempts()}, {"verbs", std::move(verbs)}};
        if (!row.stage().empty()) one["stage"] = row.stage();
        if (row.at_ms() > 0) one["at"] = time_text(row.at_ms());
        plis.push_back(std::move(one));
    }
    boost::json::object out{{"plis", std::move(plis)}};
    if (!aside->next_cursor().empty()) out["next_cursor"] = aside->next_cursor();
    return json_response(out);
}

Response get_lots(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::LotsQuery query;
    const std::string balance = parameters.word("balance", 10);
    query.set_off_balance(balance == "off");
    query.set_caisse(parameters.word("caisse", 3));
    query.set_limit(parameters.number("limit", 1, 200, 50));
    query.set_cursor(parameters.word("cursor", 512));
    if (parameters.refusal()) return *parameters.refusal();
    if (!balance.empty() && balance != "off") {
        return problem_at(400, "PARAMETER_INVALID", "balance", "Seule la valeur «off» est admise.");
    }
    const auto page = context.desk.ask<v1::LotsPage>(query);
    if (!page) return problem_of(page.error());
    boost::json::array lots;
    for (const auto& row : page->lots()) {
        if (!may_list_caisse(request.who, row.caisse())) continue;
        const std::int64_t missing = row.announced() - row.received();
        boost::json::object one{
            {"lot", row.lot()},           {"caisse", row.caisse()},         {"announced", row.announced()},
            {"received", row.received()}, {"registered", row.registered()}, {"rejected", row.rejected()},
            {"missing", missing},         {"balanced", missing == 0},       {"pages", row.pages()}};
        if (row.announced_pages() > 0) one["announced_pages"] = row.announced_pages();
        if (row.opened_at_ms() > 0) one["opened_at"] = time_text(row.opened_at_ms());
        lots.push_back(std::move(one));
    }
    boost::json::object out{{"lots", std::move(lots)}};
    if (!page->next_cursor().empty()) out["next_cursor"] = page->next_cursor();
    return json_response(out);
}

}  // namespace pleiade::gateway
