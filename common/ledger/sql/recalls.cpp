#include "common/ledger/sql/recalls.h"

#include "common/ledger/sql/rows.h"

namespace pleiade::ledger {

v1::RecallRow load_recall_row(Database& database, const Query& query) {
    v1::RecallRow row;
    *row.mutable_document() = load_document_row(database, query.integer(0));
    row.set_delivery_id(query.text(1));
    row.set_caisse(query.text(2));
    row.set_service(query.text(3));
    row.set_by(query.text(4));
    row.set_reason(query.text(5));
    row.set_state(query.text(6));
    row.set_at_ms(query.integer(7));
    row.set_answered_by(query.text(8));
    row.set_answered_at_ms(query.integer(9));
    row.set_answer(query.text(10));
    return row;
}

}  // namespace pleiade::ledger
