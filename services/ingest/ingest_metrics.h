// What an operator watches of ingest: /metrics.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>

#include "services/ingest/inbox.h"
#include "services/ingest/lot_report.h"

namespace pleiade::ingest {

// Thread-safe, as the registry is.
class IngestMetrics {
  public:
    explicit IngestMetrics(prometheus::Registry& registry);

    void finished(const LotReport& report, double unix_seconds);
    void failed(const std::string& code);  // something to try again; also counts crashes that were caught
    void backlog(const InboxCount& waiting, std::size_t claimed);
    void disk_free(std::uint64_t bytes) { disk_free_.Set(static_cast<double>(bytes)); }
    void hub_reachable(bool reachable) { hub_reachable_.Set(reachable ? 1 : 0); }

  private:
    void rejected(const std::string& code) { rejections_.Add({{"code", code}}).Increment(); }

    prometheus::Family<prometheus::Counter>& lots_;
    prometheus::Family<prometheus::Counter>& plis_;
    prometheus::Family<prometheus::Counter>& rejections_;
    prometheus::Family<prometheus::Counter>& errors_;
    prometheus::Family<prometheus::Gauge>& backlog_;
    prometheus::Counter& bytes_;
    prometheus::Counter& pages_;
    prometheus::Gauge& last_lot_;
    prometheus::Gauge& disk_free_;
    prometheus::Gauge& hub_reachable_;
};

}  // namespace pleiade::ingest
