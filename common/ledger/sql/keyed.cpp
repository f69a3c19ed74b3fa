// What a person validated becomes the pli's reading: one transaction with the documents that it replaces, their audit
// entries and the router's next task.
#include <fmt/format.h>

#include "common/base/check.h"
#include "common/ledger/keyed_reading.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {

// The documents whose fields their service keys, or after the queue: a keyer of the platform need not say them.
std::set<int> SqlLedger::keyed_elsewhere(const StoredReading& stored, const std::set<int>& numbers) {
    std::set<int> elsewhere;
    for (const auto& decision : stored.decisions.decisions()) {
        const bool here = decision.keyed_by() != "service" && decision.keyed_before_queue();
        if (numbers.contains(decision.document()) && !here) elsewhere.insert(decision.document());
    }
    return elsewhere;
}

// The reading is stored; its documents follow. `ref` is the lease's number or the verb.
void SqlLedger::settle(std::int64_t pli_n, const v1::Reading& reading, const std::set<int>& kept,
                       const std::set<int>& created, const std::set<int>& superseded, const std::string& actor,
                       const std::string& ref) {
    const std::string digest = replace_reading(pli_n, reading, actor);
    move_pli(pli_n, "READ", "READ",
             {.kind = "pli.keyed", .actor = actor, .ref = ref, .detail = fmt::format("{} {}", digest, ref)});
    fail_if(PLEIADE_FAILPOINT("ledger.keyed"));
    std::map<int, std::int64_t> rows;
    {
        Query query(database_, "SELECT number, n FROM document WHERE pli_n = ?", pli_n);
        while (query.next()) rows[static_cast<int>(query.integer(0))] = query.integer(1);
    }
    for (const int number : superseded) move_document(rows.at(number), "SUPERSEDED", actor, "", ref);
    add_documents(pli_n, reading, created, actor);
    for (const auto& document : reading.documents()) {
        if (!kept.contains(document.id())) continue;
        const std::int64_t master = document.role() == "attachment" ? document.attached_to() : 0;
        const std::int64_t n = rows.at(document.id());
        run(database_, "UPDATE document SET type = ?, confidence = ?, role = ?, master = ?, pages = ? WHERE n = ?",
            document.type(), document.confidence(), document.role(), master, document.pages_size(), n);
        move_document(n, "READ", actor, "", ref);
    }
    // A note or a sending was about how it stood before.
    run(database_,
        "UPDATE document SET note = '', sent_to = '', skill = '', sent_note = '', back_state = '', back_code = '' "
        "WHERE pli_n = ? AND state = 'READ'",
        pli_n);
    if (!kept.empty() || !created.empty()) open_task(pli_n, "route");
}

Result<v1::KeyingValidated> SqlLedger::validate_keying(const Asked& asked, const v1::ValidateKeying& keyed) {
    auto before = answered_before<v1::KeyingValidated>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    const auto keying = held_keying(keyed.id(), keyed.by(), keyed.fence());
    if (!keying) return pass_on(keying);
    if (state_of_pli(keying->pli_n) != "READ") {
        return conflict("PLI_ASIDE", "this pli was put aside meanwhile; take it out of quarantine first");
    }
    const auto stored = stored_reading(keying->pli_n);
    PLEIADE_CHECK(stored.has_value());
    std::set<int> held;
    {
        Query query(database_, "SELECT number FROM document WHERE lease = ? AND state = 'KEYING'", keying->n);
        while (query.next()) held.insert(static_cast<int>(query.integer(0)));
    }
    const KeyingGround ground{stored->reading, held, keyed_elsewhere(*stored, held), last_number(keying->pli_n),
                              options_.types};
    const KeyedReading laid = lay_over(ground, keyed);
    v1::KeyingValidated validated;
    for (const auto& problem : laid.problems) *validated.add_problems() = problem;
    if (!laid.problems.empty()) return validated;  // nothing was changed: the same key may validate later

    close_keying(*keying, "VALIDATED");
    settle(keying->pli_n, laid.reading, laid.kept, laid.created, laid.superseded, asked.actor,
           fmt::format("lease {}", keying->n));
    // So that this validation can be found again, to be undone.
    std::set<int> now = laid.kept;
    now.insert(laid.created.begin(), laid.created.end());
    for (const int number : now) {
        run(database_, "UPDATE document SET lease = ? WHERE pli_n = ? AND number = ?", keying->n, keying->pli_n,
            number);
    }
    run(database_, "UPDATE document SET lease = 0 WHERE lease = ? AND state = 'SUPERSEDED'", keying->n);
    // A colleague's draft of the whole pli is of documents that are settled now; of one document, it may still serve.
    run(database_, "DELETE FROM draft WHERE pli_n = ?1 AND (keyer = ?2 OR ?3 = 0)", keying->pli_n, keyed.by(),
        keying->document_n);

    validated.set_undo(lease_of(*keying).id().substr(0, 32));
    std::string pli_id;
    std::vector<std::pair<int, std::int64_t>> rows;
    {
        Query query(database_,
                    "SELECT p.id, d.number, d.n FROM pli p JOIN document d ON d.pli_n = p.n WHERE p.n = ? "
                    "ORDER BY d.number",
                    keying->pli_n);
        while (query.next()) {
            pli_id = query.text(0);
            rows.emplace_back(static_cast<int>(query.integer(1)), query.integer(2));
        }
    }
    for (const auto& [number, n] : rows) {
        if (now.contains(number)) *validated.add_documents() = load_document_row(database_, n);
        if (laid.superseded.contains(number)) validated.add_superseded(fmt::format("{}-{}", pli_id, number));
    }
    return remember(asked, std::move(validated));
}

}  // namespace pleiade::ledger
