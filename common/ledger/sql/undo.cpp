// Taking back what was validated: at once while no service has taken it, else by asking the service.
#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/recalls.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {

// The masters of that validation, as they are now.
Result<std::vector<SqlLedger::Work>> SqlLedger::can_undo(const Keying& keying) {
    std::vector<Work> masters;
    {
        Query query(database_,
                    "SELECT n, pli_n, number, state, secrecy FROM document WHERE lease = ? AND master = 0 ORDER BY "
                    "number",
                    keying.n);
        while (query.next()) {
            masters.push_back({query.integer(0), query.integer(1), query.integer(2), query.text(3), query.text(4)});
        }
    }
    if (masters.empty() || state_of_pli(keying.pli_n) != "READ") {
        return conflict("UNDO_MOVED_ON", "these documents have changed since; look at the pli");
    }
    for (const Work& master : masters) {
        Query taken(database_,
                    "SELECT 1 FROM document d JOIN delivery v ON v.document_n = d.n AND v.revision = d.revision WHERE "
                    "d.n = ? AND v.state IN ('TAKEN','CLOSED') LIMIT 1",
                    master.n);
        if (taken.next()) {
            return conflict("UNDO_TAKEN", "a service has taken one of the documents; recall that document instead");
        }
        if (master.state != "READ" && master.state != "QUEUED" && master.state != "TO_KEY") {
            return conflict("UNDO_MOVED_ON", "one of these documents has moved on since; look at the pli");
        }
    }
    return masters;
}

Result<v1::KeyingJobs> SqlLedger::undo_keying(const Asked& asked, const v1::UndoKeying& undo) {
    auto before = answered_before<v1::KeyingJobs>(asked);
    if (!before) return pass_on(before);
    if (*before) return jobs_again(**before);
    if (undo.by().empty()) return invalid("KEYER_REQUIRED", "say who keys");
    std::int64_t n = 0;
    {
        Query query(database_,
                    "SELECT k.n FROM keying k JOIN pli p ON p.n = k.pli_n WHERE k.keyer = ?1 AND k.state = 'VALIDATED' "
                    "AND (?2 = '' OR p.id = substr(?2, 1, 32)) ORDER BY k.n DESC LIMIT 1",
                    undo.by(), undo.id());
        if (!query.next()) return conflict("UNDO_NOTHING", "this person has validated nothing that can be undone");
        n = query.integer(0);
    }
    const Keying validated = *find_keying(n);
    const auto masters = can_undo(validated);
    if (!masters) return pass_on(masters);
    run(database_, "UPDATE keying SET state = 'UNDONE' WHERE n = ?", validated.n);
    act(validated.pli_n, 0, "UNDO", asked.actor, "");
    fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
    for (const Work& master : *masters) {
        if (master.state == "TO_KEY") continue;
        withdraw_waiting(master.n, asked.actor, "UNDONE");
        move_with_attachments(master.n, "TO_KEY", asked.actor, "UNDONE", fmt::format("lease {}", validated.n));
    }
    // Nothing of the pli waits for the router any more, unless something else of it does.
    Query waiting(database_, "SELECT 1 FROM document WHERE pli_n = ? AND state = 'READ' LIMIT 1", validated.pli_n);
    if (!waiting.next()) close_task(validated.pli_n, "route");
    const bool alone = validated.document_n != 0 && masters->size() == 1;
    const Keying again = lease_to(undo.by(), validated.medical, alone ? masters->front().n : 0, *masters);
    v1::KeyingJobs jobs;
    *jobs.add_jobs() = job_of(again);
    return remember_jobs(asked, std::move(jobs));
}

v1::RecallRow SqlLedger::recall_row(std::int64_t recall_n) {
    static const std::string sql = std::string(kRecallRows) + " WHERE r.n = ?";
    Query query(database_, sql.c_str(), recall_n);
    PLEIADE_CHECK(query.next());
    return load_recall_row(database_, query);
}

std::int64_t SqlLedger::ask_back(const Delivery& delivery, const v1::RecallDocument& recall) {
    wrote();
    return inserted(database_,
                    "INSERT INTO recall(delivery_n, actor, reason, state, at_ms) VALUES(?,?,?,'ASKED',?) RETURNING n",
                    delivery.n, recall.by(), recall.reason(), now_ms());
}

Result<v1::Recalled> SqlLedger::recall(const Asked& asked, const v1::RecallDocument& recall) {
    auto before = answered_before<v1::Recalled>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    if (recall.by().empty() || recall.reason().empty()) return invalid("REASON_REQUIRED", "say who asks, and why");
    const auto document_n = find_work(recall.document());
    if (!document_n) return pass_on(document_n);
    const Work master = *find_master(*document_n);
    if (master.state != "QUEUED" && master.state != "TAKEN" && master.state != "CLOSED") {
        return conflict("RECALL_NOT_QUEUED", "no service has this document; the recovery verbs move it");
    }
    std::vector<Delivery> with_services;
    {
        std::vector<std::int64_t> all;
        Query query(
            database_,
            "SELECT v.n FROM document d JOIN delivery v ON v.document_n = d.n AND v.revision = d.revision WHERE "
            "d.n = ? AND v.state IN ('TAKEN','CLOSED') ORDER BY v.n",
            master.n);
        while (query.next()) all.push_back(query.integer(0));
        for (const std::int64_t n : all) with_services.push_back(*find_delivery(n));
    }
    for (const Delivery& delivery : with_services) {
        Query asked_already(database_, "SELECT 1 FROM recall WHERE delivery_n = ? AND state = 'ASKED'", delivery.n);
        if (asked_already.next()) {
            return conflict("RECALL_ASKED_ALREADY", "this document is recalled already; the service has to answer");
        }
    }
    act(master.pli_n, master.number, "RECALL", asked.actor, recall.reason());
    v1::Recalled recalled;
    if (with_services.empty()) {
        end_as_returned(master.n, asked.actor, "RECALLED", recall.reason());
    }
    for (const Delivery& delivery : with_services) {
        *recalled.add_recalls() = recall_row(ask_back(delivery, recall));
    }
    *recalled.mutable_document() = load_document_row(database_, master.n);
    return remember(asked, std::move(recalled));
}

Result<v1::Acted> SqlLedger::answer_recall(const Asked& asked, const v1::AnswerRecall& answer) {
    auto before = answered_before<v1::Acted>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    const auto document_n = find_work(answer.document());
    if (!document_n) return pass_on(document_n);
    std::int64_t recall_n = 0;
    std::int64_t delivery_n = 0;
    std::string reason;
    {
        Query query(database_,
                    "SELECT r.n, v.n, r.reason FROM recall r JOIN delivery v ON v.n = r.delivery_n WHERE "
                    "v.document_n = ? AND v.caisse = ? AND v.service = ? AND r.state = 'ASKED' ORDER BY r.n LIMIT 1",
                    *document_n, answer.caisse(), answer.service());
        if (!query.next()) return conflict("RECALL_NOT_ASKED", "nobody recalls this document from that service");
        recall_n = query.integer(0);
        delivery_n = query.integer(1);
        reason = query.text(2);
    }
    const Delivery delivery = *find_delivery(delivery_n);
    const Work master = *find_master(*document_n);
    act(master.pli_n, master.number, answer.accept() ? "RECALL_ACCEPTED" : "RECALL_REFUSED", asked.actor,
        answer.note());
    run(database_, "UPDATE recall SET state = ?, answered_by = ?, answered_at_ms = ?, answer = ? WHERE n = ?",
        answer.accept() ? "ACCEPTED" : "REFUSED", asked.actor, now_ms(), answer.note(), recall_n);
    // Between the recall and its answer the service may have sent it back, or closed it.
    const bool still_there = delivery.state == "TAKEN" || delivery.state == "CLOSED";
    if (answer.accept() && still_there) {
        move_delivery(delivery, "RETURNED", "delivery.returned", asked.actor, "RECALLED");
        const bool out = master.state == "QUEUED" || master.state == "TAKEN" || master.state == "CLOSED";
        if (out) end_as_returned(master.n, asked.actor, "RECALLED", reason);
    }
    return remember(asked, acted(answer.document()));
}

}  // namespace pleiade::ledger
