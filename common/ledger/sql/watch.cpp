// Leases of a store that several hubs write to: each hub watches all of them, so that those of a hub that died end too.
//
// Operation: no clock is shared. A hub sees that a lease's fence and beat have not moved for as long as the lease lasts
// on its own monotonic clock, and ends it; renewals move the beat. What is over is looked at again in the transaction
// that ends it. A lease may so last longer by one round of the watch; it never ends earlier.
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

constexpr std::int64_t kWatchEveryMs = 1'000;

}  // namespace

void SqlLedger::watch(Watched watched, const char* sql, const std::function<std::int64_t(const Query&)>& length_ms) {
    const std::int64_t now = monotonic_ms();
    Ends ends;
    std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> marks;
    Query query(database_, sql);
    while (query.next()) {
        const std::int64_t n = query.integer(0);
        const std::pair mark{query.integer(1), query.integer(2)};
        const auto end = watched.ends.find(n);
        const auto known = watched.marks.find(n);
        const bool same = end != watched.ends.end() && known != watched.marks.end() && known->second == mark;
        ends[n] = same ? end->second : now + length_ms(query);
        marks[n] = mark;
    }
    watched.ends = std::move(ends);
    watched.marks = std::move(marks);
}

bool SqlLedger::something_ends(std::int64_t now) const {
    for (const Ends* ends : {&lease_ends_, &take_ends_, &keying_ends_}) {
        for (const auto& [n, end] : *ends) {
            if (end <= now) return true;
        }
    }
    return false;
}

void SqlLedger::watch_others() {
    if (!database_.shared()) return;
    const std::int64_t now = monotonic_ms();
    if (watched_at_ms_ != 0 && now - watched_at_ms_ < kWatchEveryMs && !something_ends(now)) return;
    watched_at_ms_ = now;
    watch({lease_ends_, lease_marks_}, "SELECT n, fence, beat, stage FROM task WHERE state = 'LEASED'",
          [this](const Query& row) { return std::int64_t{lease_length(row.text(3)).count()}; });
    watch({take_ends_, take_marks_}, "SELECT n, fence, 0, lease_ms FROM delivery WHERE state = 'TAKEN'",
          [](const Query& row) { return row.integer(3); });
    watch({keying_ends_, keying_marks_}, "SELECT n, n, beat FROM keying WHERE state = 'OPEN'",
          [this](const Query&) { return std::int64_t{options_.keying_lease.count()}; });
    Query wanted(database_, "SELECT value FROM setting WHERE name = 'readers_wanted'");
    if (wanted.next()) readers_wanted_ = std::stoi(wanted.text(0));
}

void SqlLedger::beat(const char* table, std::int64_t n) {
    if (!database_.shared()) return;
    const bool is_task = std::string_view(table) == "task";
    Query query(database_,
                is_task ? "UPDATE task SET beat = beat + 1 WHERE n = ? RETURNING fence, beat"
                        : "UPDATE keying SET beat = beat + 1 WHERE n = ? RETURNING n, beat",
                n);
    if (query.next()) (is_task ? lease_marks_ : keying_marks_)[n] = {query.integer(0), query.integer(1)};
    wrote();
}

// A back-off only spares a worker: where hubs stand on several hosts, the wall clock is good enough, and `expire` does
// not trust an end that lies further than its back-off.
std::int64_t SqlLedger::backoff_clock_ms() const {
    return database_.shared() ? now_ms() : monotonic_ms();
}

}  // namespace pleiade::ledger
