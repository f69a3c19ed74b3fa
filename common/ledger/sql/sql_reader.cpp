#include "common/ledger/sql/sql_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <vector>

#include "common/base/check.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/snapshot.h"
#include "common/ledger/sql/times.h"
#include "common/ledger/sql/totals.h"

namespace pleiade::ledger {
namespace {

constexpr int kEventsMax = 1'000;
constexpr int kHistoryMax = 500;
constexpr std::int64_t kFlowWindowMs = 10 * 60 * 1'000;
constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

SqlReader::SqlReader(std::unique_ptr<Database> store, const std::string& folder, const Clock& clock)
    : clock_(clock), folder_(folder), store_(std::move(store)), database_(*store_) {}

v1::Status SqlReader::status() {
    const Snapshot moment(database_);
    const Totals totals = Totals::load(database_);
    v1::Status status;
    status.set_plis_announced(totals[Total::Announced]);
    status.set_plis_received(totals[Total::Received]);
    status.set_plis_registered(totals[Total::Registered]);
    status.set_plis_rejected(totals[Total::Rejected]);
    status.set_plis_missing(totals[Total::Missing]);
    status.set_created(totals[Total::Created]);
    const auto in_flight = [&](const char* stage, Total total) {
        v1::StageCount& count = *status.add_in_flight();
        count.set_stage(stage);
        count.set_count(totals[total]);
    };
    in_flight("route", Total::DocRead);
    in_flight("keying", Total::DocKeying);
    for (const auto& [stage, total] : {std::pair{"read", Total::TasksRead}, std::pair{"route", Total::TasksRoute}}) {
        v1::StageCount& count = *status.add_tasks();
        count.set_stage(stage);
        count.set_count(totals[total]);
    }
    status.set_to_key(totals[Total::DocToKey]);
    status.set_queued(totals[Total::DocQueued]);
    status.set_taken(totals[Total::DocTaken]);
    status.set_delivered(totals[Total::DocDelivered]);
    status.set_closed(totals[Total::DocClosed]);
    status.set_returned(totals[Total::DocReturned]);
    status.set_held(totals[Total::DocHeld]);
    status.set_rescan(totals[Total::DocRescan]);
    status.set_quarantined(totals[Total::DocQuarantined]);
    status.set_rejected(totals[Total::DocRejected]);
    status.set_superseded(totals[Total::DocSuperseded]);
    status.set_purged(totals[Total::DocPurged]);
    status.set_pages_scanned(totals[Total::PagesScanned]);
    status.set_pages_in_documents(totals[Total::PagesInDocuments]);
    status.set_pages_blank(totals[Total::PagesBlank]);
    status.set_pages_separator(totals[Total::PagesSeparator]);
    status.set_pages_envelope(totals[Total::PagesEnvelope]);
    status.set_pages_in_flight(totals[Total::PagesInFlight]);
    status.set_difference_plis(totals.difference_plis());
    status.set_difference_documents(totals.difference_documents());
    status.set_difference_pages(totals.difference_pages());
    status.set_plis_in_flight(totals[Total::TasksRead] + totals[Total::TasksRoute]);
    status.set_plis_quarantined(totals[Total::PliQuarantined]);
    status.set_plis_held(totals[Total::PliHeld]);
    {
        Query query(database_, "SELECT (SELECT epoch FROM epoch), (SELECT coalesce(max(seq), 0) FROM audit)");
        query.next();
        status.set_epoch(static_cast<std::uint64_t>(query.integer(0)));
        status.set_last_event(query.integer(1));
    }
    fill_queues(status);
    return status;
}

void SqlReader::fill_queues(v1::Status& status) {
    const std::int64_t now = clock_.now().time_since_epoch().count();
    std::map<std::tuple<std::string, std::string, std::string>, v1::QueueRow> queues;
    const auto row_of = [&](const Query& query) -> v1::QueueRow& {
        v1::QueueRow& row = queues[{query.text(0), query.text(1), query.text(2)}];
        row.set_caisse(query.text(0));
        row.set_service(query.text(1));
        row.set_priority(query.text(2));
        return row;
    };
    Query open(
        database_,
        "SELECT caisse, service, priority, count(*) FILTER (WHERE state = 'QUEUED'), count(*) FILTER (WHERE state = "
        "'TAKEN'), "
        "min(CASE WHEN state = 'QUEUED' THEN queued_at_ms END), min(CASE WHEN state = 'QUEUED' THEN due_ms END), "
        "count(*) FILTER (WHERE due_ms < ?1), count(*) FILTER (WHERE due_ms >= ?1 AND due_ms < ?2) FROM delivery WHERE "
        "state IN ('QUEUED','TAKEN') GROUP BY "
        "caisse, service, priority",
        now, now + kHourMs);
    while (open.next()) {
        v1::QueueRow& row = row_of(open);
        row.set_depth(open.integer(3));
        row.set_taken(open.integer(4));
        if (!open.null(5)) row.set_oldest_seconds(std::max<std::int64_t>(0, (now - open.integer(5)) / 1'000));
        if (!open.null(6)) row.set_next_due(rfc3339_utc(open.integer(6)));
        row.set_overdue(open.integer(7));
        row.set_due_within_hour(open.integer(8));
    }
    // Named: left to itself, SQLite walks every delivery there ever was in the order of the groups.
    Query in(database_,
             "SELECT caisse, service, priority, count(*) FROM delivery INDEXED BY delivery_queued_at WHERE "
             "queued_at_ms > ? GROUP BY caisse, service, priority",
             now - kFlowWindowMs);
    while (in.next()) row_of(in).set_in_last_minutes(in.integer(3));
    Query out(database_,
              "SELECT caisse, service, priority, count(*) FROM delivery INDEXED BY delivery_ended_at WHERE ended_at_ms "
              "> 0 AND ended_at_ms > ? GROUP BY caisse, service, priority",
              now - kFlowWindowMs);
    while (out.next()) row_of(out).set_out_last_minutes(out.integer(3));
    for (auto& [key, row] : queues) *status.add_queues() = std::move(row);
}

// Two lists: a queue's work (deliveries, attachments inside their master), or documents by state, pli or lot. Both
// soonest due first; the cursor is the last row's place ("due:row"), so that rows which come or go move nothing.
Result<v1::DocumentsPage> SqlReader::documents(const v1::DocumentsQuery& asked) {
    std::int64_t after_due = INT64_MIN;
    std::int64_t after_n = 0;
    if (!asked.cursor().empty()) {
        const char* const end = asked.cursor().data() + asked.cursor().size();
        const auto due = std::from_chars(asked.cursor().data(), end, after_due);
        const auto row = due.ptr < end ? std::from_chars(due.ptr + 1, end, after_n) : due;
        if (due.ec != std::errc{} || due.ptr == end || *due.ptr != ':' || row.ec != std::errc{} || row.ptr != end) {
            return invalid("CURSOR_INVALID", "the cursor is not one that a list gave; start from the beginning");
        }
    }
    const int limit = limited(asked.limit(), kRowsDefault, kRowsMax);
    const std::string& state = asked.state();
    const bool of_a_queue = !asked.caisse().empty() && !asked.service().empty() &&
                            (state.empty() || state == "QUEUED" || state == "TAKEN" || state == "CLOSED");
    const bool whole_plis = !asked.pli_id().empty() || !asked.lot().empty();

    std::string sql = fmt::format("SELECT {}", kDocumentColumns);
    std::vector<std::string> texts;
    const auto filter = [&](const char* column, const std::string& value) {
        if (value.empty()) return;
        sql += fmt::format(" AND {} = ?", column);
        texts.push_back(value);
    };
    const char* const sorted = of_a_queue ? "v" : "d";
    if (of_a_queue) {
        sql += fmt::format(
            ", {}, v.due_ms, v.n FROM delivery v JOIN document d ON d.n = v.document_n JOIN pli p ON p.n = d.pli_n "
            "JOIN lot l ON l.n = p.lot_n WHERE (v.due_ms, v.n) > (?, ?)",
            kDeliveryColumns);
        filter("v.caisse", asked.caisse());
        filter("v.service", asked.service());
        filter("v.state", state);
        if (state.empty()) sql += " AND v.state IN ('QUEUED','TAKEN')";
    } else {
        sql +=
            ", d.due_ms, d.n FROM document d JOIN pli p ON p.n = d.pli_n JOIN lot l ON l.n = p.lot_n "
            "WHERE (d.due_ms, d.n) > (?, ?)";
        if (!whole_plis) sql += " AND d.master = 0";
        filter("d.caisse", asked.caisse());
        filter("d.service", asked.service());
        filter("d.state", state);
    }
    // Of a state that documents leave again there are few, and its index leads; of an end there are many.
    const bool ended = state == "CLOSED" || state == "SUPERSEDED" || state == "PURGED" || state == "REJECTED";
    filter(of_a_queue || whole_plis || state.empty() || ended ? "d.type" : "+d.type", asked.type());
    filter("p.id", asked.pli_id());
    filter("l.lot", asked.lot());
    sql += fmt::format(" ORDER BY {0}.due_ms, {0}.n LIMIT {1}", sorted, limit + 1);

    const Snapshot moment(database_);
    Query query(database_, sql);
    int index = 0;
    query.bind(++index, after_due);
    query.bind(++index, after_n);
    for (const std::string& text : texts) query.bind(++index, text);
    v1::DocumentsPage page;
    const int place = of_a_queue ? 28 : 21;
    std::string cursor;
    while (query.next()) {
        if (page.documents_size() == limit) {
            page.set_next_cursor(cursor);
            break;
        }
        v1::DocumentRow row = document_row(query);
        if (of_a_queue) overlay_delivery(row, query, 21);
        *page.add_documents() = std::move(row);
        cursor = fmt::format("{}:{}", query.integer(place), query.integer(place + 1));
    }
    return page;
}

void SqlReader::fill_history(std::int64_t pli_n, std::int64_t document,
                             google::protobuf::RepeatedPtrField<v1::Event>& history) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM audit a JOIN pli p ON p.n = a.pli_n WHERE a.pli_n = ?1 AND a.pli_n > 0 "
        "AND (?2 = 0 OR a.document = 0 OR a.document = ?2) AND {} ORDER BY a.seq LIMIT ?3",
        kEventColumns, kMovesMail);
    Query query(database_, sql.c_str(), pli_n, document, kHistoryMax);
    while (query.next()) *history.Add() = event_row(query);
}

void SqlReader::fill_documents(std::int64_t pli_n, google::protobuf::RepeatedPtrField<v1::DocumentRow>& rows) {
    std::vector<std::int64_t> documents;
    {
        Query query(database_, "SELECT n FROM document WHERE pli_n = ? ORDER BY number", pli_n);
        while (query.next()) documents.push_back(query.integer(0));
    }
    for (const std::int64_t n : documents) *rows.Add() = load_document_row(database_, n);
}

Result<v1::DocumentView> SqlReader::document(const std::string& id) {
    const auto name = parse_document_id(id);
    if (!name) return not_found("DOCUMENT_UNKNOWN", "there is no such document");
    const Snapshot moment(database_);
    std::int64_t pli_n = 0;
    v1::DocumentView view;
    {
        Query query(
            database_,
            "SELECT d.n, p.n, p.context FROM pli p JOIN document d ON d.pli_n = p.n WHERE p.id = ? AND d.number = ?",
            name->pli_id, name->number);
        if (!query.next()) return not_found("DOCUMENT_UNKNOWN", "there is no such document");
        pli_n = query.integer(1);
        parse_stored(*view.mutable_context(), query.text(2));
        *view.mutable_row() = load_document_row(database_, query.integer(0));
    }
    {
        Query taken(database_,
                    "SELECT v.taken_by FROM delivery v JOIN document d ON d.n = v.document_n WHERE d.pli_n = ? AND "
                    "d.number = ? AND v.state = 'TAKEN' ORDER BY v.n LIMIT 1",
                    pli_n, name->number);
        if (taken.next()) view.mutable_row()->set_taken_by(taken.text(0));
    }
    fill_files(database_, pli_n, *view.mutable_files(), *view.mutable_page_refs());
    Query stored(database_, "SELECT reading, decisions FROM reading WHERE pli_n = ?", pli_n);
    if (stored.next()) {
        parse_stored(*view.mutable_reading(), stored.text(0));
        v1::Decisions decisions;
        parse_stored(decisions, stored.text(1));
        for (const auto& document : view.reading().documents()) {
            if (document.id() == name->number) *view.mutable_document() = document;
        }
        for (const auto& decision : decisions.decisions()) {
            if (decision.document() == name->number) *view.mutable_decision() = decision;
        }
    }
    if (!view.has_document()) fill_past_document(pli_n, static_cast<int>(name->number), view);
    fill_history(pli_n, name->number, *view.mutable_history());
    google::protobuf::RepeatedPtrField<v1::DocumentRow> all;
    fill_documents(pli_n, all);
    for (auto& row : all) {
        if (row.id() != id) *view.add_siblings() = std::move(row);
    }
    return view;
}

// One that was replaced: as it was read the last time that it stood in a reading.
void SqlReader::fill_past_document(std::int64_t pli_n, int number, v1::DocumentView& view) {
    Query past(database_, "SELECT reading, decisions FROM reading_past WHERE pli_n = ? ORDER BY revision DESC", pli_n);
    while (past.next() && !view.has_document()) {
        v1::Reading reading;
        v1::Decisions decisions;
        parse_stored(reading, past.text(0));
        parse_stored(decisions, past.text(1));
        for (const auto& document : reading.documents()) {
            if (document.id() == number) *view.mutable_document() = document;
        }
        if (!view.has_document()) continue;
        *view.mutable_reading() = reading;
        for (const auto& decision : decisions.decisions()) {
            if (decision.document() == number) *view.mutable_decision() = decision;
        }
    }
}

Result<v1::PliView> SqlReader::pli(const std::string& id) {
    const Snapshot moment(database_);
    Query query(database_, "SELECT n, state, context FROM pli WHERE id = ?", id);
    if (!query.next()) return not_found("PLI_UNKNOWN", "there is no such pli");
    const std::int64_t pli_n = query.integer(0);
    v1::PliView view;
    view.set_id(id);
    view.set_state(query.text(1));
    parse_stored(*view.mutable_context(), query.text(2));
    fill_files(database_, pli_n, *view.mutable_files(), *view.mutable_page_refs());
    Query stored(database_, "SELECT reading FROM reading WHERE pli_n = ?", pli_n);
    if (stored.next()) parse_stored(*view.mutable_reading(), stored.text(0));
    fill_documents(pli_n, *view.mutable_documents());
    fill_history(pli_n, 0, *view.mutable_history());
    return view;
}

v1::Events SqlReader::events(std::int64_t after, int limit, bool with_people) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM audit a LEFT JOIN pli p ON p.n = a.pli_n WHERE a.seq > ?1 AND (?3 OR {}) "
        "ORDER BY a.seq LIMIT ?2",
        kEventColumns, kMovesMail);
    const Snapshot moment(database_);
    v1::Events events;
    events.set_last(after);
    Query query(database_, sql.c_str(), after, limited(limit, kRowsDefault, kEventsMax), with_people);
    while (query.next()) {
        *events.add_events() = event_row(query);
        events.set_last(query.integer(0));
    }
    return events;
}

v1::Rejections SqlReader::rejections(int limit) {
    const Snapshot moment(database_);
    v1::Rejections rejections;
    Query query(database_,
                "SELECT l.lot, r.pli, r.file, r.code, r.message, r.at_ms FROM rejection r JOIN lot l ON l.n = r.lot_n "
                "ORDER BY r.n DESC LIMIT ?",
                limited(limit, kRowsDefault, kEventsMax));
    while (query.next()) {
        v1::RejectionRow& row = *rejections.add_rejections();
        row.set_lot(query.text(0));
        row.set_pli(query.text(1));
        row.set_file(query.text(2));
        row.set_code(query.text(3));
        row.set_message(query.text(4));
        row.set_at_ms(query.integer(5));
    }
    return rejections;
}

}  // namespace pleiade::ledger
