// What the workers found: pages and documents of a reading, decisions of the router.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"
#include "common/ledger/sql/times.h"

namespace pleiade::ledger {
namespace {

bool is_page_kind(const std::string& word) {
    return word == "document" || word == "blank" || word == "separator" || word == "envelope";
}

// Every page of the pli exactly once, every page of kind document in exactly one document: a page is never lost.
Result<void> pages_are_whole(const v1::Reading& reading, const std::set<int>& registered) {
    std::set<int> seen;
    std::set<int> of_documents;
    for (const auto& page : reading.pages()) {
        if (!is_page_kind(page.kind())) return invalid("RESULT_INVALID", "a page has a kind that is not known");
        if (registered.count(page.page()) == 0)
            return invalid("RESULT_INVALID", "the reading has a page that the pli has not");
        if (!seen.insert(page.page()).second) return invalid("RESULT_INVALID", "the reading has a page twice");
        if (page.kind() == "document") of_documents.insert(page.page());
    }
    if (seen.size() != registered.size()) return invalid("RESULT_INVALID", "the reading has lost a page of the pli");
    std::set<int> ids;
    for (const auto& document : reading.documents()) {
        if (document.id() <= 0 || !ids.insert(document.id()).second) {
            return invalid("RESULT_INVALID", "two documents have the same number");
        }
        if (document.pages().empty()) return invalid("RESULT_INVALID", "a document has no page");
        for (const int page : document.pages()) {
            if (of_documents.erase(page) == 0) {
                return invalid("RESULT_INVALID",
                               "a page is in two documents, or in one without being of kind document");
            }
        }
    }
    if (!of_documents.empty()) return invalid("RESULT_INVALID", "a page of kind document is in no document");
    return {};
}

// A number never serves twice on a pli: those of a later reading begin after the last.
v1::Reading numbered_after(const v1::Reading& reading, int last) {
    v1::Reading numbered = reading;
    for (auto& document : *numbered.mutable_documents()) {
        document.set_id(document.id() + last);
        if (document.has_attached_to()) document.set_attached_to(document.attached_to() + last);
    }
    return numbered;
}

// What a person keys first among what is due together: a wrong recipient of health data is a breach, a legal date that
// passes costs somebody her right, then the priority that the nomenclature gives.
int cost_of_an_error(const v1::Decision& decision) {
    const v1::Route& route = decision.route();
    const int urgency = route.priority().size() == 2 ? std::clamp('3' - route.priority()[1], 0, 3) : 0;
    return (decision.secrecy() == "medical" ? 16 : 0) + (route.has_legal_due() ? 8 : 0) + urgency;
}

bool waits_for_a_person(const v1::Decision& decision) {
    if (decision.kind() != "auto") return true;
    return !decision.to_key().empty() && decision.keyed_before_queue() && decision.keyed_by() == "platform";
}

Result<void> check(const v1::Decisions& decisions, std::set<std::int64_t> documents) {
    for (const auto& decision : decisions.decisions()) {
        if (documents.erase(decision.document()) == 0) {
            return invalid("RESULT_INVALID", "a decision is about no document of the pli, or about one twice");
        }
        if (decision.kind() == "auto" && !decision.has_route()) {
            return invalid("RESULT_INVALID", "a decision `auto` has no route");
        }
        if (!decision.has_route()) continue;
        const v1::Route& route = decision.route();
        if (route.processed_by().empty() || route.service().empty()) {
            return invalid("RESULT_INVALID", "a route has no queue");
        }
        if (!route.due().empty() && !ms_of_rfc3339(route.due())) {
            return invalid("RESULT_INVALID", "a due date is not RFC 3339 with its offset");
        }
    }
    if (!documents.empty()) return invalid("RESULT_INVALID", "a document has no decision");
    return {};
}

}  // namespace

Result<void> SqlLedger::apply_reading(const Task& task, const v1::Reading& read) {
    std::set<int> registered;
    {
        Query query(database_, "SELECT page FROM page WHERE pli_n = ?", task.pli_n);
        while (query.next()) registered.insert(static_cast<int>(query.integer(0)));
    }
    if (auto whole = pages_are_whole(read, registered); !whole) return whole;

    const v1::Reading reading = numbered_after(read, last_number(task.pli_n));
    const std::string digest = add_reading(task.pli_n, reading, task.worker);
    move_pli(task.pli_n, "READING", "READ",
             {.kind = "pli.read",
              .actor = task.worker,
              .ref = std::to_string(task.n),
              .detail = fmt::format("{} fence {}", digest, task.fence)});
    fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
    std::set<int> numbers;
    for (const auto& document : reading.documents()) numbers.insert(document.id());
    add_documents(task.pli_n, reading, numbers, task.worker);
    if (!numbers.empty()) open_task(task.pli_n, "route");
    return {};
}

Result<void> SqlLedger::apply_decisions(const Task& task, const v1::Decisions& decisions) {
    struct Known {
        std::int64_t n = 0;
        std::int64_t master = 0;
        std::string state;
        bool waits() const { return state == "READ"; }  // for this decision
    };
    std::set<std::int64_t> numbers;
    std::map<std::int64_t, Known> known;
    {
        Query query(database_,
                    "SELECT number, n, master, state FROM document WHERE pli_n = ? AND state NOT IN "
                    "('SUPERSEDED','PURGED')",
                    task.pli_n);
        while (query.next()) {
            numbers.insert(query.integer(0));
            known[query.integer(0)] = {query.integer(1), query.integer(2), query.text(3)};
        }
    }
    if (auto valid = check(decisions, numbers); !valid) return valid;

    // Of a pli that is routed again, only what waits for it: the rest is in a queue, or with somebody, as decided.
    std::map<std::int64_t, v1::Decision> standing;
    if (const auto before = stored_reading(task.pli_n)) {
        for (const auto& decision : before->decisions.decisions()) standing[decision.document()] = decision;
    }
    // A neighbour that turns out to be a secret makes medical what still waits in a queue: it goes out again.
    for (const auto& decision : decisions.decisions()) {
        const Known& document = known.at(decision.document());
        const bool raised = document.master == 0 && document.state == "QUEUED" && decision.secrecy() == "medical" &&
                            standing[decision.document()].secrecy() == "normal";
        if (!raised) continue;
        withdraw_waiting(document.n, task.worker, "SECRECY_RAISED");
        move_with_attachments(document.n, "READ", task.worker, "SECRECY_RAISED", "");
        for (auto& [number, other] : known) {
            if (number == decision.document() || other.master == decision.document()) other.state = "READ";
        }
    }
    v1::Decisions kept;
    kept.set_router_version(decisions.router_version());
    for (const auto& decision : decisions.decisions()) {
        const auto old = standing.find(decision.document());
        const bool stays = !known.at(decision.document()).waits() && old != standing.end();
        *kept.add_decisions() = stays ? old->second : decision;
    }
    const std::string stored = kept.SerializeAsString();
    run(database_, "UPDATE reading SET decisions = ? WHERE pli_n = ?", Blob{stored}, task.pli_n);
    move_pli(task.pli_n, "READ", "READ",
             {.kind = "pli.routed",
              .actor = task.worker,
              .ref = std::to_string(task.n),
              .detail = fmt::format("{} fence {}", sha256_hex(stored), task.fence)});
    // Attachments first: when their master moves, they have their own decision already.
    for (const bool masters : {false, true}) {
        for (const auto& decision : decisions.decisions()) {
            const Known& document = known.at(decision.document());
            if (document.waits() && (document.master == 0) == masters) {
                apply_decision(task, document.n, decision.document(), decision);
            }
        }
    }
    return {};
}

void SqlLedger::apply_decision(const Task& task, std::int64_t document_n, std::int64_t number,
                               const v1::Decision& decision) {
    std::int64_t master = 0;
    std::string document_id;
    {
        Query query(database_, "SELECT d.master, p.id FROM document d JOIN pli p ON p.n = d.pli_n WHERE d.n = ?",
                    document_n);
        PLEIADE_CHECK(query.next());
        master = query.integer(0);
        document_id = fmt::format("{}-{}", query.text(1), number);
    }
    const v1::Route& route = decision.route();
    // What has no due date is sorted by its registration: it may be anything, so a person should look soon.
    const std::int64_t due_ms = ms_of_rfc3339(route.due()).value_or(now_ms());
    // Without a route, the caisse that a person would key it for.
    const std::string& caisse = decision.has_route() ? route.processed_by() : decision.affiliation_caisse();
    run(database_,
        "UPDATE document SET decision = ?, secrecy = ?, caisse = ?, service = ?, priority = ?, due = ?, legal_due = ?, "
        "due_ms = ?, cost = ?, revision = revision + 1 WHERE n = ?",
        decision.kind(), decision.secrecy(), caisse, route.service(), route.priority(), route.due(), route.legal_due(),
        due_ms, cost_of_an_error(decision), document_n);
    if (master != 0) return;
    if (waits_for_a_person(decision)) {
        move_with_attachments(document_n, "TO_KEY", task.worker, "", "");
        return;
    }
    if (PLEIADE_PLANTED_BUG("no_outbox")) {
        after_commit_.emplace_back([=, this] { add_deliveries(document_n, document_id, decision.route()); });
    } else {
        add_deliveries(document_n, document_id, route);
    }
    move_with_attachments(document_n, "QUEUED", task.worker, "",
                          fmt::format("{}/{}", route.processed_by(), route.service()));
}

}  // namespace pleiade::ledger
