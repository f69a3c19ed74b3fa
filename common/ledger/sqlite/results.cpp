// What the workers found: pages and documents of a reading, decisions of the router.
#include <fmt/format.h>

#include <map>
#include <set>

#include "common/base/check.h"
#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/ledger/sqlite/rows.h"
#include "common/ledger/sqlite/sqlite_ledger.h"
#include "common/ledger/sqlite/times.h"

namespace pleiade::ledger {
namespace {

bool is_page_kind(const std::string& word) {
    return word == "document" || word == "blank" || word == "separator" || word == "envelope";
}

// Every page of the pli exactly once, every page of kind document in exactly one document: a page is never lost.
Result<std::map<int, int>> documents_of_pages(const v1::Reading& reading, const std::set<int>& registered) {
    std::map<int, int> document_of;  // page -> document, 0 when in none
    std::set<int> of_documents;
    for (const auto& page : reading.pages()) {
        if (!is_page_kind(page.kind())) return invalid("RESULT_INVALID", "a page has a kind that is not known");
        if (registered.count(page.page()) == 0)
            return invalid("RESULT_INVALID", "the reading has a page that the pli has not");
        if (!document_of.emplace(page.page(), 0).second)
            return invalid("RESULT_INVALID", "the reading has a page twice");
        if (page.kind() == "document") of_documents.insert(page.page());
    }
    if (document_of.size() != registered.size())
        return invalid("RESULT_INVALID", "the reading has lost a page of the pli");
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
            document_of[page] = document.id();
        }
    }
    if (!of_documents.empty()) return invalid("RESULT_INVALID", "a page of kind document is in no document");
    return document_of;
}

// The master that a document follows, through any chain; 0 for a master.
int master_of(const v1::Reading& reading, const v1::DocumentReading& document) {
    std::map<int, const v1::DocumentReading*> by_id;
    for (const auto& other : reading.documents()) by_id[other.id()] = &other;
    const v1::DocumentReading* at = &document;
    for (int steps = 0; steps <= reading.documents_size(); ++steps) {
        if (at->role() != "attachment" || !at->has_attached_to()) break;
        const auto next = by_id.find(at->attached_to());
        if (next == by_id.end() || next->second == &document) break;
        at = next->second;
    }
    // One that hangs from nothing, or from another attachment only, is work by itself.
    return at == &document || at->role() == "attachment" ? 0 : at->id();
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

Result<void> SqliteLedger::apply_reading(const Task& task, const v1::Reading& reading) {
    std::set<int> registered;
    {
        Query query(database_, "SELECT page FROM page WHERE pli_n = ?", task.pli_n);
        while (query.next()) registered.insert(static_cast<int>(query.integer(0)));
    }
    const auto document_of = documents_of_pages(reading, registered);
    if (!document_of) return pass_on(document_of);

    const std::string stored = reading.SerializeAsString();
    run(database_, "INSERT INTO reading VALUES(?,?,x'')", task.pli_n, Blob{stored});
    for (const auto& page : reading.pages()) {
        run(database_, "UPDATE page SET kind = ?, document = ? WHERE pli_n = ? AND page = ?", page.kind(),
            document_of->at(page.page()), task.pli_n, page.page());
        count(Total::PagesInFlight, -1);
        count(total_of_page_kind(page.kind()), 1);
    }
    move_pli(task.pli_n, "READING", "READ",
             {.kind = "pli.read",
              .actor = task.worker,
              .ref = std::to_string(task.n),
              .detail = fmt::format("{} fence {}", sha256_hex(stored), task.fence)});
    PLEIADE_FAILPOINT("ledger.after_state");
    for (const auto& document : reading.documents()) {
        const int master = master_of(reading, document);
        run(database_,
            "INSERT INTO document(pli_n, number, state, master, role, type, confidence, pages, due_ms, state_at_ms) "
            "VALUES(?,?,'READ',?,?,?,?,?,?,?)",
            task.pli_n, document.id(), master, master == 0 ? "master" : "attachment", document.type(),
            document.confidence(), document.pages_size(), now_ms(), now_ms());
        count(Total::Created, 1);
        count(Total::DocRead, 1);
        audit({.kind = "document.created",
               .pli_n = task.pli_n,
               .document = document.id(),
               .actor = task.worker,
               .to_state = "READ",
               .detail = document.type()});
    }
    if (reading.documents_size() > 0) {
        Query pli(database_, "SELECT registered_mail, caisse FROM pli WHERE n = ?", task.pli_n);
        PLEIADE_CHECK(pli.next());
        add_task(task.pli_n, "route", pli.integer(0) != 0, pli.text(1));
    }
    return {};
}

Result<void> SqliteLedger::apply_decisions(const Task& task, const v1::Decisions& decisions) {
    std::set<std::int64_t> numbers;
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> known;  // number -> row, master
    {
        Query query(database_, "SELECT number, n, master FROM document WHERE pli_n = ?", task.pli_n);
        while (query.next()) {
            numbers.insert(query.integer(0));
            known[query.integer(0)] = {query.integer(1), query.integer(2)};
        }
    }
    if (auto valid = check(decisions, numbers); !valid) return valid;

    const std::string stored = decisions.SerializeAsString();
    run(database_, "UPDATE reading SET decisions = ? WHERE pli_n = ?", Blob{stored}, task.pli_n);
    move_pli(task.pli_n, "READ", "READ",
             {.kind = "pli.routed",
              .actor = task.worker,
              .ref = std::to_string(task.n),
              .detail = fmt::format("{} fence {}", sha256_hex(stored), task.fence)});
    // Attachments first: when their master moves, they have their own decision already.
    for (const bool masters : {false, true}) {
        for (const auto& decision : decisions.decisions()) {
            const auto& [document_n, master] = known.at(decision.document());
            if ((master == 0) == masters) apply_decision(task, document_n, decision.document(), decision);
        }
    }
    return {};
}

void SqliteLedger::apply_decision(const Task& task, std::int64_t document_n, std::int64_t number,
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
    run(database_,
        "UPDATE document SET decision = ?, secrecy = ?, caisse = ?, service = ?, priority = ?, due = ?, legal_due = ?, "
        "due_ms = ?, revision = revision + 1 WHERE n = ?",
        decision.kind(), decision.secrecy(), route.processed_by(), route.service(), route.priority(), route.due(),
        route.legal_due(), due_ms, document_n);
    if (master != 0) return;
    if (waits_for_a_person(decision)) {
        move_with_attachments(document_n, "TO_KEY", task.worker, "", "");
        return;
    }
    add_deliveries(document_n, document_id, route);
    move_with_attachments(document_n, "QUEUED", task.worker, "",
                          fmt::format("{}/{}", route.processed_by(), route.service()));
}

}  // namespace pleiade::ledger
