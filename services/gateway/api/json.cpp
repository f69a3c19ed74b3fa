#include "services/gateway/api/json.h"

#include <fmt/chrono.h>

namespace pleiade::gateway {

namespace {

void put(boost::json::object& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out[name] = value;
}

}  // namespace

std::string time_text(std::int64_t at_ms) {
    if (at_ms == 0) return {};
    const std::time_t seconds = at_ms / 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), at_ms % 1000);
}

boost::json::object status_json(const v1::Status& s) {
    boost::json::object in_flight;
    for (const auto& stage : s.in_flight()) in_flight[stage.stage()] = stage.count();
    boost::json::array queues;
    for (const auto& queue : s.queues()) queues.push_back(queue_json(queue));
    return {{"plis",
             {{"announced", s.plis_announced()},
              {"received", s.plis_received()},
              {"registered", s.plis_registered()},
              {"rejected", s.plis_rejected()},
              {"missing", s.plis_missing()},
              {"in_flight", s.plis_in_flight()},
              {"quarantined", s.plis_quarantined()},
              {"held", s.plis_held()}}},
            {"documents",
             {{"created", s.created()},
              {"in_flight", std::move(in_flight)},
              {"to_key", s.to_key()},
              {"queued", s.queued()},
              {"taken", s.taken()},
              {"delivered", s.delivered()},
              {"closed", s.closed()},
              {"returned", s.returned()},
              {"held", s.held()},
              {"rescan", s.rescan()},
              {"quarantined", s.quarantined()},
              {"rejected", s.rejected()},
              {"superseded", s.superseded()},
              {"purged", s.purged()}}},
            {"pages",
             {{"scanned", s.pages_scanned()},
              {"in_documents", s.pages_in_documents()},
              {"blank", s.pages_blank()},
              {"separator", s.pages_separator()},
              {"envelope", s.pages_envelope()},
              {"in_flight", s.pages_in_flight()}}},
            {"difference",
             {{"plis", s.difference_plis()}, {"documents", s.difference_documents()}, {"pages", s.difference_pages()}}},
            {"queues", std::move(queues)},
            {"last_event", s.last_event()}};
}

boost::json::object queue_json(const v1::QueueRow& q) {
    boost::json::object out{{"caisse", q.caisse()},
                            {"service", q.service()},
                            {"priority", q.priority()},
                            {"depth", q.depth()},
                            {"taken", q.taken()},
                            {"oldest_seconds", q.oldest_seconds()},
                            {"overdue", q.overdue()},
                            {"due_within_hour", q.due_within_hour()},
                            {"in_last_minutes", q.in_last_minutes()},
                            {"out_last_minutes", q.out_last_minutes()}};
    put(out, "next_due", q.next_due());
    return out;
}

boost::json::object row_json(const v1::DocumentRow& r) {
    boost::json::object out{{"id", r.id()},           {"pli_id", r.pli_id()},
                            {"lot", r.lot()},         {"pli", r.pli()},
                            {"type", r.type()},       {"confidence", r.confidence()},
                            {"state", r.state()},     {"received_on", r.received_on()},
                            {"secrecy", r.secrecy()}, {"pages", r.pages()},
                            {"role", r.role()}};
    put(out, "caisse", r.caisse());
    put(out, "service", r.service());
    put(out, "priority", r.priority());
    put(out, "due", r.due());
    put(out, "legal_due", r.legal_due());
    put(out, "decision", r.decision());
    put(out, "taken_by", r.taken_by());
    put(out, "reason", r.reason());
    put(out, "queued_at", time_text(r.queued_at_ms()));
    return out;
}

boost::json::object context_json(const v1::PliContext& c) {
    boost::json::object out{
        {"lot", c.lot()}, {"pli", c.pli()}, {"caisse", c.caisse()}, {"received_on", c.received_on()}};
    put(out, "file", c.file());
    put(out, "scanned_at", c.scanned_at());
    put(out, "registered_at", c.registered_at());
    put(out, "channel", c.channel());
    put(out, "registered", c.registered_mail());
    if (c.has_original_seen()) out["original_seen"] = c.original_seen();
    return out;
}

boost::json::object rejection_json(const v1::RejectionRow& r) {
    boost::json::object out{{"lot", r.lot()}, {"code", r.code()}, {"message", r.message()}};
    put(out, "pli", r.pli());
    put(out, "file", r.file());
    put(out, "at", time_text(r.at_ms()));
    return out;
}

boost::json::object worker_json(const v1::WorkerRow& w) {
    boost::json::array stages;
    for (const auto& stage : w.stages()) stages.emplace_back(stage);
    boost::json::object out{{"worker", w.worker()}, {"state", w.state()},        {"stages", std::move(stages)},
                            {"done", w.done()},     {"failed", w.failed()},      {"stale", w.stale()},
                            {"cpu_ms", w.cpu_ms()}, {"rss_bytes", w.rss_bytes()}};
    put(out, "task", w.task());
    put(out, "pli_id", w.pli_id());
    put(out, "since", time_text(w.since_ms()));
    put(out, "last_seen", time_text(w.last_seen_ms()));
    return out;
}

boost::json::object event_json(const v1::Event& e, EventDetail detail) {
    boost::json::object out{{"seq", e.seq()}, {"at", time_text(e.at_ms())}, {"kind", e.kind()}};
    put(out, "pli_id", e.pli_id());
    put(out, "document_id", e.document_id());
    put(out, "from", e.from_state());
    put(out, "to", e.to_state());
    put(out, "code", e.code());
    if (detail == EventDetail::Full) {
        put(out, "actor", e.actor());
        put(out, "detail", e.detail());
    }
    return out;
}

}  // namespace pleiade::gateway
