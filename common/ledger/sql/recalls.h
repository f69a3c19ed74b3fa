// Recalls as both the writer and the readers show them. Private to common/ledger.
#pragma once

#include "common/ledger/sql/database.h"
#include "common/wire/messages.h"

namespace pleiade::ledger {

// Columns that `load_recall_row` reads, in that order.
inline constexpr const char* kRecallRows =
    "SELECT v.document_n, v.id, v.caisse, v.service, r.actor, r.reason, r.state, r.at_ms, r.answered_by, "
    "r.answered_at_ms, r.answer, r.n FROM recall r JOIN delivery v ON v.n = r.delivery_n";
v1::RecallRow load_recall_row(Database& database, const Query& query);

}  // namespace pleiade::ledger
