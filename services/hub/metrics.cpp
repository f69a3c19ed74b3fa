#include "services/hub/metrics.h"

#include <algorithm>

#include "common/domain/readers_wanted.h"

namespace pleiade::hub {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

}  // namespace

Metrics::Metrics(std::shared_ptr<prometheus::Registry> registry)
    : registry_(std::move(registry)),
      documents_(gauges("pleiade_documents", "Documents by state")),
      plis_(gauges("pleiade_plis", "Plis by state")),
      in_flight_(gauges("pleiade_stage_items", "Plis in flight by stage")),
      remainder_(gauges("pleiade_conservation_remainder", "What the conservation equations do not explain; must be 0")),
      queue_items_(gauges("pleiade_queue_items", "Documents that wait in a queue")),
      queue_age_(gauges("pleiade_queue_oldest_age_seconds", "Age of the oldest document that waits in a queue")),
      queue_overdue_(gauges("pleiade_queue_overdue_items", "Documents of a queue past their due date")),
      worker_up_(gauges("pleiade_worker_up", "1 while the worker reports")),
      worker_memory_(gauges("pleiade_worker_resident_bytes", "Resident memory of a worker")),
      received_(counters("pleiade_plis_received_total", "Plis received, by outcome")),
      created_(counters("pleiade_documents_created_total", "Documents found in plis")),
      transitions_(counters("pleiade_transitions_total", "Entries of the audit journal")),
      messages_(counters("pleiade_hub_messages_total", "Messages handled since the hub started, by outcome")),
      refused_(counters("pleiade_bus_refused_total", "Connections and messages refused on the bus, by reason")),
      tasks_(counters("pleiade_tasks_total", "Leases since the hub started, by outcome")),
      worker_tasks_(counters("pleiade_worker_tasks_total", "Tasks of a worker, by outcome")),
      worker_cpu_(counters("pleiade_worker_cpu_seconds_total", "CPU time of a worker and its children")),
      files_(counters("pleiade_files_handed_over_total", "Stored files handed over whole since the hub started")),
      file_bytes_(counters("pleiade_files_handed_over_bytes_total", "Bytes of stored files handed over")),
      unread_age_due_ratio_(gauges("pleiade_unread_oldest_age_due_ratio",
                                   "Age of the oldest pli that waits to be read, over the hour that it may; 1 is late")
                                .Add({})),
      unread_per_reader_(gauges("pleiade_unread_plis_per_reader",
                                "Plis that wait to be read, over the readers that report (at least one)")
                             .Add({})),
      readers_wanted_(
          gauges("pleiade_readers_wanted", "Readers that somebody asked for; 0 nobody did, -1 auto").Add({})),
      commit_seconds_(prometheus::BuildHistogram()
                          .Name("pleiade_commit_duration_seconds")
                          .Help("Time of one durable commit")
                          .Register(*registry_)
                          .Add({}, Buckets{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1})),
      commit_messages_(prometheus::BuildHistogram()
                           .Name("pleiade_commit_messages")
                           .Help("Messages that one commit made durable together")
                           .Register(*registry_)
                           .Add({}, Buckets{1, 2, 4, 8, 16, 32, 64, 128, 256})) {}

prometheus::Family<prometheus::Gauge>& Metrics::gauges(const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_);
}
prometheus::Family<prometheus::Counter>& Metrics::counters(const std::string& name, const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(*registry_);
}

void Metrics::committed(double seconds, int messages) {
    commit_seconds_.Observe(seconds);
    commit_messages_.Observe(messages);
}

void Metrics::follow(prometheus::Family<prometheus::Counter>& family, const Labels& labels, double value) {
    double& before = followed_[{&family, labels}];
    const double grown = value >= before ? value - before : value;
    before = value;
    family.Add(labels).Increment(grown);
}

void Metrics::refused(const std::map<std::string, std::uint64_t>& totals) {
    for (const auto& [reason, total] : totals) follow(refused_, {{"reason", reason}}, static_cast<double>(total));
}

void Metrics::observe(MonotonicTime now, const v1::Status& status, const v1::Workers& workers,
                      const FlowCounts& counts) {
    const auto documents = [&](const char* state, std::int64_t count) {
        documents_.Add({{"state", state}}).Set(static_cast<double>(count));
    };
    documents("to_key", status.to_key());
    documents("queued", status.queued());
    documents("taken", status.taken());
    documents("delivered", status.delivered());
    documents("closed", status.closed());
    documents("returned", status.returned());
    documents("held", status.held());
    documents("rescan", status.rescan());
    documents("quarantined", status.quarantined());
    documents("rejected", status.rejected());
    documents("superseded", status.superseded());
    documents("purged", status.purged());
    for (const auto& stage : status.in_flight()) documents(("in_" + stage.stage()).c_str(), stage.count());
    plis_.Add({{"state", "missing"}}).Set(static_cast<double>(status.plis_missing()));
    plis_.Add({{"state", "held"}}).Set(static_cast<double>(status.plis_held()));
    plis_.Add({{"state", "quarantined"}}).Set(static_cast<double>(status.plis_quarantined()));
    plis_.Add({{"state", "in_flight"}}).Set(static_cast<double>(status.plis_in_flight()));
    for (const auto& stage : status.tasks())
        in_flight_.Add({{"stage", stage.stage()}}).Set(static_cast<double>(stage.count()));
    remainder_.Add({{"of", "plis"}}).Set(static_cast<double>(status.difference_plis()));
    remainder_.Add({{"of", "documents"}}).Set(static_cast<double>(status.difference_documents()));
    remainder_.Add({{"of", "pages"}}).Set(static_cast<double>(status.difference_pages()));
    follow(received_, {{"outcome", "registered"}}, static_cast<double>(status.plis_registered()));
    follow(received_, {{"outcome", "rejected"}}, static_cast<double>(status.plis_rejected()));
    follow(created_, {}, static_cast<double>(status.created()));
    follow(transitions_, {}, static_cast<double>(status.last_event()));
    follow(messages_, {{"outcome", "answered"}}, static_cast<double>(counts.messages - counts.refused));
    follow(messages_, {{"outcome", "refused"}}, static_cast<double>(counts.refused));
    follow(messages_, {{"outcome", "garbage"}}, static_cast<double>(counts.garbage));
    follow(tasks_, {{"outcome", "leased"}}, static_cast<double>(counts.leases));
    follow(tasks_, {{"outcome", "done"}}, static_cast<double>(counts.results));
    follow(tasks_, {{"outcome", "failed"}}, static_cast<double>(counts.failures));
    follow(tasks_, {{"outcome", "stale"}}, static_cast<double>(counts.stale));
    follow(tasks_, {{"outcome", "expired"}}, static_cast<double>(counts.expired));
    follow(files_, {}, static_cast<double>(counts.files));
    follow(file_bytes_, {}, static_cast<double>(counts.file_bytes));
    observe_queues(status);
    observe_workers(workers);
    observe_reading(now, status, workers);
}

void Metrics::observe_reading(MonotonicTime now, const v1::Status& status, const v1::Workers& workers) {
    std::int64_t waiting = 0;
    for (const auto& stage : status.tasks()) waiting += stage.stage() == "read" ? stage.count() : 0;
    arrivals_.note(now, status.plis_registered());
    const std::chrono::duration<double> age = arrivals_.oldest_age(now, waiting);
    const std::chrono::duration<double> due = kUnreadDue;
    unread_age_due_ratio_.Set(age / due);
    const auto readers = std::ranges::count_if(workers.workers(), [](const v1::WorkerRow& worker) {
        return worker.state() != "gone" && std::ranges::find(worker.stages(), "read") != worker.stages().end();
    });
    unread_per_reader_.Set(static_cast<double>(waiting) / static_cast<double>(std::max<std::ptrdiff_t>(1, readers)));
    readers_wanted_.Set(workers.readers_wanted());
}

void Metrics::observe_queues(const v1::Status& status) {
    for (auto& [labels, present] : queues_) present = false;
    for (const auto& queue : status.queues()) {
        const Labels labels{{"caisse", queue.caisse()}, {"service", queue.service()}, {"priority", queue.priority()}};
        queues_[labels] = true;
        queue_items_.Add(labels).Set(static_cast<double>(queue.depth()));
        queue_age_.Add(labels).Set(static_cast<double>(queue.oldest_seconds()));
        queue_overdue_.Add(labels).Set(static_cast<double>(queue.overdue()));
    }
    for (const auto& [labels, present] : queues_) {
        if (present) continue;
        queue_items_.Add(labels).Set(0);
        queue_age_.Add(labels).Set(0);
        queue_overdue_.Add(labels).Set(0);
    }
}

void Metrics::observe_workers(const v1::Workers& workers) {
    for (const auto& worker : workers.workers()) {
        const Labels labels{{"worker", worker.worker()}};
        worker_up_.Add(labels).Set(worker.state() == "gone" ? 0 : 1);
        worker_memory_.Add(labels).Set(static_cast<double>(worker.rss_bytes()));
        follow(worker_cpu_, labels, worker.cpu_ms() / 1e3);
        const auto tasks = [&](const char* outcome, std::uint64_t count) {
            follow(worker_tasks_, {{"worker", worker.worker()}, {"outcome", outcome}}, static_cast<double>(count));
        };
        tasks("done", worker.done());
        tasks("failed", worker.failed());
        tasks("stale", worker.stale());
    }
}

}  // namespace pleiade::hub
