#include "services/hub/workers.h"

#include <algorithm>

namespace pleiade::hub {
namespace {

// A worker at work speaks every third of its lease (30 s for reading).
constexpr std::chrono::seconds kGoneAfterAtWork{30};
constexpr std::chrono::seconds kGoneAfterIdle{5};
// Gone workers stay visible for a while, so that a person sees that one is missing.
constexpr std::chrono::minutes kForgottenAfter{10};
constexpr std::size_t kWorkersMax = 1'000;
constexpr std::int64_t kRetryMsMin = 20;
constexpr std::int64_t kRetryMsMax = 500;

}  // namespace

Workers::Advice Workers::ready(const std::string& peer, const v1::Ready& ready) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.monotonic();
    if (workers_.size() > kWorkersMax) {
        std::erase_if(workers_, [&](const auto& item) { return now - item.second.seen > kGoneAfterAtWork; });
    }
    Worker& worker = workers_[ready.worker()];
    if (worker.incarnation != ready.started_at_ms()) {
        worker = Worker{};
        worker.incarnation = ready.started_at_ms();
    }
    worker.peer = peer;
    const std::int64_t now_ms = clock_.now().time_since_epoch().count();
    v1::WorkerRow& row = worker.row;
    row.set_worker(ready.worker());
    *row.mutable_stages() = ready.stages();
    if (!row.task().empty() || row.since_ms() == 0) row.set_since_ms(now_ms);
    row.clear_task();
    row.clear_pli_id();
    row.set_last_seen_ms(now_ms);
    row.set_done(ready.counters().done());
    row.set_failed(ready.counters().failed());
    row.set_stale(ready.counters().stale());
    row.set_cpu_ms(ready.counters().cpu_ms());
    row.set_rss_bytes(ready.counters().rss_bytes());
    worker.seen = now;
    worker.left = ready.credit() <= 0;
    const int rounds = std::min(worker.idle_rounds++, 8);
    return {worker.draining, std::min(kRetryMsMin << rounds, kRetryMsMax)};
}

void Workers::leased(const std::string& name, const std::string& task_id, const std::string& pli_id) {
    const std::lock_guard lock(mutex_);
    const auto found = workers_.find(name);
    if (found == workers_.end()) return;
    found->second.row.set_task(task_id);
    found->second.row.set_pli_id(pli_id);
    found->second.row.set_since_ms(clock_.now().time_since_epoch().count());
    found->second.idle_rounds = 0;
}

// Over ipc:// a socket has the worker's name, over tcp:// one of its own.
Workers::Worker* Workers::at(const std::string& peer) {
    if (const auto named = workers_.find(peer); named != workers_.end()) return &named->second;
    const auto found = std::ranges::find_if(workers_, [&](const auto& item) { return item.second.peer == peer; });
    return found == workers_.end() ? nullptr : &found->second;
}

void Workers::renewed(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    Worker* const worker = at(peer);
    if (worker == nullptr) return;
    worker->row.set_last_seen_ms(clock_.now().time_since_epoch().count());
    worker->seen = clock_.monotonic();
}

void Workers::ended(const std::string& peer) {
    renewed(peer);
    const std::lock_guard lock(mutex_);
    Worker* const worker = at(peer);
    if (worker == nullptr) return;
    worker->row.clear_task();
    worker->row.clear_pli_id();
    worker->row.set_since_ms(clock_.now().time_since_epoch().count());
}

bool Workers::drain(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = workers_.find(name);
    if (found == workers_.end()) return false;
    found->second.draining = true;
    return true;
}

v1::Workers Workers::list(int readers_wanted) const {
    const std::lock_guard lock(mutex_);
    v1::Workers list;
    list.set_readers_wanted(readers_wanted);
    const auto now = clock_.monotonic();
    for (const auto& [name, worker] : workers_) {
        if (now - worker.seen > kForgottenAfter) continue;
        v1::WorkerRow& row = *list.add_workers();
        row = worker.row;
        const bool at_work = !row.task().empty();
        const bool gone = worker.left || now - worker.seen > (at_work ? kGoneAfterAtWork : kGoneAfterIdle);
        row.set_state(gone ? "gone" : worker.draining ? "draining" : at_work ? "working" : "idle");
    }
    return list;
}

}  // namespace pleiade::hub
