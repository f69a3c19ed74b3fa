#include "services/ingest/ingest_metrics.h"

namespace pleiade::ingest {
namespace {

auto& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

auto& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

}  // namespace

IngestMetrics::IngestMetrics(prometheus::Registry& registry)
    : lots_(counters(registry, "pleiade_ingest_lots_total", "Lots and loose files that left the inbox")),
      plis_(counters(registry, "pleiade_ingest_plis_total", "Plis of the lots that left the inbox")),
      rejections_(counters(registry, "pleiade_ingest_rejections_total", "Lots and plis rejected, by reason")),
      errors_(counters(registry, "pleiade_ingest_errors_total", "Attempts that failed and will be made again")),
      backlog_(gauges(registry, "pleiade_ingest_backlog", "What stands in the inbox")),
      bytes_(counters(registry, "pleiade_ingest_bytes_total", "Bytes of the files received").Add({})),
      pages_(counters(registry, "pleiade_ingest_pages_total", "Page images registered").Add({})),
      last_lot_(
          gauges(registry, "pleiade_ingest_last_lot_timestamp_seconds", "When a lot last left the inbox").Add({})),
      disk_free_(gauges(registry, "pleiade_ingest_disk_free_bytes", "Free space of the vault's disk").Add({})),
      hub_reachable_(gauges(registry, "pleiade_ingest_hub_reachable", "1 when the hub answered last time").Add({})) {}

void IngestMetrics::finished(const LotReport& report, double unix_seconds) {
    const char* kind = report.rejection ? "rejected" : "taken";
    lots_.Add({{"outcome", kind}, {"source", report.loose_file ? "file" : "lot"}}).Increment();
    if (report.rejection) rejected(report.rejection->code);
    for (const auto& pli : report.plis) {
        plis_.Add({{"outcome", pli.rejection     ? "rejected"
                               : pli.seen_before ? "seen_before"
                                                 : "registered"}})
            .Increment();
        if (pli.rejection) rejected(pli.rejection->code);
    }
    bytes_.Increment(static_cast<double>(report.bytes()));
    pages_.Increment(report.pages());
    last_lot_.Set(unix_seconds);
}

void IngestMetrics::failed(const std::string& code) {
    errors_.Add({{"code", code}}).Increment();
}

void IngestMetrics::backlog(const InboxCount& waiting, std::size_t claimed) {
    backlog_.Add({{"kind", "lots_ready"}}).Set(waiting.lots_ready);
    backlog_.Add({{"kind", "files_ready"}}).Set(waiting.files_ready);
    backlog_.Add({{"kind", "unfinished"}}).Set(waiting.unfinished);
    backlog_.Add({{"kind", "claimed"}}).Set(static_cast<double>(claimed));
}

}  // namespace pleiade::ingest
