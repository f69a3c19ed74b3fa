// Documents in the services' queues: who received what, took it, gave a receipt or sent it back.
//
// A document goes to one main recipient and to any number of copies; each has its own delivery, taken and acknowledged
// by itself. The document is TAKEN while somebody holds one of them, QUEUED while one waits, CLOSED when all have their
// receipt. Attachments have no delivery: they are part of their master's and move with it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"
#include "common/ledger/sql/times.h"

namespace pleiade::ledger {
namespace {

constexpr int kTakeMax = 100;
constexpr std::int64_t kTakeSecondsMax = 24 * 3600;

constexpr const char* kDeliveryOf =
    "SELECT n, id, document_n, state, fence, taken_by, caisse || '/' || service FROM delivery WHERE n = ?";

std::string delivery_id_of(const std::string& document_id, const std::string& destination, std::int64_t revision) {
    return sha256_hex(fmt::format("{}\n{}\n{}", document_id, destination, revision));
}

}  // namespace

void SqlLedger::move_document(std::int64_t document_n, std::string_view to, const std::string& actor,
                              const std::string& code, const std::string& detail) {
    std::string from;
    AuditEntry entry;
    {
        Query query(database_, "SELECT state, pli_n, number FROM document WHERE n = ?", document_n);
        PLEIADE_CHECK(query.next());
        from = query.text(0);
        entry.pli_n = query.integer(1);
        entry.document = query.integer(2);
    }
    if (from == to) return;
    run(database_, "UPDATE document SET state = ?, code = ?, state_at_ms = ? WHERE n = ?", to, code, now_ms(),
        document_n);
    count(total_of_document_state(from), -1);
    count(total_of_document_state(to), 1);
    std::string kind(to);
    std::transform(kind.begin(), kind.end(), kind.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    entry.kind = "document." + kind;
    entry.actor = actor;
    entry.from_state = from;
    entry.to_state = to;
    entry.code = code;
    entry.detail = detail;
    audit(entry);
}

void SqlLedger::move_with_attachments(std::int64_t document_n, std::string_view to, const std::string& actor,
                                      const std::string& code, const std::string& detail) {
    for (const std::int64_t n : family_of(document_n)) move_document(n, to, actor, code, detail);
}

void SqlLedger::add_deliveries(std::int64_t document_n, const std::string& document_id, const v1::Route& route) {
    std::int64_t revision = 0;
    std::int64_t due_ms = 0;
    std::int64_t pli_n = 0;
    std::int64_t number = 0;
    {
        Query query(database_, "SELECT revision, due_ms, pli_n, number FROM document WHERE n = ?", document_n);
        PLEIADE_CHECK(query.next());
        revision = query.integer(0);
        due_ms = query.integer(1);
        pli_n = query.integer(2);
        number = query.integer(3);
    }
    struct Recipient {
        std::string caisse, service;
        const char* kind;
    };
    std::vector<Recipient> recipients{{route.processed_by(), route.service(), "main"}};
    for (const auto& copy : route.copies()) {
        const bool known = std::any_of(recipients.begin(), recipients.end(), [&](const Recipient& other) {
            return other.caisse == copy.processed_by() && other.service == copy.service();
        });
        if (!known) recipients.push_back({copy.processed_by(), copy.service(), "copy"});
    }
    for (const Recipient& to : recipients) {
        const std::string destination = to.caisse + "/" + to.service;
        const std::string id = delivery_id_of(document_id, destination, revision);
        run(database_,
            "INSERT INTO delivery(id, document_n, kind, caisse, service, priority, due, due_ms, state, queued_at_ms, "
            "revision) VALUES(?,?,?,?,?,?,?,?,'QUEUED',?,?)",
            id, document_n, to.kind, to.caisse, to.service, route.priority(), route.due(), due_ms, now_ms(), revision);
        audit({.kind = "delivery.queued",
               .pli_n = pli_n,
               .document = number,
               .actor = "hub",
               .to_state = "QUEUED",
               .ref = id,
               .detail = destination});
    }
}

void SqlLedger::move_delivery(const Delivery& delivery, std::string_view to, const std::string& kind,
                              const std::string& actor, const std::string& code) {
    const bool ended = to != "QUEUED" && to != "TAKEN";
    const int changed = run(database_, "UPDATE delivery SET state = ?, ended_at_ms = ? WHERE n = ? AND state = ?", to,
                            ended ? now_ms() : 0, delivery.n, delivery.state);
    PLEIADE_CHECK(changed == 1);
    if (to == "QUEUED") run(database_, "UPDATE delivery SET taken_by = '' WHERE n = ?", delivery.n);
    if (to != "TAKEN") take_ends_.erase(delivery.n);
    AuditEntry entry{.kind = kind,
                     .actor = actor,
                     .from_state = delivery.state,
                     .to_state = std::string(to),
                     .code = code,
                     .ref = delivery.id,
                     .detail = delivery.destination};
    Query query(database_, "SELECT pli_n, number FROM document WHERE n = ?", delivery.document_n);
    PLEIADE_CHECK(query.next());
    entry.pli_n = query.integer(0);
    entry.document = query.integer(1);
    audit(entry);
}

void SqlLedger::follow_deliveries(std::int64_t document_n, const std::string& actor) {
    std::string state;
    {
        Query query(database_, "SELECT state FROM document WHERE n = ?", document_n);
        PLEIADE_CHECK(query.next());
        state = query.text(0);
    }
    // One that was sent back is with the platform, whatever its other recipients still do.
    if (state != "QUEUED" && state != "TAKEN") return;
    std::map<std::string, int> deliveries;
    {
        Query query(database_, "SELECT state, count(*) FROM delivery WHERE document_n = ? GROUP BY state", document_n);
        while (query.next()) deliveries[query.text(0)] = static_cast<int>(query.integer(1));
    }
    const char* const now = deliveries.count("TAKEN") != 0    ? "TAKEN"
                            : deliveries.count("QUEUED") != 0 ? "QUEUED"
                                                              : "CLOSED";
    move_with_attachments(document_n, now, actor, "", "");
}

Result<std::int64_t> SqlLedger::find_document(const std::string& id) {
    if (const auto name = parse_document_id(id)) {
        Query query(database_, "SELECT d.n FROM pli p JOIN document d ON d.pli_n = p.n WHERE p.id = ? AND d.number = ?",
                    name->pli_id, name->number);
        if (query.next()) return query.integer(0);
    }
    return not_found("DOCUMENT_UNKNOWN", "there is no such document");
}

// What is taken and acknowledged under that name: an attachment's work is its master's.
Result<std::int64_t> SqlLedger::find_work(const std::string& id) {
    const auto document = find_document(id);
    if (!document) return document;
    Query query(database_,
                "SELECT coalesce(m.n, d.n) FROM document d LEFT JOIN document m ON m.pli_n = d.pli_n AND "
                "m.number = d.master WHERE d.n = ?",
                *document);
    PLEIADE_CHECK(query.next());
    return query.integer(0);
}

std::optional<SqlLedger::Delivery> SqlLedger::find_delivery(std::int64_t n) {
    Query query(database_, kDeliveryOf, n);
    if (!query.next()) return std::nullopt;
    return Delivery{
        query.integer(0), query.text(1), query.integer(2), query.text(3), static_cast<std::uint64_t>(query.integer(4)),
        query.text(5),    query.text(6)};
}

// The document named, for the queue named when there is one, else its main recipient first.
std::optional<SqlLedger::Delivery> SqlLedger::queued_delivery(std::int64_t document_n, const v1::Take& take) {
    std::int64_t n = 0;
    {
        Query query(database_,
                    "SELECT n FROM delivery WHERE document_n = ?1 AND state = 'QUEUED' AND (?2 = '' OR caisse = ?2) "
                    "AND (?3 = '' OR service = ?3) ORDER BY kind DESC, n LIMIT 1",
                    document_n, take.caisse(), take.service());
        if (!query.next()) return std::nullopt;
        n = query.integer(0);
    }
    return find_delivery(n);
}

void SqlLedger::take_one(const Delivery& delivery, const Asked& asked, const v1::Take& take, v1::Taken& taken) {
    std::int64_t fence = 0;
    {
        // One count for all recipients of a document, so that a fence names one taking of it.
        Query query(database_, "UPDATE document SET fence = fence + 1 WHERE n = ? RETURNING fence",
                    delivery.document_n);
        PLEIADE_CHECK(query.next());
        fence = query.integer(0);
        while (query.next()) {
        }
    }
    const std::int64_t lease_ms = take.lease_seconds() > 0 ? std::min(take.lease_seconds(), kTakeSecondsMax) * 1'000
                                                           : static_cast<std::int64_t>(options_.service_lease.count());
    run(database_, "UPDATE delivery SET fence = ?, taken_by = ?, lease_ms = ? WHERE n = ?", fence, take.by(), lease_ms,
        delivery.n);
    take_ends_[delivery.n] = monotonic_ms() + lease_ms;
    take_marks_[delivery.n] = {fence, 0};
    move_delivery(delivery, "TAKEN", "delivery.taken", asked.actor, "");
    follow_deliveries(delivery.document_n, asked.actor);

    v1::TakenDocument& master = *taken.add_documents();
    *master.mutable_row() = load_delivery_row(database_, delivery.n);
    master.set_delivery_id(delivery.id);
    master.set_fence(static_cast<std::uint64_t>(fence));
    master.set_lease_until_ms(now_ms() + lease_ms);

    std::vector<std::pair<std::int64_t, std::int64_t>> attachments;  // row, revision
    {
        Query query(
            database_,
            "SELECT a.n, a.revision FROM document d JOIN document a ON a.pli_n = d.pli_n AND a.master = d.number "
            "WHERE d.n = ? AND a.state NOT IN ('SUPERSEDED','PURGED') ORDER BY a.number",
            delivery.document_n);
        while (query.next()) attachments.emplace_back(query.integer(0), query.integer(1));
    }
    for (const auto& [n, revision] : attachments) {
        const v1::TakenDocument held = taken.documents(taken.documents_size() - 1);
        v1::TakenDocument& attachment = *taken.add_documents();
        attachment = held;
        v1::DocumentRow row = load_document_row(database_, n);
        row.set_caisse(held.row().caisse());
        row.set_service(held.row().service());
        row.set_taken_by(held.row().taken_by());
        row.set_state(held.row().state());
        attachment.set_delivery_id(delivery_id_of(row.id(), delivery.destination, revision));
        *attachment.mutable_row() = std::move(row);
    }
}

Result<v1::Taken> SqlLedger::take(const Asked& asked, const v1::Take& take) {
    auto before = answered_before<v1::Taken>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    if (take.by().empty()) return invalid("TAKER_REQUIRED", "say who takes the document");
    v1::Taken taken;
    if (!take.document().empty()) {
        const auto document = find_work(take.document());
        if (!document) return pass_on(document);
        const auto delivery = queued_delivery(*document, take);
        if (!delivery) return conflict("NOT_QUEUED", "this document does not wait in that queue; look at its state");
        take_one(*delivery, asked, take, taken);
        return remember(asked, taken);
    }
    if (take.caisse().empty() || take.service().empty()) {
        return invalid("QUEUE_REQUIRED", "name a document, or a queue by its caisse and service");
    }
    std::vector<std::int64_t> next;
    {
        Query query(
            database_,
            "SELECT n FROM delivery WHERE caisse = ? AND service = ? AND state = 'QUEUED' ORDER BY due_ms, n LIMIT ?",
            take.caisse(), take.service(), std::clamp(take.count(), 1, kTakeMax));
        while (query.next()) next.push_back(query.integer(0));
    }
    for (const std::int64_t n : next) take_one(*find_delivery(n), asked, take, taken);
    return remember(asked, taken);
}

// `ended_as`: the state that the same request, said twice, finds.
Result<SqlLedger::Delivery> SqlLedger::taken_delivery(const std::string& document, const std::string& by,
                                                      std::uint64_t fence, std::string_view ended_as) {
    const auto document_n = find_work(document);
    if (!document_n) return pass_on(document_n);
    std::int64_t n = 0;
    {
        Query query(
            database_,
            "SELECT n FROM delivery WHERE document_n = ? AND fence = ? AND taken_by = ? AND state IN ('TAKEN', ?) "
            "AND fence > 0",
            *document_n, fence, by, ended_as);
        if (!query.next()) {
            return conflict("NOT_TAKEN_BY_YOU",
                            "this document is not, or no longer, taken by you under that fence; take it again");
        }
        n = query.integer(0);
    }
    return *find_delivery(n);
}

v1::Acted SqlLedger::acted(const std::string& document) {
    v1::Acted reply;
    *reply.mutable_row() = load_document_row(database_, *find_document(document));
    return reply;
}

Result<v1::Acted> SqlLedger::acknowledge(const Asked& asked, const v1::Acknowledge& receipt) {
    auto before = answered_before<v1::Acted>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    const auto delivery = taken_delivery(receipt.document(), receipt.by(), receipt.fence(), "CLOSED");
    if (!delivery) return pass_on(delivery);
    if (delivery->state == "TAKEN") {
        move_delivery(*delivery, "CLOSED", "delivery.closed", asked.actor, "");
        fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
        follow_deliveries(delivery->document_n, asked.actor);
    }
    return remember(asked, acted(receipt.document()));
}

Result<v1::Acted> SqlLedger::release(const Asked& asked, const v1::Release& released) {
    auto before = answered_before<v1::Acted>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    const auto delivery = taken_delivery(released.document(), released.by(), released.fence(), "TAKEN");
    if (!delivery) return pass_on(delivery);
    move_delivery(*delivery, "QUEUED", "delivery.released", asked.actor, "");
    follow_deliveries(delivery->document_n, asked.actor);
    return remember(asked, acted(released.document()));
}

void SqlLedger::withdraw_waiting(std::int64_t document_n, const std::string& actor, const std::string& code) {
    std::vector<std::int64_t> waiting;
    {
        Query query(database_, "SELECT n FROM delivery WHERE document_n = ? AND state = 'QUEUED'", document_n);
        while (query.next()) waiting.push_back(query.integer(0));
    }
    for (const std::int64_t n : waiting) {
        move_delivery(*find_delivery(n), "WITHDRAWN", "delivery.withdrawn", actor, code);
    }
}

void SqlLedger::end_as_returned(std::int64_t document_n, const std::string& actor, const std::string& code,
                                const std::string& note) {
    withdraw_waiting(document_n, actor, code);
    // The note is free text: the journal keeps its digest only.
    run(database_, "UPDATE document SET note = ? WHERE n = ?", note, document_n);
    move_with_attachments(document_n, "RETURNED", actor, code, note.empty() ? "" : sha256_hex(note));
}

// Back to the platform's people, with the reason. What other recipients have not taken yet is withdrawn: once keyed,
// the document goes out again under a new revision.
Result<v1::Acted> SqlLedger::return_to_platform(const Asked& asked, const v1::ReturnToPlatform& returned) {
    auto before = answered_before<v1::Acted>(asked);
    if (!before) return pass_on(before);
    if (*before) return **before;
    if (returned.code().empty()) return invalid("CODE_REQUIRED", "say why the document is sent back");
    const auto delivery = taken_delivery(returned.document(), returned.by(), returned.fence(), "RETURNED");
    if (!delivery) return pass_on(delivery);
    if (delivery->state == "TAKEN") {
        move_delivery(*delivery, "RETURNED", "delivery.returned", asked.actor, returned.code());
        end_as_returned(delivery->document_n, asked.actor, returned.code(), returned.note());
    }
    return remember(asked, acted(returned.document()));
}

}  // namespace pleiade::ledger
