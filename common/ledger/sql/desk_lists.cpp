// The lists of supervision: what waits for people, what is aside, recalls, lots.
#include <fmt/format.h>

#include "common/ledger/sql/recalls.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/snapshot.h"
#include "common/ledger/sql/sql_reader.h"

namespace pleiade::ledger {

Result<v1::Aside> SqlReader::aside(const v1::AsideQuery& asked) {
    const auto before = cursor_number(asked.cursor(), INT64_MAX);
    if (!before) return pass_on(before);
    const int limit = limited(asked.limit(), kRowsDefault, kRowsMax);
    const Snapshot moment(database_);
    v1::Aside aside;
    // Held by a person: her word stands in the journal; held as a duplicate: at its registration.
    Query query(
        database_,
        "SELECT p.id, l.lot, p.pli, p.caisse, p.state, "
        "CASE p.state WHEN 'HELD' THEN 'read' ELSE coalesce(q.stage, '') END, "
        "CASE p.state WHEN 'HELD' THEN (SELECT a.code FROM audit a WHERE a.pli_n = p.n AND a.to_state = 'HELD' AND "
        "a.kind IN ('pli.held','pli.registered') ORDER BY a.seq DESC LIMIT 1) ELSE coalesce(q.code, '') END, "
        "CASE p.state WHEN 'HELD' THEN '' ELSE coalesce(q.message, '') END, coalesce(q.attempts, 0), "
        "coalesce(q.at_ms, p.registered_at_ms), p.n "
        "FROM pli p JOIN lot l ON l.n = p.lot_n "
        "LEFT JOIN quarantine q ON q.n = (SELECT max(n) FROM quarantine WHERE pli_n = p.n) AND p.state <> 'HELD' "
        "WHERE p.state IN ('HELD','QUARANTINED') AND (?1 = '' OR p.state = ?1) AND p.n < ?2 ORDER BY p.n DESC LIMIT ?3",
        asked.state(), *before, limit + 1);
    std::int64_t last = 0;
    while (query.next()) {
        if (aside.plis_size() == limit) {
            aside.set_next_cursor(std::to_string(last));
            break;
        }
        v1::AsideRow& row = *aside.add_plis();
        row.set_pli_id(query.text(0));
        row.set_lot(query.text(1));
        row.set_pli(query.text(2));
        row.set_caisse(query.text(3));
        row.set_state(query.text(4));
        row.set_stage(query.text(5));
        row.set_code(query.text(6));
        row.set_message(query.text(7));
        row.set_attempts(static_cast<std::int32_t>(query.integer(8)));
        row.set_at_ms(query.integer(9));
        last = query.integer(10);
    }
    return aside;
}

v1::KeyingStock SqlReader::keying_stock(const v1::KeyingStockQuery& asked) {
    const std::int64_t now = clock_.now().time_since_epoch().count();
    const Snapshot moment(database_);
    v1::KeyingStock stock;
    Query groups(
        database_,
        "SELECT caisse, type, priority, secrecy, skill, count(*) FILTER (WHERE state <> 'KEYING'), "
        "count(*) FILTER (WHERE state = 'KEYING'), min(due_ms), min(state_at_ms), "
        "count(*) FILTER (WHERE state <> 'KEYING' AND due_ms < ?1), count(*) FILTER (WHERE state = 'RETURNED') "
        "FROM document WHERE master = 0 AND state IN ('TO_KEY','RETURNED','KEYING') AND (?2 = '' OR caisse = "
        "?2) AND (?3 = '' OR type = ?3) AND (?4 = 0 OR secrecy = 'normal') "
        "GROUP BY caisse, type, priority, secrecy, skill ORDER BY min(due_ms)",
        now, asked.caisse(), asked.type(), asked.without_medical());
    const auto earliest = [](std::int64_t a, std::int64_t b) { return a == 0 ? b : std::min(a, b); };
    while (groups.next()) {
        v1::KeyingGroup& group = *stock.add_groups();
        group.set_caisse(groups.text(0));
        group.set_type(groups.text(1));
        group.set_priority(groups.text(2));
        group.set_secrecy(groups.text(3));
        group.set_skill(groups.text(4));
        group.set_waiting(groups.integer(5));
        group.set_keying(groups.integer(6));
        group.set_next_due_ms(groups.integer(7));
        group.set_oldest_at_ms(groups.integer(8));
        stock.set_waiting(stock.waiting() + group.waiting());
        stock.set_keying(stock.keying() + group.keying());
        stock.set_next_due_ms(earliest(stock.next_due_ms(), group.next_due_ms()));
        stock.set_oldest_at_ms(earliest(stock.oldest_at_ms(), group.oldest_at_ms()));
        stock.set_overdue(stock.overdue() + groups.integer(9));
        stock.set_returned(stock.returned() + groups.integer(10));
    }
    Query others(database_,
                 "SELECT (SELECT count(*) FROM document WHERE master = 0 AND state = 'HELD'), "
                 "(SELECT count(DISTINCT keyer) FROM keying WHERE state = 'OPEN')");
    others.next();
    stock.set_held(others.integer(0));
    stock.set_people(others.integer(1));
    return stock;
}

Result<v1::RecallsPage> SqlReader::recalls(const v1::RecallsQuery& asked) {
    static const std::string sql = std::string(kRecallRows) +
                                   " WHERE r.n < ?1 AND (?2 = '' OR r.state = ?2) AND (?3 = '' OR v.caisse = ?3) AND "
                                   "(?4 = '' OR v.service = ?4) ORDER BY r.n DESC LIMIT ?5";
    const auto before = cursor_number(asked.cursor(), INT64_MAX);
    if (!before) return pass_on(before);
    const int limit = limited(asked.limit(), kRowsDefault, kRowsMax);
    const Snapshot moment(database_);
    v1::RecallsPage page;
    std::int64_t last = 0;
    Query query(database_, sql.c_str(), *before, asked.state(), asked.caisse(), asked.service(), limit + 1);
    while (query.next()) {
        if (page.recalls_size() == limit) {
            page.set_next_cursor(std::to_string(last));
            break;
        }
        *page.add_recalls() = load_recall_row(database_, query);
        last = query.integer(11);
    }
    return page;
}

Result<v1::LotsPage> SqlReader::lots(const v1::LotsQuery& asked) {
    const auto before = cursor_number(asked.cursor(), INT64_MAX);
    if (!before) return pass_on(before);
    const int limit = limited(asked.limit(), kRowsDefault, kRowsMax);
    std::string sql =
        "SELECT n, lot, caisse, announced, received, registered, rejected, opened_at_ms, announced_pages, "
        "(SELECT coalesce(sum(pages), 0) FROM pli WHERE lot_n = lot.n) FROM lot WHERE n < ?1 AND (?2 = '' OR caisse = "
        "?2)";
    if (asked.off_balance()) sql += " AND announced > received";
    sql += fmt::format(" ORDER BY n DESC LIMIT {}", limit + 1);
    const Snapshot moment(database_);
    v1::LotsPage page;
    std::int64_t last = 0;
    Query query(database_, sql);
    query.bind(1, *before);
    query.bind(2, asked.caisse());
    while (query.next()) {
        if (page.lots_size() == limit) {
            page.set_next_cursor(std::to_string(last));
            break;
        }
        last = query.integer(0);
        v1::LotRow& row = *page.add_lots();
        row.set_lot(query.text(1));
        row.set_caisse(query.text(2));
        row.set_announced(query.integer(3));
        row.set_received(query.integer(4));
        row.set_registered(query.integer(5));
        row.set_rejected(query.integer(6));
        row.set_opened_at_ms(query.integer(7));
        row.set_announced_pages(query.integer(8));
        row.set_pages(query.integer(9));
    }
    return page;
}

}  // namespace pleiade::ledger
