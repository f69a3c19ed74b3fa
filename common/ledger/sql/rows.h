// Rows that both the writer and the readers turn into messages. Private to common/ledger.
#pragma once

#include <optional>
#include <string>

#include "common/ledger/sql/database.h"
#include "common/wire/messages.h"

namespace pleiade::ledger {

// What we stored can be parsed, or the store is damaged.
template <class Message>
void parse_stored(Message& message, const std::string& bytes) {
    if (!message.ParseFromString(bytes))
        throw StoreError("a stored message is damaged; run pleiade verify", StoreFault::Damaged);
}

void fill_files(Database& database, std::int64_t pli_n, google::protobuf::RepeatedPtrField<v1::StoredFile>& files,
                google::protobuf::RepeatedPtrField<v1::PageRef>& pages);

// "<pli id>-<number>" in its two parts; empty when it is not one.
struct DocumentName {
    std::string pli_id;
    std::int64_t number = 0;
};
std::optional<DocumentName> parse_document_id(const std::string& id);

// A document as the desk lists it. With a delivery: as its recipient sees it (queue, due date, taken or not).
inline constexpr const char* kDocumentColumns =
    "d.n, p.id, d.number, l.lot, p.pli, d.type, d.confidence, d.state, d.caisse, d.service, d.priority, d.due, "
    "d.secrecy, d.pages, d.role, d.decision, d.code, d.note, d.legal_due, p.context, d.state_at_ms";
// Columns of the query from 0, in that order.
v1::DocumentRow document_row(const Query& query);
void overlay_delivery(v1::DocumentRow& row, const Query& query, int first_column);
// Columns that `overlay_delivery` reads, in that order.
inline constexpr const char* kDeliveryColumns =
    "v.caisse, v.service, v.priority, v.due, v.state, v.taken_by, v.queued_at_ms";

// An audit entry as it is shown: columns of "audit a" and "pli p", in that order.
inline constexpr const char* kEventColumns =
    "a.seq, a.at_ms, a.kind, coalesce(p.id, ''), a.document, a.actor, a.from_state, a.to_state, a.code, a.detail";
v1::Event event_row(const Query& query);
// Entries of `audit a` that move mail: who saw a page, signed in or was refused is for stories and auditors, not for
// live screens.
inline constexpr const char* kMovesMail =
    "a.kind NOT IN ('page.seen', 'session.opened', 'session.closed', 'login.failed', 'bus.refused')";

v1::DocumentRow load_document_row(Database& database, std::int64_t document_n);
v1::DocumentRow load_delivery_row(Database& database, std::int64_t delivery_n);

}  // namespace pleiade::ledger
