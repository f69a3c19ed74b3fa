// The wall's figures: the journal folded as it grows, from the read-only connection.
#include "common/ledger/figures.h"

#include "common/ledger/sql/snapshot.h"
#include "common/ledger/sql/sql_reader.h"

namespace pleiade::ledger {
namespace {

// Some tens of milliseconds: the desk answers others in between.
constexpr int kEntriesAtOnce = 5'000;

}  // namespace

// The first entry that is not older than that; times grow along the journal but for the corrections of the clock.
std::int64_t SqlReader::entry_at(std::int64_t at_ms) {
    std::int64_t low = 1;
    std::int64_t high = 1;
    {
        Query query(database_, "SELECT coalesce(max(seq), 0) + 1 FROM audit");
        query.next();
        high = query.integer(0);
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        Query query(database_, "SELECT at_ms FROM audit WHERE seq = ?", middle);
        if (query.next() && query.integer(0) < at_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool SqlReader::advance_figures() {
    const Snapshot moment(database_);
    const std::int64_t day_ago = clock_.now().time_since_epoch().count() - FigureBook::kKeptMs;
    if (!book_started_) {
        book_.start_after(entry_at(day_ago) - 1, day_ago);
        book_started_ = true;
    }
    Query query(
        database_,
        "SELECT a.seq, a.at_ms, a.kind, a.from_state, a.to_state, CASE a.kind WHEN 'pli.keyed' THEN a.ref ELSE "
        "'' END, CASE WHEN d.master = 0 THEN 1 ELSE 0 END, coalesce(d.type, ''), coalesce(p.registered_at_ms, 0), "
        "coalesce(p.received_on, ''), coalesce(v.caisse, ''), coalesce(v.service, ''), coalesce(v.priority, "
        "''), coalesce(v.due_ms, 0) FROM audit a "
        "LEFT JOIN pli p ON a.pli_n > 0 AND p.n = a.pli_n "
        "LEFT JOIN document d ON a.document > 0 AND d.pli_n = a.pli_n AND d.number = a.document "
        "LEFT JOIN delivery v ON substr(a.kind, 1, 9) = 'delivery.' AND v.id = a.ref "
        "WHERE a.seq > ? ORDER BY a.seq LIMIT ?",
        book_.last_seq(), kEntriesAtOnce);
    int entries = 0;
    while (query.next()) {
        ++entries;
        Movement movement;
        movement.seq = query.integer(0);
        movement.at_ms = query.integer(1);
        movement.kind = query.text(2);
        movement.from_state = query.text(3);
        movement.to_state = query.text(4);
        movement.ref = query.text(5);
        movement.master = query.integer(6) != 0;
        movement.type = query.text(7);
        movement.registered_at_ms = query.integer(8);
        movement.received_on = query.text(9);
        movement.caisse = query.text(10);
        movement.service = query.text(11);
        movement.priority = query.text(12);
        movement.due_ms = query.integer(13);
        book_.add(movement);
    }
    book_.forget_before(day_ago);
    return entries < kEntriesAtOnce;
}

v1::Figures SqlReader::figures(const v1::FiguresQuery& query, const v1::Status& status) {
    const bool complete = advance_figures();
    v1::Figures figures = book_.figures(query, status, clock_.now().time_since_epoch().count());
    figures.set_complete(complete);
    // Counted back from now, over what is not folded yet, it would be wrong.
    if (!complete) figures.clear_history();
    return figures;
}

}  // namespace pleiade::ledger
