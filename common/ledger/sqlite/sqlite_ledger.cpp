#include "common/ledger/sqlite/sqlite_ledger.h"

#include <sodium.h>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sqlite/injected.h"
#include "common/ledger/sqlite/schema.h"

namespace pleiade::ledger {
namespace {

Database& migrated(Database& database) {
    migrate(database);
    return database;
}

}  // namespace

SqliteLedger::SqliteLedger(const LedgerOptions& options)
    : options_(options),
      guard_(options.folder),
      database_(store_path(options.folder), Database::Mode::Write),
      chain_(migrated(database_)),
      totals_(Totals::load(database_)),
      random_(options.seed != 0 ? options.seed : std::random_device{}()),
      nir_digest_(NirDigest::open_or_create(options.folder)) {
    PLEIADE_CHECK(options_.clock != nullptr);
    database_.execute_script("PRAGMA wal_autocheckpoint=" + std::to_string(options_.journal_pages_max));
    fail_if(PLEIADE_FAILPOINT("ledger.recovery"));
    database_.execute_script("BEGIN IMMEDIATE");
    refresh_nirs();
    run(database_, "UPDATE epoch SET epoch = epoch + 1");
    {
        Query query(database_, "SELECT epoch FROM epoch");
        query.next();
        epoch_ = static_cast<std::uint64_t>(query.integer(0));
    }
    // The monotonic clock of another life means nothing: back-offs and leases get one fresh period.
    run(database_, "UPDATE task SET next_at = ? + backoff_ms WHERE state = 'WAITING'", monotonic_ms());
    audit({.kind = "ledger.opened", .actor = "hub", .ref = std::to_string(epoch_)});
    chain_.store_head();
    database_.execute_script("COMMIT");
    dirty_ = false;

    Query leased(database_, "SELECT n, stage FROM task WHERE state = 'LEASED'");
    while (leased.next()) lease_ends_[leased.integer(0)] = monotonic_ms() + lease_length(leased.text(1)).count();
    Query taken(database_, "SELECT n, lease_ms FROM delivery WHERE state = 'TAKEN'");
    while (taken.next()) take_ends_[taken.integer(0)] = monotonic_ms() + taken.integer(1);
    Query keyed(database_, "SELECT n FROM keying WHERE state = 'OPEN'");
    while (keyed.next()) keying_ends_[keyed.integer(0)] = monotonic_ms() + options_.keying_lease.count();
    Query wanted(database_, "SELECT value FROM setting WHERE name = 'readers_wanted'");
    if (wanted.next()) readers_wanted_ = std::stoi(wanted.text(0));
}

SqliteLedger::~SqliteLedger() {
    if (in_batch_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

std::int64_t SqliteLedger::now_ms() const {
    return options_.clock->now().time_since_epoch().count();
}
std::int64_t SqliteLedger::monotonic_ms() const {
    return options_.clock->monotonic().time_since_epoch().count();
}

void SqliteLedger::begin() {
    PLEIADE_CHECK(!in_batch_);
    fail_if(PLEIADE_FAILPOINT("ledger.begin"));
    run(database_, "BEGIN IMMEDIATE");
    in_batch_ = true;
    // The lock keeps a second hub out; this catches one that got past it (a folder copied back, a lock lost).
    Query query(database_, "SELECT epoch FROM epoch");
    if (!query.next() || static_cast<std::uint64_t>(query.integer(0)) != epoch_) {
        throw StoreError("LEDGER_TAKEN_OVER: another hub has opened this ledger; this one ends", SQLITE_BUSY);
    }
}

bool SqliteLedger::commit() {
    PLEIADE_CHECK(in_batch_);
    if (!dirty_) {
        run(database_, "ROLLBACK");
        in_batch_ = false;
        return false;
    }
    if (totals_changed_) {
        const std::string broken = totals_.broken_equation();
        if (!broken.empty())
            throw StoreError("conservation is broken (" + broken + "); nothing was committed", SQLITE_CONSTRAINT);
        totals_.store(database_);
    }
    chain_.store_head();
    fail_if(PLEIADE_FAILPOINT("ledger.before_commit"));
    run(database_, "COMMIT");
    in_batch_ = false;
    dirty_ = false;
    totals_changed_ = false;
    fail_if(PLEIADE_FAILPOINT("ledger.after_commit"));
    if (!after_commit_.empty()) {
        begin();
        for (const auto& late : std::exchange(after_commit_, {})) late();
        commit();
    }
    return true;
}

std::int64_t SqliteLedger::audit(const AuditEntry& entry) {
    fail_if(PLEIADE_FAILPOINT("ledger.before_audit"));
    dirty_ = true;
    return chain_.append(entry, now_ms());
}

std::string SqliteLedger::state_of_pli(std::int64_t pli_n) {
    Query query(database_, "SELECT state FROM pli WHERE n = ?", pli_n);
    PLEIADE_CHECK(query.next());
    return query.text(0);
}

void SqliteLedger::act(std::int64_t pli_n, std::int64_t number, const std::string& verb, const std::string& actor,
                       const std::string& reason) {
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

void SqliteLedger::note_search(const Asked& asked, int found) {
    audit({.kind = "search.nir", .actor = asked.actor, .detail = std::to_string(found)});
}

void SqliteLedger::count(Total total, std::int64_t by) {
    if (by == 0) return;
    totals_.add(total, by);
    totals_changed_ = true;
    dirty_ = true;
}

void SqliteLedger::move_pli(std::int64_t pli_n, std::string_view from, std::string_view to, AuditEntry entry) {
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

Result<std::optional<std::string>> SqliteLedger::reply_of(const Asked& asked, const std::string& type) {
    if (asked.idempotency_key.empty()) return std::optional<std::string>{};
    Query query(database_, "SELECT type, request_sha256, reply FROM inbox WHERE key = ?", asked.idempotency_key);
    if (!query.next()) return std::optional<std::string>{};
    const std::string before = query.text(1);
    if (query.text(0) != type || (!asked.request_sha256.empty() && before != asked.request_sha256)) {
        return conflict("KEY_REUSED", "this idempotency key has served for another request; use a new one");
    }
    return std::optional<std::string>(query.text(2));
}

void SqliteLedger::remember_reply(const Asked& asked, const std::string& type, const std::string& reply) {
    if (asked.idempotency_key.empty()) return;
    run(database_, "INSERT INTO inbox(key, type, request_sha256, reply, at_ms) VALUES(?,?,?,?,?)",
        asked.idempotency_key, type, asked.request_sha256, Blob{reply}, now_ms());
    dirty_ = true;
}

void SqliteLedger::want_readers(const Asked& asked, int readers) {
    readers_wanted_ = readers;
    run(database_,
        "INSERT INTO setting VALUES('readers_wanted', ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        std::to_string(readers));
    audit({.kind = "workers.wanted", .actor = asked.actor, .detail = std::to_string(readers)});
}

std::unique_ptr<Ledger> open_sqlite_ledger(const LedgerOptions& options) {
    return std::make_unique<SqliteLedger>(options);
}

std::string pli_id_of(const std::string& registration_key) {
    const std::string digest = is_sha256_hex(registration_key) ? registration_key : sha256_hex(registration_key);
    return digest.substr(0, 32);
}

}  // namespace pleiade::ledger
