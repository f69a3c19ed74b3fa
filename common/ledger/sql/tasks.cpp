// Leases: who works on what, until when, and what happens when they do not come back.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

constexpr std::array<std::int64_t, 5> kBackoffMs = {1'000, 5'000, 30'000, 120'000, 600'000};
constexpr std::int64_t kBackoffSpreadPercent = 20;
// Lost leases that make a pli suspect: it may be what kills the workers.
constexpr std::int64_t kCrashesMax = 3;
constexpr std::size_t kCrashWorkersMin = 2;

std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::chrono::milliseconds SqlLedger::lease_length(std::string_view stage) const {
    return stage == "read" ? options_.read_lease : options_.route_lease;
}

void SqlLedger::add_task(std::int64_t pli_n, std::string_view stage, bool registered_mail, const std::string& caisse) {
    run(database_, "INSERT INTO task(pli_n, stage, state, rank, caisse) VALUES(?,?,'READY',?,?)", pli_n, stage,
        registered_mail ? 0 : 1, caisse);
    count(total_of_stage(stage), 1);
}

std::optional<SqlLedger::Task> SqlLedger::task_of(std::int64_t pli_n, std::string_view stage) {
    std::int64_t n = 0;
    {
        Query query(database_, "SELECT n FROM task WHERE pli_n = ? AND stage = ?", pli_n, stage);
        if (!query.next()) return std::nullopt;
        n = query.integer(0);
    }
    return find_task(n);
}

void SqlLedger::open_task(std::int64_t pli_n, std::string_view stage) {
    const auto task = task_of(pli_n, stage);
    if (!task) {
        bool registered_mail = false;
        std::string caisse;
        {
            Query pli(database_, "SELECT registered_mail, caisse FROM pli WHERE n = ?", pli_n);
            PLEIADE_CHECK(pli.next());
            registered_mail = pli.integer(0) != 0;
            caisse = pli.text(1);
        }
        add_task(pli_n, stage, registered_mail, caisse);
        return;
    }
    if (task->state == "DONE" || task->state == "DEAD") count(total_of_stage(stage), 1);
    // The fence stays: the next lease moves it on, and until then nothing is LEASED under it.
    run(database_,
        "UPDATE task SET state = 'READY', attempts = 0, crashes = 0, crash_workers = '', backoff_ms = 0, next_at = 0, "
        "result_sha256 = '' WHERE n = ?",
        task->n);
    lease_ends_.erase(task->n);
    wrote();
}

void SqlLedger::close_task(std::int64_t pli_n, std::string_view stage) {
    const auto task = task_of(pli_n, stage);
    if (!task || task->state == "DONE" || task->state == "DEAD") return;
    run(database_, "UPDATE task SET state = 'DEAD' WHERE n = ?", task->n);
    lease_ends_.erase(task->n);
    count(total_of_stage(stage), -1);
}

std::optional<SqlLedger::Task> SqlLedger::find_task(std::int64_t n) {
    Query query(
        database_,
        "SELECT n, pli_n, stage, state, fence, attempts, crashes, crash_workers, worker, incarnation, request_id, "
        "result_sha256 FROM task WHERE n = ?",
        n);
    if (!query.next()) return std::nullopt;
    return Task{
        query.integer(0), query.integer(1), query.text(2), query.text(3), static_cast<std::uint64_t>(query.integer(4)),
        query.integer(5), query.integer(6), query.text(7), query.text(8), query.integer(9),
        query.text(10),   query.text(11)};
}

std::optional<SqlLedger::Task> SqlLedger::task_leased_at(const std::string& task_id, std::uint64_t fence) {
    const auto n = number(task_id);
    if (!n) return std::nullopt;
    auto task = find_task(*n);
    if (!task || task->state != "LEASED" || task->fence != fence) return std::nullopt;
    return task;
}

// Registered mail before all else; then one caisse after the other, so that a caisse with ten thousand plis does not
// make another's ten wait; in a caisse, order of arrival.
std::optional<std::int64_t> SqlLedger::next_ready(const std::string& stage) {
    for (int rank = 0; rank <= 1; ++rank) {
        std::string& last = last_caisse_[fmt::format("{}/{}", stage, rank)];
        for (const std::string& after : {last, std::string()}) {
            Query query(database_,
                        "SELECT caisse, n FROM task WHERE state = 'READY' AND stage = ? AND rank = ? AND caisse > ? "
                        "ORDER BY caisse, n LIMIT 1 /*skip locked*/",
                        stage, rank, after);
            if (query.next()) {
                last = query.text(0);
                return query.integer(1);
            }
            if (after.empty()) break;
        }
        // A caisse without a name sorts before every other.
        Query unnamed(database_,
                      "SELECT n FROM task WHERE state = 'READY' AND stage = ? AND rank = ? AND caisse = '' "
                      "ORDER BY n LIMIT 1 /*skip locked*/",
                      stage, rank);
        if (unnamed.next()) {
            last.clear();
            return unnamed.integer(0);
        }
    }
    return std::nullopt;
}

std::optional<GrantedTask> SqlLedger::lease(const TaskRequest& request) {
    std::vector<std::int64_t> held;
    {
        Query query(database_, "SELECT n FROM task WHERE state = 'LEASED' AND worker = ?", request.worker);
        while (query.next()) held.push_back(query.integer(0));
    }
    if (PLEIADE_PLANTED_BUG("credit_plus_one")) held.clear();
    for (const std::int64_t n : held) {
        const Task task = *find_task(n);
        if (task.incarnation == request.incarnation && task.request_id == request.request_id) {
            lease_ends_[n] = monotonic_ms() + lease_length(task.stage).count();
            beat("task", n);
            GrantedTask again = granted(task);
            again.again = true;
            return again;
        }
        lose(task, task.incarnation == request.incarnation ? "LEASE_ABANDONED" : "WORKER_RESTARTED");
    }
    for (const std::string& stage : request.stages) {
        if (const auto n = next_ready(stage)) return grant(*find_task(*n), request);
    }
    return std::nullopt;
}

GrantedTask SqlLedger::grant(Task task, const TaskRequest& request) {
    task.fence += 1;
    task.attempts += 1;
    run(database_,
        "UPDATE task SET state = 'LEASED', fence = ?, attempts = ?, worker = ?, incarnation = ?, request_id = ? WHERE "
        "n = ?",
        task.fence, task.attempts, request.worker, request.incarnation, Blob{request.request_id}, task.n);
    lease_ends_[task.n] = monotonic_ms() + lease_length(task.stage).count();
    beat("task", task.n);
    AuditEntry entry{
        .actor = request.worker, .ref = std::to_string(task.n), .detail = fmt::format("fence {}", task.fence)};
    if (task.stage == "read") {
        entry.kind = "pli.reading";
        move_pli(task.pli_n, "REGISTERED", "READING", entry);
    } else {
        entry.kind = "pli.routing";
        move_pli(task.pli_n, "READ", "READ", entry);
    }
    return granted(task);
}

GrantedTask SqlLedger::granted(const Task& task) {
    GrantedTask result{std::to_string(task.n), task.fence, false, {}};
    v1::Lease& lease = result.lease;
    lease.set_stage(task.stage);
    lease.set_lease_ms(lease_length(task.stage).count());
    lease.set_attempt(static_cast<std::int32_t>(task.attempts));
    {
        Query pli(database_, "SELECT id, context FROM pli WHERE n = ?", task.pli_n);
        PLEIADE_CHECK(pli.next());
        lease.set_pli_id(pli.text(0));
        parse_stored(*lease.mutable_context(), pli.text(1));
    }
    fill_files(database_, task.pli_n, *lease.mutable_files(), *lease.mutable_pages());
    if (task.stage == "route") {
        Query reading(database_, "SELECT reading FROM reading WHERE pli_n = ?", task.pli_n);
        PLEIADE_CHECK(reading.next());
        parse_stored(*lease.mutable_reading(), reading.text(0));
    }
    return result;
}

Verdict SqlLedger::renew(const std::string& task_id, std::uint64_t fence) {
    const auto task = task_leased_at(task_id, fence);
    if (!task) return Verdict::Stale;
    lease_ends_[task->n] = monotonic_ms() + lease_length(task->stage).count();
    beat("task", task->n);
    return Verdict::Accepted;
}

std::optional<std::string> SqlLedger::holder(const std::string& task_id, std::uint64_t fence) {
    const auto task = task_leased_at(task_id, fence);
    return task ? std::optional(task->worker) : std::nullopt;
}

void SqlLedger::complete(const Task& task, const std::string& result_sha256) {
    run(database_, "UPDATE task SET state = 'DONE', result_sha256 = ? WHERE n = ?", result_sha256, task.n);
    lease_ends_.erase(task.n);
    count(total_of_stage(task.stage), -1);
}

Result<Verdict> SqlLedger::finish(const std::string& task_id, std::uint64_t fence, const std::string& result_sha256,
                                  const v1::Done& done) {
    const auto n = number(task_id);
    const auto task = n ? find_task(*n) : std::nullopt;
    if (!task) return Verdict::Stale;
    if (task->fence != fence && !PLEIADE_PLANTED_BUG("no_fence_check")) return Verdict::Stale;
    // The same result, said again because its Ack was lost.
    if (task->state == "DONE" && task->result_sha256 == result_sha256) return Verdict::Accepted;
    if (task->state != "LEASED") return Verdict::Stale;

    Result<void> applied = invalid("RESULT_INVALID", "the result is not one of stage " + task->stage);
    if (task->stage == "read" && done.has_reading()) applied = apply_reading(*task, done.reading());
    if (task->stage == "route" && done.has_decisions()) applied = apply_decisions(*task, done.decisions());
    if (!applied) {
        quarantine(*task, applied.error().code, applied.error().message);
        return pass_on(applied);
    }
    complete(*task, result_sha256);
    return Verdict::Accepted;
}

Verdict SqlLedger::give_up(const std::string& task_id, std::uint64_t fence, const v1::Nack& nack) {
    const auto task = task_leased_at(task_id, fence);
    if (!task) return Verdict::Stale;
    retry_or_quarantine(*task, false, nack.class_() != "transient", nack.code(), nack.message());
    return Verdict::Accepted;
}

// The worker is gone without a word.
void SqlLedger::lose(const Task& lost, const std::string& code) {
    Task task = lost;
    auto workers = split(task.crash_workers, '|');
    std::erase(workers, "");
    if (std::find(workers.begin(), workers.end(), task.worker) == workers.end()) workers.push_back(task.worker);
    task.crashes += 1;
    task.crash_workers = fmt::format("{}", fmt::join(workers, "|"));
    run(database_, "UPDATE task SET crashes = ?, crash_workers = ? WHERE n = ?", task.crashes, task.crash_workers,
        task.n);
    const bool suspect = task.crashes >= kCrashesMax && workers.size() >= kCrashWorkersMin;
    retry_or_quarantine(task, task.crashes == 1, suspect, code, "the lease was lost without an answer");
}

void SqlLedger::retry_or_quarantine(const Task& task, bool at_once, bool hopeless, const std::string& code,
                                    const std::string& message) {
    if (hopeless || task.attempts >= options_.attempts_max) {
        quarantine(task, code, message);
        return;
    }
    std::int64_t backoff = 0;
    if (!at_once) {
        const auto step = std::clamp<std::int64_t>(task.attempts - 1, 0, kBackoffMs.size() - 1);
        backoff = kBackoffMs.at(static_cast<std::size_t>(step));
        std::uniform_int_distribution<std::int64_t> spread(-kBackoffSpreadPercent, kBackoffSpreadPercent);
        backoff += backoff * spread(random_) / 100;
    }
    run(database_, "UPDATE task SET state = ?, backoff_ms = ?, next_at = ? WHERE n = ?", at_once ? "READY" : "WAITING",
        backoff, backoff_clock_ms() + backoff, task.n);
    lease_ends_.erase(task.n);
    AuditEntry entry{.kind = "pli.retry",
                     .actor = task.worker,
                     .code = code,
                     .ref = std::to_string(task.n),
                     .detail = fmt::format("fence {} attempt {} in {} ms", task.fence, task.attempts, backoff)};
    if (task.stage == "read") {
        move_pli(task.pli_n, "READING", "REGISTERED", entry);
    } else {
        move_pli(task.pli_n, "READ", "READ", entry);
    }
}

// A place for people, never a drop: the pli, its pages and what was read of it stay counted there.
void SqlLedger::quarantine(const Task& task, const std::string& code, const std::string& message) {
    run(database_, "UPDATE task SET state = 'DEAD' WHERE n = ?", task.n);
    lease_ends_.erase(task.n);
    if (PLEIADE_PLANTED_BUG("quarantine_drops")) return wrote();
    count(total_of_stage(task.stage), -1);
    run(database_, "INSERT INTO quarantine(pli_n, stage, code, message, attempts, at_ms) VALUES(?,?,?,?,?,?)",
        task.pli_n, task.stage, code, message, task.attempts, now_ms());
    move_pli(task.pli_n, task.stage == "read" ? "READING" : "READ", "QUARANTINED",
             {.kind = "pli.quarantined",
              .actor = task.worker,
              .code = code,
              .ref = std::to_string(task.n),
              .detail = fmt::format("fence {} attempt {}", task.fence, task.attempts)});
    std::vector<std::int64_t> documents;
    {
        Query query(database_, "SELECT n FROM document WHERE pli_n = ? AND state = 'READ'", task.pli_n);
        while (query.next()) documents.push_back(query.integer(0));
    }
    for (const std::int64_t document : documents) move_document(document, "QUARANTINED", task.worker, code, "");
}

Expired SqlLedger::expire() {
    const std::int64_t now = monotonic_ms();
    watch_others();
    Expired expired;
    std::vector<std::int64_t> over;
    for (const auto& [n, end] : lease_ends_) {
        if (end <= now) over.push_back(n);
    }
    for (const std::int64_t n : over) {
        fail_if(PLEIADE_FAILPOINT("ledger.expiry"));
        lose(*find_task(n), "LEASE_EXPIRED");
        ++expired.tasks;
    }
    over.clear();
    for (const auto& [n, end] : take_ends_) {
        if (end <= now) over.push_back(n);
    }
    for (const std::int64_t n : over) {
        const Delivery delivery = *find_delivery(n);
        move_delivery(delivery, "QUEUED", "delivery.lapsed", "hub", "LEASE_EXPIRED");
        follow_deliveries(delivery.document_n, "hub");
        ++expired.documents;
    }
    over.clear();
    for (const auto& [n, end] : keying_ends_) {
        if (end <= now) over.push_back(n);
    }
    for (const std::int64_t n : over) {
        fail_if(PLEIADE_FAILPOINT("ledger.keying_expiry"));
        give_back(*find_keying(n), "LAPSED", "hub", "LEASE_EXPIRED");
        ++expired.keyings;
    }
    expired.resumed =
        run(database_,
            database_.shared() ? "UPDATE task SET state = 'READY' WHERE state = 'WAITING' AND (next_at <= "
                                 "?1 OR next_at > ?1 + backoff_ms)"
                               : "UPDATE task SET state = 'READY' WHERE state = 'WAITING' AND next_at <= ?1",
            backoff_clock_ms());
    if (expired.resumed > 0) wrote();
    return expired;
}

}  // namespace pleiade::ledger
