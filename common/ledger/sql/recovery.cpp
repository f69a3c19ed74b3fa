// The recovery verbs: one at a time over each target, refused with what to do instead when they make no sense.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/base/check.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"
#include "common/wire/error_kind.h"

namespace pleiade::ledger {
namespace {

constexpr int kTargetsMax = 200;
constexpr std::size_t kReasonBytesMax = 1'000;
constexpr std::size_t kPliIdDigits = 32;

// What takes a verb back; empty when nothing does and the verb says so.
const std::map<std::string, std::string>& undo_of() {
    static const std::map<std::string, std::string> kUndo = {
        {"re-read", ""},     {"re-route", ""},      {"reclassify", "reclassify"}, {"hold", "release"},
        {"release", "hold"}, {"reject", "release"}, {"un-quarantine", ""},        {"re-queue", ""},
    };
    return kUndo;
}

bool is_code(const std::string& text) {
    if (text.size() < 3 || text.size() > 40 || text[0] < 'A' || text[0] > 'Z') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

Result<SqlLedger::Target> SqlLedger::find_target(const std::string& id) {
    if (id.size() > kPliIdDigits) {
        const auto document = find_work(id);
        if (!document) return pass_on(document);
        return Target{find_master(*document)->pli_n, *document, id};
    }
    Query query(database_, "SELECT n FROM pli WHERE id = ?", id);
    if (!query.next()) return not_found("PLI_UNKNOWN", "there is no such pli");
    return Target{query.integer(0), 0, id};
}

Result<v1::Recovered> SqlLedger::recover(const Asked& asked, const v1::Recover& recovery) {
    auto before = answered_before<v1::Recovered>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    if (!undo_of().contains(recovery.verb())) {
        return invalid("VERB_UNKNOWN",
                       "the verbs are re-read, re-route, reclassify, hold, release, reject, un-quarantine, re-queue");
    }
    if (recovery.by().empty() || recovery.reason().empty() || recovery.reason().size() > kReasonBytesMax) {
        return invalid("REASON_REQUIRED", "say who asks and why, in 1000 bytes at most");
    }
    if (recovery.ids().empty() || recovery.ids_size() > kTargetsMax) {
        return invalid("RECOVERY_TOO_MANY", "name 1 to 200 plis or documents");
    }
    if (recovery.verb() == "reject" && !is_code(recovery.code())) {
        return invalid("RECOVERY_CODE_REQUIRED", "a rejection has a code, such as NOT_FOR_US");
    }
    if (!recovery.code().empty() && !is_code(recovery.code())) {
        return invalid("RECOVERY_CODE_REQUIRED", "a code is made of capitals, such as NEEDS_ADVICE");
    }
    if (recovery.verb() == "reclassify") {
        const bool known = options_.types == nullptr || options_.types->find(recovery.type()) != nullptr;
        if (recovery.type().empty() || !known) {
            return invalid("RECOVERY_TYPE_UNKNOWN", "give a type of the nomenclature");
        }
    }
    if (!recovery.to().empty() && recovery.to() != "retry" && recovery.to() != "keying") {
        return invalid("RECOVERY_TO_UNKNOWN", "un-quarantine to `retry` or to `keying`");
    }
    v1::Recovered recovered;
    recovered.set_verb(recovery.verb());
    for (const auto& id : recovery.ids()) *recovered.add_outcomes() = recover_one(id, recovery);
    return remember(asked, std::move(recovered));
}

v1::RecoveryOutcome SqlLedger::recover_one(const std::string& id, const v1::Recover& recovery) {
    v1::RecoveryOutcome outcome;
    outcome.set_id(id);
    const auto target = find_target(id);
    const auto done = target ? apply_verb(*target, recovery) : Result<void>(pass_on(target));
    outcome.set_ok(done.has_value());
    if (!done) {
        outcome.set_kind(wire::word_of(done.error().kind));
        outcome.set_code(done.error().code);
        outcome.set_message(done.error().message);
        return outcome;
    }
    outcome.set_undo(undo_of().at(recovery.verb()));
    if (target->document_n != 0) {
        outcome.set_state(load_document_row(database_, target->document_n).state());
    } else {
        outcome.set_state(state_of_pli(target->pli_n));
    }
    return outcome;
}

Result<void> SqlLedger::apply_verb(const Target& target, const v1::Recover& recovery) {
    static const std::map<std::string, OnDocument> kOnDocument = {
        {"re-route", &SqlLedger::reroute_document}, {"reclassify", &SqlLedger::reclassify_document},
        {"hold", &SqlLedger::hold_document},        {"release", &SqlLedger::release_document},
        {"reject", &SqlLedger::reject_document},    {"re-queue", &SqlLedger::requeue_document}};
    const std::string& verb = recovery.verb();
    const std::string state = state_of_pli(target.pli_n);
    const bool whole = target.document_n == 0;
    if (!whole && (verb == "re-read" || verb == "un-quarantine")) {
        return conflict("RECOVERY_NEEDS_PLI", "this verb is for a whole pli: give its 32 digits");
    }
    if (!whole && state == "QUARANTINED") {
        return conflict("RECOVERY_QUARANTINED", "its pli is in quarantine: un-quarantine the pli first");
    }
    if (verb == "re-read") return reread_pli(target.pli_n, recovery);
    if (verb == "un-quarantine") return unquarantine_pli(target.pli_n, recovery);
    if (state == "READ") return on_documents(target, recovery, kOnDocument.at(verb));
    if (verb == "hold") return hold_pli(target.pli_n, recovery);
    if (verb == "release") return release_pli(target.pli_n, recovery);
    if (verb == "reject") return reject_pli(target.pli_n, recovery);
    if (verb == "re-queue") return requeue_pli(target.pli_n, recovery);
    if (state == "QUARANTINED") {
        return conflict("RECOVERY_QUARANTINED", "this pli is in quarantine: un-quarantine it first");
    }
    return conflict("RECOVERY_NOT_READ", "this pli is not read yet: its documents do not exist");
}

// One document, or all those of a pli for which the verb makes sense; when there is none, why the first was refused.
Result<void> SqlLedger::on_documents(const Target& target, const v1::Recover& recovery, OnDocument verb) {
    std::vector<std::int64_t> masters;
    if (target.document_n != 0) {
        masters.push_back(target.document_n);
    } else {
        Query query(database_,
                    "SELECT n FROM document WHERE pli_n = ? AND master = 0 AND state NOT IN ('SUPERSEDED','PURGED') "
                    "ORDER BY number",
                    target.pli_n);
        while (query.next()) masters.push_back(query.integer(0));
    }
    if (masters.empty())
        return conflict("RECOVERY_NOTHING", "this pli holds no document: every page is blank or set aside");
    if (recovery.verb() == "reclassify" && masters.size() > 1) {
        return conflict("RECOVERY_NEEDS_DOCUMENT", "this pli holds several documents: name the one to reclassify");
    }
    // A document that waits for the router goes on by that alone; the pli's own stuck task is re-queued.
    if (recovery.verb() == "re-queue" && target.document_n == 0) {
        if (const auto task = task_of(target.pli_n, "route"); task && task->state == "WAITING") {
            return requeue_pli(target.pli_n, recovery);
        }
    }
    Result<void> first_refusal;
    int done = 0;
    for (const std::int64_t n : masters) {
        const Work master = *find_master(n);
        const auto moved = (this->*verb)(master, recovery);
        if (moved) {
            ++done;
        } else if (first_refusal) {
            first_refusal = moved;
        }
    }
    if (done == 0) return first_refusal;
    fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
    return {};
}

}  // namespace pleiade::ledger
