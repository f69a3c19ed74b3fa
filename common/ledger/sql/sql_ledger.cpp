#include "common/ledger/sql/sql_ledger.h"

#include <sodium.h>

#include <thread>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/injected.h"

namespace pleiade::ledger {

namespace {

void refuse_if_moved(Database& database) {
    Query moved(database, "SELECT value FROM setting WHERE name = 'moved_to'");
    if (!moved.next()) return;
    throw std::runtime_error("LEDGER_MOVED: this ledger was moved to " + moved.text(0) +
                             " by `pleiade store copy`; set store.url to where it is now");
}

}  // namespace

SqlLedger::SqlLedger(const LedgerOptions& options, std::unique_ptr<Database> store, std::shared_ptr<const void> guard)
    : options_(options),
      guard_(std::move(guard)),
      store_(std::move(store)),
      database_(*store_),
      chain_(database_),
      totals_(Totals::load(database_)),
      random_(options.seed != 0 ? options.seed : std::random_device{}()),
      nir_digest_(NirDigest::open_or_create(options.folder)) {
    PLEIADE_CHECK(options_.clock != nullptr);
    fail_if(PLEIADE_FAILPOINT("ledger.recovery"));
    database_.begin_write();
    refuse_if_moved(database_);  // under the lock that a copy holds until it has said so
    if (database_.shared()) follow_others();
    refresh_nirs();
    run(database_, "UPDATE epoch SET epoch = epoch + 1");
    {
        Query query(database_, "SELECT epoch FROM epoch");
        query.next();
        epoch_ = static_cast<std::uint64_t>(query.integer(0));
    }
    // The monotonic clock of another life means nothing: back-offs and leases get one fresh period.
    if (!database_.shared()) {
        run(database_, "UPDATE task SET next_at = ? + backoff_ms WHERE state = 'WAITING'", monotonic_ms());
    }
    audit({.kind = "ledger.opened", .actor = "hub", .ref = std::to_string(epoch_)});
    chain_.store_head();
    database_.commit();
    dirty_ = false;

    if (database_.shared()) {
        watch_others();
        return;
    }
    Query leased(database_, "SELECT n, stage FROM task WHERE state = 'LEASED'");
    while (leased.next()) lease_ends_[leased.integer(0)] = monotonic_ms() + lease_length(leased.text(1)).count();
    Query taken(database_, "SELECT n, lease_ms FROM delivery WHERE state = 'TAKEN'");
    while (taken.next()) take_ends_[taken.integer(0)] = monotonic_ms() + taken.integer(1);
    Query keyed(database_, "SELECT n FROM keying WHERE state = 'OPEN'");
    while (keyed.next()) keying_ends_[keyed.integer(0)] = monotonic_ms() + options_.keying_lease.count();
    Query wanted(database_, "SELECT value FROM setting WHERE name = 'readers_wanted'");
    if (wanted.next()) readers_wanted_ = std::stoi(wanted.text(0));
}

SqlLedger::~SqlLedger() {
    if (in_batch_) database_.roll_back();
}

std::int64_t SqlLedger::now_ms() const {
    return options_.clock->now().time_since_epoch().count();
}
std::int64_t SqlLedger::monotonic_ms() const {
    return options_.clock->monotonic().time_since_epoch().count();
}

void SqlLedger::begin() {
    PLEIADE_CHECK(!in_batch_);
    fail_if(PLEIADE_FAILPOINT("ledger.begin"));
    database_.begin_write();
    in_batch_ = true;
    if (database_.shared()) return follow_others();
    // The lock keeps a second hub out; this catches one that got past it (a folder copied back, a lock lost).
    Query query(database_, "SELECT epoch FROM epoch");
    if (!query.next() || static_cast<std::uint64_t>(query.integer(0)) != epoch_) {
        throw StoreError("LEDGER_TAKEN_OVER: another hub has opened this ledger; this one ends", StoreFault::InUse);
    }
}

// What other hubs have committed since our last batch.
void SqlLedger::follow_others() {
    if (!chain_.follow() && !forgotten_) return;
    totals_ = Totals::load(database_);
    forgotten_ = false;
}

// After a commit whose answer was lost. The lock is free once the database has ended that transaction, one way or the
// other, so that what is seen then stands. A batch without an entry cannot be told from one that was lost: it holds
// nothing that a repetition does not do as well.
bool SqlLedger::was_committed() {
    constexpr auto kPatience = std::chrono::seconds(5);
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (audited_) {
        try {
            database_.begin_write();
            const bool held = chain_.holds_last();
            database_.roll_back();
            return held;
        } catch (const StoreAway&) {
            if (std::chrono::steady_clock::now() >= until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    return false;
}

// The batch was lost with its connection: what memory holds of it is read again.
void SqlLedger::forget_batch() {
    database_.roll_back();
    in_batch_ = dirty_ = totals_changed_ = audited_ = false;
    forgotten_ = true;
    watched_at_ms_ = 0;
    after_commit_.clear();
}

bool SqlLedger::commit() {
    PLEIADE_CHECK(in_batch_);
    if (!dirty_) {
        database_.roll_back();
        in_batch_ = false;
        return false;
    }
    if (totals_changed_) {
        const std::string broken = totals_.broken_equation();
        if (!broken.empty())
            throw StoreError("conservation is broken (" + broken + "); nothing was committed", StoreFault::Refused);
        totals_.store(database_);
    }
    chain_.store_head();
    fail_if(PLEIADE_FAILPOINT("ledger.before_commit"));
    try {
        database_.commit();
    } catch (const CommitUnknown&) {
        if (!was_committed()) throw;
    }
    in_batch_ = false;
    dirty_ = totals_changed_ = audited_ = false;
    fail_if(PLEIADE_FAILPOINT("ledger.after_commit"));
    if (!after_commit_.empty()) {
        begin();
        for (const auto& late : std::exchange(after_commit_, {})) late();
        commit();
    }
    return true;
}

std::int64_t SqlLedger::audit(const AuditEntry& entry) {
    fail_if(PLEIADE_FAILPOINT("ledger.before_audit"));
    dirty_ = true;
    audited_ = true;
    return chain_.append(entry, now_ms());
}

std::string SqlLedger::state_of_pli(std::int64_t pli_n) {
    Query query(database_, "SELECT state FROM pli WHERE n = ?", pli_n);
    PLEIADE_CHECK(query.next());
    return query.text(0);
}

void SqlLedger::act(std::int64_t pli_n, std::int64_t number, const std::string& verb, const std::string& actor,
                    const std::string& given) {
    const std::string reason = without_nul(given);  // its digest is of what the store can hold
    const std::string state = state_of_pli(pli_n);
    const std::int64_t seq = audit({.kind = "pli.act",
                                    .pli_n = pli_n,
                                    .document = number,
                                    .actor = actor,
                                    .from_state = state,
                                    .to_state = state,
                                    .code = verb,
                                    .detail = reason.empty() ? "" : sha256_hex(reason)});
    if (!reason.empty()) run(database_, "INSERT INTO act VALUES(?,?,?)", seq, pli_n, reason);
}

void SqlLedger::note_search(const Asked& asked, int found) {
    audit({.kind = "search.nir", .actor = asked.actor, .detail = std::to_string(found)});
}

void SqlLedger::note_refused(const RefusedPeer& refused) {
    audit({.kind = "bus.refused",
           .actor = "hub",
           .code = refused.reason,
           .ref = refused.address,
           .detail = std::to_string(refused.count) + (refused.fingerprint.empty() ? "" : " " + refused.fingerprint)});
}

void SqlLedger::count(Total total, std::int64_t by) {
    if (by == 0) return;
    totals_.add(total, by);
    totals_changed_ = true;
    dirty_ = true;
}

void SqlLedger::move_pli(std::int64_t pli_n, std::string_view from, std::string_view to, AuditEntry entry) {
    if (from != to) {
        const int changed = run(database_, "UPDATE pli SET state = ? WHERE n = ? AND state = ?", to, pli_n, from);
        PLEIADE_CHECK(changed == 1);
        count(total_of_pli_state(from), -1);
        count(total_of_pli_state(to), 1);
    }
    entry.pli_n = pli_n;
    entry.from_state = from;
    entry.to_state = to;
    audit(entry);
}

Result<std::optional<std::string>> SqlLedger::reply_of(const Asked& asked, const std::string& type) {
    if (asked.idempotency_key.empty()) return std::optional<std::string>{};
    Query query(database_, "SELECT type, request_sha256, reply FROM inbox WHERE key = ?", asked.idempotency_key);
    if (!query.next()) return std::optional<std::string>{};
    const std::string before = query.text(1);
    if (query.text(0) != type || (!asked.request_sha256.empty() && before != asked.request_sha256)) {
        return conflict("KEY_REUSED", "this idempotency key has served for another request; use a new one");
    }
    return std::optional<std::string>(query.text(2));
}

void SqlLedger::remember_reply(const Asked& asked, const std::string& type, const std::string& reply) {
    if (asked.idempotency_key.empty()) return;
    run(database_, "INSERT INTO inbox(key, type, request_sha256, reply, at_ms) VALUES(?,?,?,?,?)",
        asked.idempotency_key, type, asked.request_sha256, Blob{reply}, now_ms());
    dirty_ = true;
}

void SqlLedger::want_readers(const Asked& asked, int readers) {
    readers_wanted_ = readers;
    run(database_,
        "INSERT INTO setting VALUES('readers_wanted', ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        std::to_string(readers));
    audit({.kind = "workers.wanted", .actor = asked.actor, .detail = std::to_string(readers)});
}

std::string pli_id_of(const std::string& registration_key) {
    const std::string digest = is_sha256_hex(registration_key) ? registration_key : sha256_hex(registration_key);
    return digest.substr(0, 32);
}

}  // namespace pleiade::ledger
