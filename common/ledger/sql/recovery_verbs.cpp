// What each recovery verb does to one document, or to a pli that has none yet.
#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/keyed_reading.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

// Why a document cannot be moved from where it is, with what can be done.
Error stands(const std::string& state) {
    const auto no = [](const char* code, const char* message) { return Error{ErrorKind::Conflict, code, message}; };
    if (state == "TAKEN") return no("RECOVERY_TAKEN", "a service has taken it: recall it, or re-queue it");
    if (state == "CLOSED") return no("RECOVERY_CLOSED", "its services have acknowledged it: recall it");
    if (state == "KEYING")
        return no("RECOVERY_KEYING", "somebody keys it now: wait until the lease ends, or re-queue it");
    if (state == "READ") return no("RECOVERY_IN_PROGRESS", "it is on its way to the router: wait a moment");
    if (state == "HELD") return no("RECOVERY_HELD", "it is on hold: release it first");
    if (state == "REJECTED") return no("RECOVERY_REJECTED", "it is rejected: release it first");
    if (state == "QUARANTINED") return no("RECOVERY_QUARANTINED", "its pli is in quarantine: un-quarantine the pli");
    if (state == "SUPERSEDED" || state == "PURGED") {
        return no("RECOVERY_GONE", "it was replaced: look at the other documents of its pli");
    }
    return no("RECOVERY_NOTHING", "this verb makes no sense for it as it stands: look at its state");
}

bool movable(const std::string& state) {
    return state == "TO_KEY" || state == "RETURNED" || state == "QUEUED" || state == "RESCAN_REQUESTED";
}

}  // namespace

void SqlLedger::send_to_router(std::int64_t document_n, const std::string& actor, const std::string& code) {
    withdraw_waiting(document_n, actor, code);
    move_with_attachments(document_n, "READ", actor, code, "");
}

Result<void> SqlLedger::reroute_document(const Work& master, const v1::Recover& recovery) {
    if (!movable(master.state)) return tl::unexpected<Error>(stands(master.state));
    act(master.pli_n, master.number, "RE_ROUTE", recovery.by(), recovery.reason());
    send_to_router(master.n, recovery.by(), "RE_ROUTE");
    open_task(master.pli_n, "route");
    return {};
}

// By its number, not through a keyer's form: only the type, then the router and, for what it requires, keying.
Result<void> SqlLedger::reclassify_document(const Work& master, const v1::Recover& recovery) {
    if (!movable(master.state)) return tl::unexpected<Error>(stands(master.state));
    const auto stored = stored_reading(master.pli_n);
    PLEIADE_CHECK(stored.has_value());
    act(master.pli_n, master.number, "RECLASSIFY", recovery.by(), recovery.reason());
    withdraw_waiting(master.n, recovery.by(), "RECLASSIFY");
    std::set<int> family;
    for (const std::int64_t n : family_of(master.n)) {
        Query query(database_, "SELECT number FROM document WHERE n = ?", n);
        PLEIADE_CHECK(query.next());
        family.insert(static_cast<int>(query.integer(0)));
    }
    settle(master.pli_n, reclassified(stored->reading, static_cast<int>(master.number), recovery.type()), family, {},
           {}, recovery.by(), "RECLASSIFY");
    return {};
}

Result<void> SqlLedger::hold_document(const Work& master, const v1::Recover& recovery) {
    if (master.state == "HELD") return conflict("RECOVERY_HELD_ALREADY", "it is on hold already");
    if (!movable(master.state)) return tl::unexpected<Error>(stands(master.state));
    const std::string code = recovery.code().empty() ? "ON_HOLD" : recovery.code();
    act(master.pli_n, master.number, "HOLD", recovery.by(), recovery.reason());
    withdraw_waiting(master.n, recovery.by(), code);
    for (const std::int64_t n : family_of(master.n)) {
        run(database_, "UPDATE document SET back_state = state, back_code = code WHERE n = ?", n);
        move_document(n, "HELD", recovery.by(), code, "");
    }
    return {};
}

// Back to the person who had to look at it, or to the router which says again what was due for it.
Result<void> SqlLedger::release_document(const Work& master, const v1::Recover& recovery) {
    if (master.state != "HELD" && master.state != "REJECTED") {
        return conflict("RECOVERY_NOT_HELD", "it is neither on hold nor rejected; look at its state");
    }
    std::string back_state;
    std::string back_code;
    {
        Query query(database_, "SELECT back_state, back_code FROM document WHERE n = ?", master.n);
        PLEIADE_CHECK(query.next());
        back_state = query.text(0);
        back_code = query.text(1);
    }
    act(master.pli_n, master.number, "RELEASE", recovery.by(), recovery.reason());
    if (back_state == "TO_KEY" || back_state == "RETURNED") {
        move_with_attachments(master.n, back_state, recovery.by(), back_code, "");
        return {};
    }
    send_to_router(master.n, recovery.by(), "RELEASE");
    open_task(master.pli_n, "route");
    return {};
}

Result<void> SqlLedger::reject_document(const Work& master, const v1::Recover& recovery) {
    if (master.state != "HELD" && !movable(master.state)) return tl::unexpected<Error>(stands(master.state));
    act(master.pli_n, master.number, "REJECT", recovery.by(), recovery.reason());
    withdraw_waiting(master.n, recovery.by(), recovery.code());
    for (const std::int64_t n : family_of(master.n)) {
        if (master.state != "HELD") {
            run(database_, "UPDATE document SET back_state = state, back_code = code WHERE n = ?", n);
        }
        move_document(n, "REJECTED", recovery.by(), recovery.code(), "");
    }
    return {};
}

// As it was decided, without asking the router: taken away from who keeps it, or sent again to who sent it back.
Result<void> SqlLedger::requeue_document(const Work& master, const v1::Recover& recovery) {
    if (master.state == "QUEUED") return conflict("RECOVERY_QUEUED_ALREADY", "it waits in its queue already");
    if (master.state == "TAKEN") {
        act(master.pli_n, master.number, "RE_QUEUE", recovery.by(), recovery.reason());
        std::vector<std::int64_t> taken;
        {
            Query query(database_, "SELECT n FROM delivery WHERE document_n = ? AND state = 'TAKEN'", master.n);
            while (query.next()) taken.push_back(query.integer(0));
        }
        for (const std::int64_t n : taken) {
            move_delivery(*find_delivery(n), "QUEUED", "delivery.released", recovery.by(), "RE_QUEUE");
        }
        follow_deliveries(master.n, recovery.by());
        return {};
    }
    if (master.state == "KEYING") {
        // Away from a station that was left open; what was typed stays in the draft.
        Query lease(database_, "SELECT lease FROM document WHERE n = ?", master.n);
        PLEIADE_CHECK(lease.next());
        act(master.pli_n, master.number, "RE_QUEUE", recovery.by(), recovery.reason());
        give_back(*find_keying(lease.integer(0)), "RELEASED", recovery.by(), "RE_QUEUE");
        return {};
    }
    if (master.state != "RETURNED") return tl::unexpected<Error>(stands(master.state));
    const auto stored = stored_reading(master.pli_n);
    PLEIADE_CHECK(stored.has_value());
    for (const auto& decision : stored->decisions.decisions()) {
        if (decision.document() != master.number || !decision.has_route()) continue;
        act(master.pli_n, master.number, "RE_QUEUE", recovery.by(), recovery.reason());
        for (const std::int64_t n : family_of(master.n)) {
            run(database_, "UPDATE document SET revision = revision + 1 WHERE n = ?", n);
        }
        const std::string id = load_document_row(database_, master.n).id();
        add_deliveries(master.n, id, decision.route());
        move_with_attachments(master.n, "QUEUED", recovery.by(), "RE_QUEUE",
                              fmt::format("{}/{}", decision.route().processed_by(), decision.route().service()));
        return {};
    }
    return conflict("RECOVERY_NO_ROUTE", "it has no route: re-route it, or key it");
}

// --- a whole pli ----------------------------------------------------------------------------------------------------

Result<void> SqlLedger::reread_pli(std::int64_t pli_n, const v1::Recover& recovery) {
    const std::string state = state_of_pli(pli_n);
    if (state == "REGISTERED" || state == "READING") {
        return conflict("RECOVERY_IN_PROGRESS", "it waits to be read already: re-queue it if it is stuck");
    }
    if (state == "HELD") return conflict("RECOVERY_HELD", "it is on hold: release it, it will be read");
    std::vector<std::int64_t> live;
    {
        Query query(database_,
                    "SELECT n, state FROM document WHERE pli_n = ? AND state NOT IN ('SUPERSEDED','PURGED') ORDER BY "
                    "number",
                    pli_n);
        while (query.next()) {
            const std::string document = query.text(1);
            if (document == "TAKEN" || document == "CLOSED" || document == "DELIVERED" || document == "KEYING") {
                return tl::unexpected<Error>(stands(document));
            }
            live.push_back(query.integer(0));
        }
    }
    act(pli_n, 0, "RE_READ", recovery.by(), recovery.reason());
    for (const std::int64_t n : live) {
        withdraw_waiting(n, recovery.by(), "RE_READ");
        move_document(n, "SUPERSEDED", recovery.by(), "RE_READ", "");
    }
    close_task(pli_n, "route");
    if (stored_reading(pli_n)) forget_reading(pli_n);
    run(database_, "DELETE FROM draft WHERE pli_n = ?", pli_n);  // of numbers that will not come back
    move_pli(pli_n, state, "REGISTERED", {.kind = "pli.reread", .actor = recovery.by(), .code = "RE_READ"});
    open_task(pli_n, "read");
    fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
    return {};
}

Result<void> SqlLedger::hold_pli(std::int64_t pli_n, const v1::Recover& recovery) {
    const std::string state = state_of_pli(pli_n);
    if (state == "HELD") return conflict("RECOVERY_HELD_ALREADY", "it is on hold already");
    if (state == "QUARANTINED")
        return conflict("RECOVERY_QUARANTINED", "it is aside already: un-quarantine or reject it");
    act(pli_n, 0, "HOLD", recovery.by(), recovery.reason());
    close_task(pli_n, "read");
    move_pli(
        pli_n, state, "HELD",
        {.kind = "pli.held", .actor = recovery.by(), .code = recovery.code().empty() ? "ON_HOLD" : recovery.code()});
    return {};
}

Result<void> SqlLedger::release_pli(std::int64_t pli_n, const v1::Recover& recovery) {
    const std::string state = state_of_pli(pli_n);
    if (state == "QUARANTINED") return conflict("RECOVERY_QUARANTINED", "it is in quarantine: un-quarantine it");
    if (state != "HELD") return conflict("RECOVERY_NOT_HELD", "it is not on hold; look at its state");
    act(pli_n, 0, "RELEASE", recovery.by(), recovery.reason());
    move_pli(pli_n, "HELD", "REGISTERED", {.kind = "pli.released", .actor = recovery.by(), .code = "RELEASE"});
    open_task(pli_n, "read");
    return {};
}

// As one document that nobody read, so that its pages stay counted and it can still be released to a keyer.
void SqlLedger::read_by_hand(std::int64_t pli_n, const std::string& actor) {
    google::protobuf::RepeatedPtrField<v1::StoredFile> files;
    google::protobuf::RepeatedPtrField<v1::PageRef> pages;
    fill_files(database_, pli_n, files, pages);
    v1::Reading reading = read_by_nobody(pages);
    const int last = last_number(pli_n);
    std::set<int> numbers;
    for (auto& document : *reading.mutable_documents()) {
        document.set_id(document.id() + last);
        numbers.insert(document.id());
    }
    close_task(pli_n, "read");
    const std::string digest = add_reading(pli_n, reading, actor);
    move_pli(pli_n, state_of_pli(pli_n), "READ",
             {.kind = "pli.read", .actor = actor, .code = "BY_NOBODY", .detail = digest});
    add_documents(pli_n, reading, numbers, actor);
}

Result<void> SqlLedger::reject_pli(std::int64_t pli_n, const v1::Recover& recovery) {
    act(pli_n, 0, "REJECT", recovery.by(), recovery.reason());
    const bool read = stored_reading(pli_n).has_value();
    if (read) {  // put aside at the router
        move_pli(pli_n, "QUARANTINED", "READ", {.kind = "pli.unquarantined", .actor = recovery.by(), .code = "REJECT"});
    } else {
        read_by_hand(pli_n, recovery.by());
    }
    std::vector<std::int64_t> documents;
    {
        Query query(database_, "SELECT n FROM document WHERE pli_n = ? AND state IN ('READ','QUARANTINED')", pli_n);
        while (query.next()) documents.push_back(query.integer(0));
    }
    for (const std::int64_t n : documents) {
        run(database_, "UPDATE document SET back_state = 'READ', back_code = '' WHERE n = ?", n);
        move_document(n, "REJECTED", recovery.by(), recovery.code(), "");
    }
    return {};
}

Result<void> SqlLedger::unquarantine_pli(std::int64_t pli_n, const v1::Recover& recovery) {
    if (state_of_pli(pli_n) != "QUARANTINED") {
        return conflict("RECOVERY_NOT_QUARANTINED", "it is not in quarantine: re-read, re-route or release it instead");
    }
    act(pli_n, 0, "UN_QUARANTINE", recovery.by(), recovery.reason());
    const bool to_keying = recovery.to() == "keying";
    const bool read = stored_reading(pli_n).has_value();
    if (!read && !to_keying) {
        move_pli(pli_n, "QUARANTINED", "REGISTERED",
                 {.kind = "pli.unquarantined", .actor = recovery.by(), .code = "UN_QUARANTINE"});
        open_task(pli_n, "read");
        return {};
    }
    if (!read) {
        read_by_hand(pli_n, recovery.by());
        Query documents(database_, "SELECT 1 FROM document WHERE pli_n = ? AND state = 'READ' LIMIT 1", pli_n);
        if (documents.next()) open_task(pli_n, "route");
        return {};
    }
    move_pli(pli_n, "QUARANTINED", "READ",
             {.kind = "pli.unquarantined", .actor = recovery.by(), .code = "UN_QUARANTINE"});
    std::vector<std::int64_t> documents;
    {
        Query query(database_, "SELECT n FROM document WHERE pli_n = ? AND state = 'QUARANTINED' ORDER BY number",
                    pli_n);
        while (query.next()) documents.push_back(query.integer(0));
    }
    // Never routed, it has no caisse yet: that of its pli, so that who keys for it gets it.
    run(database_,
        "UPDATE document SET caisse = (SELECT caisse FROM pli WHERE n = ?1) WHERE pli_n = ?1 AND caisse = ''", pli_n);
    for (const std::int64_t n : documents) {
        move_document(n, to_keying ? "TO_KEY" : "READ", recovery.by(), "UN_QUARANTINE", "");
    }
    if (!to_keying && !documents.empty()) open_task(pli_n, "route");
    return {};
}

// A task in its back-off, or held by a worker that does not end: ready at once, from the start.
Result<void> SqlLedger::requeue_pli(std::int64_t pli_n, const v1::Recover& recovery) {
    const std::string state = state_of_pli(pli_n);
    if (state == "QUARANTINED") return conflict("RECOVERY_QUARANTINED", "it is in quarantine: un-quarantine it");
    if (state == "HELD") return conflict("RECOVERY_HELD", "it is on hold: release it first");
    const std::string stage = state == "READ" ? "route" : "read";
    const auto task = task_of(pli_n, stage);
    if (!task || task->state == "READY" || task->state == "DONE" || task->state == "DEAD") {
        return conflict("RECOVERY_QUEUED_ALREADY", "it waits for its turn already: nothing holds it back");
    }
    act(pli_n, 0, "RE_QUEUE", recovery.by(), recovery.reason());
    if (state == "READING") {
        move_pli(pli_n, "READING", "REGISTERED", {.kind = "pli.requeued", .actor = recovery.by(), .code = "RE_QUEUE"});
    }
    open_task(pli_n, stage);
    return {};
}

}  // namespace pleiade::ledger
