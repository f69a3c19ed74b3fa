// People's leases: what waits for a person, who holds it, and how it goes back unchanged.
//
// A lease holds masters with their attachments: one, or all that wait in a pli. What it holds is KEYING; it goes back
// to the state that it came from (TO_KEY, or RETURNED by a service) when it is released, lapses or is undone. Drafts
// are no transition: they are kept beside the pli, by person, until she validates it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

constexpr int kNextMax = 3;
constexpr int kDraftEntriesMax = 200;
constexpr int kDraftEntriesOfAPliMax = 2'000;
constexpr std::size_t kDraftBytesMax = 4'000;
constexpr std::size_t kPathBytesMax = 200;
// How long a draft keeps its pli for the person who wrote it, while something else waits.
constexpr std::int64_t kDraftKeptMs = 10 * 60 * 1'000;

bool waits(const std::string& state) {
    return state == "TO_KEY" || state == "RETURNED";
}

// What a person without habilitation may hold: a master that is known not to be medical, nor anything attached to it.
// `d` is the master; ?2 says whether she is habilitated.
constexpr const char* kMayBeGiven =
    "(?2 OR (d.secrecy = 'normal' AND NOT EXISTS(SELECT 1 FROM document a WHERE a.pli_n = d.pli_n AND a.master = "
    "d.number AND a.secrecy <> 'normal' AND a.state NOT IN ('SUPERSEDED','PURGED'))))";

// The words of a filter as one text that `instr` can look into: "|595|131|"; empty admits all.
std::string filter_of(const google::protobuf::RepeatedPtrField<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        if (word.find('|') == std::string::npos) text += "|" + word;
    }
    return text.empty() ? "" : text + "|";
}

}  // namespace

std::optional<SqlLedger::Keying> SqlLedger::find_keying(std::int64_t n) {
    Query query(database_, "SELECT n, pli_n, document_n, keyer, medical, state FROM keying WHERE n = ?", n);
    if (!query.next()) return std::nullopt;
    return Keying{query.integer(0), query.integer(1),      query.integer(2),
                  query.text(3),    query.integer(4) != 0, query.text(5)};
}

// The document, or the one that it is attached to.
std::optional<SqlLedger::Work> SqlLedger::find_master(std::int64_t document_n) {
    Query query(
        database_,
        "SELECT m.n, m.pli_n, m.number, m.state, m.secrecy FROM document d JOIN document m ON m.pli_n = d.pli_n "
        "AND m.number = CASE d.master WHEN 0 THEN d.number ELSE d.master END WHERE d.n = ?",
        document_n);
    if (!query.next()) return std::nullopt;
    return Work{query.integer(0), query.integer(1), query.integer(2), query.text(3), query.text(4)};
}

std::vector<std::int64_t> SqlLedger::family_of(std::int64_t document_n) {
    std::vector<std::int64_t> family{document_n};
    Query query(database_,
                "SELECT a.n FROM document d JOIN document a ON a.pli_n = d.pli_n AND a.master = d.number "
                "WHERE d.n = ? AND a.state NOT IN ('SUPERSEDED','PURGED') ORDER BY a.number",
                document_n);
    while (query.next()) family.push_back(query.integer(0));
    return family;
}

std::vector<SqlLedger::Work> SqlLedger::held_by(const Keying& keying) {
    std::vector<Work> masters;
    Query query(database_,
                "SELECT n, pli_n, number, state, secrecy FROM document WHERE lease = ? AND state = 'KEYING' AND "
                "master = 0 ORDER BY number",
                keying.n);
    while (query.next()) {
        masters.push_back({query.integer(0), query.integer(1), query.integer(2), query.text(3), query.text(4)});
    }
    return masters;
}

v1::KeyingLease SqlLedger::lease_of(const Keying& keying) {
    v1::KeyingLease lease;
    Query query(database_, "SELECT p.id, d.number FROM pli p LEFT JOIN document d ON d.n = ? WHERE p.n = ?",
                keying.document_n, keying.pli_n);
    PLEIADE_CHECK(query.next());
    lease.set_id(keying.document_n == 0 ? query.text(0) : fmt::format("{}-{}", query.text(0), query.integer(1)));
    lease.set_fence(static_cast<std::uint64_t>(keying.n));
    lease.set_by(keying.keyer);
    lease.set_scope(keying.document_n == 0 ? "pli" : "document");
    lease.set_lease_ms(options_.keying_lease.count());
    const auto end = keying_ends_.find(keying.n);
    const std::int64_t left = end == keying_ends_.end() ? 0 : end->second - monotonic_ms();
    lease.set_lease_until_ms(now_ms() + left);
    return lease;
}

// The lease that is named by what it holds, its holder and its fence: any other is lost.
Result<SqlLedger::Keying> SqlLedger::held_keying(const std::string& id, const std::string& by, std::uint64_t fence) {
    const auto keying = find_keying(static_cast<std::int64_t>(fence));
    if (!keying || keying->state != "OPEN" || keying->keyer != by || lease_of(*keying).id() != id) {
        return conflict("KEYING_LEASE_LOST",
                        "this lease is over; what you typed is kept: open the pli again to find it");
    }
    return *keying;
}

SqlLedger::Keying SqlLedger::lease_to(const std::string& keyer, bool medical, std::int64_t document_n,
                                      const std::vector<Work>& masters) {
    PLEIADE_CHECK(!masters.empty());
    const std::int64_t pli_n = masters.front().pli_n;
    const std::int64_t fence = inserted(database_,
                                        "INSERT INTO keying(pli_n, document_n, keyer, medical, state, started_at_ms) "
                                        "VALUES(?,?,?,?,'OPEN',?) RETURNING n",
                                        pli_n, document_n, keyer, medical, now_ms());
    const Keying keying{fence, pli_n, document_n, keyer, medical, "OPEN"};
    keying_ends_[keying.n] = monotonic_ms() + options_.keying_lease.count();
    keying_marks_[keying.n] = {keying.n, 0};
    for (const Work& master : masters) {
        for (const std::int64_t n : family_of(master.n)) {
            run(database_, "UPDATE document SET lease = ?, back_state = state, back_code = code WHERE n = ?", keying.n,
                n);
            move_document(n, "KEYING", keyer, "", fmt::format("lease {}", keying.n));
        }
    }
    wrote();
    return keying;
}

void SqlLedger::close_keying(const Keying& keying, std::string_view state) {
    run(database_, "UPDATE keying SET state = ?, ended_at_ms = ? WHERE n = ?", state, now_ms(), keying.n);
    keying_ends_.erase(keying.n);
    wrote();
}

v1::KeyingEnded SqlLedger::rows_of(const std::vector<Work>& masters) {
    v1::KeyingEnded ended;
    for (const Work& master : masters) *ended.add_documents() = load_document_row(database_, master.n);
    return ended;
}

// Everything goes back to where it was taken from.
v1::KeyingEnded SqlLedger::give_back(const Keying& keying, std::string_view state, const std::string& actor,
                                     const std::string& why) {
    const std::vector<Work> masters = held_by(keying);
    close_keying(keying, state);
    for (const Work& master : masters) {
        for (const std::int64_t n : family_of(master.n)) {
            std::string back_state;
            std::string back_code;
            {
                Query query(database_, "SELECT back_state, back_code FROM document WHERE n = ?", n);
                PLEIADE_CHECK(query.next());
                back_state = query.text(0);
                back_code = query.text(1);
            }
            move_document(n, back_state, actor, back_code,
                          fmt::format("lease {}{}{}", keying.n, why.empty() ? "" : " ", why));
        }
    }
    return rows_of(masters);
}

// By due date then cost of an error, among: what she has a draft of; what was sent to her; the rest, without what
// somebody else has a fresh draft of; that too.
std::optional<std::int64_t> SqlLedger::next_master(const v1::NextToKey& next) {
    // The unary + keeps a turn that has few rows of its own from walking the whole index of what waits.
    static const std::array<std::string, 4> kTurns = {
        "AND +d.state = ?1 AND d.pli_n IN (SELECT pli_n FROM draft WHERE keyer = ?6)",
        "AND +d.state = ?1 AND d.sent_to = ?6 AND d.sent_to <> ''",
        "AND d.state = ?1 AND NOT EXISTS(SELECT 1 FROM draft f WHERE f.pli_n = d.pli_n AND f.keyer <> ?6 AND "
        "f.at_ms > ?7)",
        "AND d.state = ?1"};
    const std::string caisses = filter_of(next.caisses());
    const std::string types = filter_of(next.types());
    const std::string skills = filter_of(next.skills());
    struct Found {
        std::int64_t n, due_ms, cost;
        // Sooner due, then dearer, then older.
        bool before(const Found& other) const {
            return std::tie(due_ms, other.cost, n) < std::tie(other.due_ms, cost, other.n);
        }
    };
    for (const std::string& turn : kTurns) {
        std::optional<Found> best;
        for (const char* const state : {"TO_KEY", "RETURNED"}) {
            Query query(
                database_,
                "SELECT d.n, d.due_ms, d.cost FROM document d WHERE d.master = 0 AND d.state IN ('TO_KEY','RETURNED') "
                "AND " +
                    std::string(kMayBeGiven) +
                    " AND (?3 = '' OR instr(?3, '|' || d.caisse || '|') > 0) "
                    "AND (?4 = '' OR instr(?4, '|' || d.type || '|') > 0) "
                    "AND (d.skill = '' OR instr(?5, '|' || d.skill || '|') > 0) AND (d.sent_to = '' OR d.sent_to = ?6) "
                    "AND EXISTS(SELECT 1 FROM pli p WHERE p.n = d.pli_n AND p.state = 'READ') " +
                    turn + " ORDER BY d.due_ms, d.cost DESC, d.n LIMIT 1");
            query.bind(1, state);
            query.bind(2, next.medical());
            query.bind(3, caisses);
            query.bind(4, types);
            query.bind(5, skills);
            query.bind(6, next.by());
            if (turn.find("?7") != std::string::npos) query.bind(7, now_ms() - kDraftKeptMs);
            if (!query.next()) continue;
            const Found found{query.integer(0), query.integer(1), query.integer(2)};
            if (!best || found.before(*best)) best = found;
        }
        if (best) return best->n;
    }
    return std::nullopt;
}

// All that waits in the pli for somebody with these rights.
std::vector<SqlLedger::Work> SqlLedger::waiting_with(const Work& first, const v1::NextToKey& next) {
    std::vector<Work> masters;
    Query query(database_,
                "SELECT d.n, d.pli_n, d.number, d.state, d.secrecy FROM document d WHERE d.pli_n = ?1 AND d.master = 0 "
                "AND d.state IN ('TO_KEY','RETURNED') AND (d.sent_to = '' OR d.sent_to = ?3) "
                "AND (d.skill = '' OR instr(?4, '|' || d.skill || '|') > 0) AND " +
                    std::string(kMayBeGiven) + " ORDER BY d.number");
    query.bind(1, first.pli_n);
    query.bind(2, next.medical());
    query.bind(3, next.by());
    query.bind(4, filter_of(next.skills()));
    while (query.next()) {
        masters.push_back({query.integer(0), query.integer(1), query.integer(2), query.text(3), query.text(4)});
    }
    return masters;
}

Result<v1::KeyingJobs> SqlLedger::next_to_key(const Asked& asked, const v1::NextToKey& next) {
    auto before = answered_before<v1::KeyingJobs>(asked);
    if (!before) return pass_on(before);
    if (*before) return jobs_again(**before);
    if (next.by().empty()) return invalid("KEYER_REQUIRED", "say who keys");
    v1::KeyingJobs jobs;
    for (int i = 0; i < std::clamp(next.count(), 1, kNextMax); ++i) {
        const auto n = next_master(next);
        if (!n) break;
        const Work first = *find_master(*n);
        const bool alone = next.scope() == "document";
        const std::vector<Work> masters = alone ? std::vector<Work>{first} : waiting_with(first, next);
        *jobs.add_jobs() = job_of(lease_to(next.by(), next.medical(), alone ? first.n : 0, masters));
    }
    return remember_jobs(asked, std::move(jobs));
}

Result<v1::KeyingJobs> SqlLedger::open_to_key(const Asked& asked, const v1::OpenToKey& open) {
    auto before = answered_before<v1::KeyingJobs>(asked);
    if (!before) return pass_on(before);
    if (*before) return jobs_again(**before);
    if (open.by().empty()) return invalid("KEYER_REQUIRED", "say who keys");
    const auto target = find_target(open.id());
    if (!target) return pass_on(target);

    // Her own lease of it, found again: after the page was loaded again, say.
    std::vector<std::int64_t> open_ones;
    {
        Query query(database_, "SELECT n FROM keying WHERE pli_n = ? AND state = 'OPEN' ORDER BY n", target->pli_n);
        while (query.next()) open_ones.push_back(query.integer(0));
    }
    for (const std::int64_t n : open_ones) {
        const Keying keying = *find_keying(n);
        if (keying.keyer != open.by() || keying.document_n != target->document_n) continue;
        keying_ends_[n] = monotonic_ms() + options_.keying_lease.count();
        beat("keying", n);
        v1::KeyingJobs jobs;
        *jobs.add_jobs() = job_of(keying);
        return remember_jobs(asked, std::move(jobs));
    }

    if (state_of_pli(target->pli_n) != "READ") {
        return conflict("NOT_TO_KEY", "this pli is not read, or is put aside; look at its state");
    }
    std::vector<Work> masters;
    bool taken = false;
    bool hidden = false;
    {
        Query query(database_, "SELECT d.n, d.pli_n, d.number, d.state, d.secrecy, " + std::string(kMayBeGiven) +
                                   " FROM document d WHERE d.pli_n = ?1 AND d.master = 0 ORDER BY d.number");
        query.bind(1, target->pli_n);
        query.bind(2, open.medical());
        while (query.next()) {
            Work work{query.integer(0), query.integer(1), query.integer(2), query.text(3), query.text(4)};
            if (target->document_n != 0 && work.n != target->document_n) continue;
            taken = taken || work.state == "KEYING";
            if (!waits(work.state)) continue;
            if (query.integer(5) == 0) {
                hidden = true;
            } else {
                masters.push_back(std::move(work));
            }
        }
    }
    if (masters.empty() && taken) return conflict("KEYING_TAKEN", "somebody keys it now; take the next one");
    if (masters.empty() && hidden) {
        return conflict("NEEDS_HABILITATION", "it holds medical documents: only who is habilitated may key it");
    }
    if (masters.empty()) return conflict("NOT_TO_KEY", "it does not wait for a person; look at its state");
    v1::KeyingJobs jobs;
    *jobs.add_jobs() = job_of(lease_to(open.by(), open.medical(), target->document_n, masters));
    return remember_jobs(asked, std::move(jobs));
}

Result<v1::KeyingLease> SqlLedger::renew_keying(const Asked&, const v1::RenewKeying& renewal) {
    const auto keying = held_keying(renewal.id(), renewal.by(), renewal.fence());
    if (!keying) return pass_on(keying);
    keying_ends_[keying->n] = monotonic_ms() + options_.keying_lease.count();
    beat("keying", keying->n);
    return lease_of(*keying);
}

// Under the lease only: two people never write the same document at once. What was saved outlives the lease.
Result<v1::DraftSaved> SqlLedger::save_draft(const Asked&, const v1::SaveDraft& draft) {
    const auto keying = held_keying(draft.id(), draft.by(), draft.fence());
    if (!keying) return pass_on(keying);
    if (draft.entries_size() > kDraftEntriesMax) return invalid("DRAFT_TOO_LARGE", "save fewer fields at once");
    for (const auto& entry : draft.entries()) {
        if (entry.path().empty() || entry.path().size() > kPathBytesMax || entry.value().size() > kDraftBytesMax) {
            return invalid("DRAFT_TOO_LARGE", "a field of a draft is too long, or has no name");
        }
    }
    for (const auto& entry : draft.entries()) {
        if (entry.value().empty()) {
            run(database_, "DELETE FROM draft WHERE pli_n = ? AND keyer = ? AND path = ?", keying->pli_n, draft.by(),
                entry.path());
        } else {
            run(database_,
                "INSERT INTO draft VALUES(?,?,?,?,?) ON CONFLICT(pli_n, keyer, path) DO UPDATE SET value = "
                "excluded.value, at_ms = excluded.at_ms",
                keying->pli_n, draft.by(), entry.path(), entry.value(), now_ms());
        }
    }
    wrote();
    run(database_,
        "DELETE FROM draft WHERE pli_n = ?1 AND keyer = ?2 AND path NOT IN (SELECT path FROM draft WHERE pli_n = ?1 "
        "AND keyer = ?2 ORDER BY at_ms DESC LIMIT ?3)",
        keying->pli_n, draft.by(), kDraftEntriesOfAPliMax);
    v1::DraftSaved saved;
    saved.set_saved_at_ms(now_ms());
    return saved;
}

Result<v1::KeyingEnded> SqlLedger::release_keying(const Asked& asked, const v1::ReleaseKeying& released) {
    auto before = answered_before<v1::KeyingEnded>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    const auto keying = held_keying(released.id(), released.by(), released.fence());
    if (!keying) return pass_on(keying);
    return remember(asked, give_back(*keying, "RELEASED", asked.actor, "RELEASED"));
}

Result<v1::KeyingEnded> SqlLedger::hold_keying(const Asked& asked, const v1::HoldKeying& held) {
    auto before = answered_before<v1::KeyingEnded>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    if (held.code().empty()) return invalid("CODE_REQUIRED", "say why it is put on hold");
    const auto keying = held_keying(held.id(), held.by(), held.fence());
    if (!keying) return pass_on(keying);
    const std::vector<Work> masters = held_by(*keying);
    close_keying(*keying, "HELD");
    act(keying->pli_n, 0, "HOLD", asked.actor, held.note().empty() ? held.code() : held.note());
    fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
    for (const Work& master : masters) {
        run(database_, "UPDATE document SET sent_note = ? WHERE n = ?", held.note(), master.n);
        for (const std::int64_t n : family_of(master.n)) {
            move_document(n, "HELD", asked.actor, held.code(), fmt::format("lease {}", keying->n));
        }
    }
    return remember(asked, rows_of(masters));
}

Result<v1::KeyingEnded> SqlLedger::send_keying(const Asked& asked, const v1::SendKeying& sent) {
    auto before = answered_before<v1::KeyingEnded>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    if (sent.to().empty() == sent.skill().empty()) {
        return invalid("SEND_TO_REQUIRED", "name a colleague or a skill, one of them");
    }
    if (sent.skill().find('|') != std::string::npos) return invalid("SEND_TO_REQUIRED", "a skill is a plain word");
    const auto keying = held_keying(sent.id(), sent.by(), sent.fence());
    if (!keying) return pass_on(keying);
    act(keying->pli_n, 0, "SEND", asked.actor, sent.note());
    for (const Work& master : held_by(*keying)) {
        run(database_, "UPDATE document SET sent_to = ?, skill = ?, sent_note = ? WHERE n = ?", sent.to(), sent.skill(),
            sent.note(), master.n);
    }
    return remember(asked, give_back(*keying, "SENT", asked.actor, "SENT"));
}

}  // namespace pleiade::ledger
