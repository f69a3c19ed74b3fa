// The hub's figures for Prometheus. Labels are bounded: stages, states, queues, workers; never a pli.
// Concurrency: `observe` and `refused` by one thread, `committed` by another, scraping by a third.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "common/domain/arrivals.h"
#include "common/wire/messages.h"
#include "services/hub/flow_counts.h"

namespace pleiade::hub {

class Metrics {
  public:
    explicit Metrics(std::shared_ptr<prometheus::Registry> registry);

    void committed(double seconds, int messages);
    // Totals by reason of what was refused on the bus.
    void refused(const std::map<std::string, std::uint64_t>& totals);
    void observe(MonotonicTime now, const v1::Status& status, const v1::Workers& workers, const FlowCounts& counts);

  private:
    using Labels = std::map<std::string, std::string>;
    prometheus::Family<prometheus::Gauge>& gauges(const std::string& name, const std::string& help);
    prometheus::Family<prometheus::Counter>& counters(const std::string& name, const std::string& help);
    // A counter of ours that follows one kept elsewhere, which may start again from nothing.
    void follow(prometheus::Family<prometheus::Counter>& family, const Labels& labels, double value);
    void observe_queues(const v1::Status& status);
    void observe_workers(const v1::Workers& workers);
    void observe_reading(MonotonicTime now, const v1::Status& status, const v1::Workers& workers);

    std::shared_ptr<prometheus::Registry> registry_;
    prometheus::Family<prometheus::Gauge>& documents_;
    prometheus::Family<prometheus::Gauge>& plis_;
    prometheus::Family<prometheus::Gauge>& in_flight_;
    prometheus::Family<prometheus::Gauge>& remainder_;
    prometheus::Family<prometheus::Gauge>& queue_items_;
    prometheus::Family<prometheus::Gauge>& queue_age_;
    prometheus::Family<prometheus::Gauge>& queue_overdue_;
    prometheus::Family<prometheus::Gauge>& worker_up_;
    prometheus::Family<prometheus::Gauge>& worker_memory_;
    prometheus::Family<prometheus::Counter>& received_;
    prometheus::Family<prometheus::Counter>& created_;
    prometheus::Family<prometheus::Counter>& transitions_;
    prometheus::Family<prometheus::Counter>& messages_;
    prometheus::Family<prometheus::Counter>& refused_;
    prometheus::Family<prometheus::Counter>& tasks_;
    prometheus::Family<prometheus::Counter>& worker_tasks_;
    prometheus::Family<prometheus::Counter>& worker_cpu_;
    prometheus::Family<prometheus::Counter>& files_;
    prometheus::Family<prometheus::Counter>& file_bytes_;
    // What an autoscaler of readers follows.
    prometheus::Gauge& unread_age_due_ratio_;
    prometheus::Gauge& unread_per_reader_;
    prometheus::Gauge& readers_wanted_;
    Arrivals arrivals_;
    prometheus::Histogram& commit_seconds_;
    prometheus::Histogram& commit_messages_;
    std::map<std::pair<const void*, Labels>, double> followed_;
    std::map<Labels, bool> queues_;  // seen before, so that one that empties shows 0
};

}  // namespace pleiade::hub
