#include "common/ledger/sql/rows.h"

#include <charconv>

#include "common/base/check.h"

namespace pleiade::ledger {

void fill_files(Database& database, std::int64_t pli_n, google::protobuf::RepeatedPtrField<v1::StoredFile>& files,
                google::protobuf::RepeatedPtrField<v1::PageRef>& pages) {
    Query file(database, "SELECT sha256, size_bytes, name FROM file WHERE pli_n = ? ORDER BY file", pli_n);
    while (file.next()) {
        v1::StoredFile& added = *files.Add();
        added.set_sha256(file.text(0));
        added.set_size_bytes(static_cast<std::uint64_t>(file.integer(1)));
        added.set_name(file.text(2));
    }
    Query page(database, "SELECT page, file, idx, known FROM page WHERE pli_n = ? ORDER BY page", pli_n);
    while (page.next()) {
        v1::PageRef& added = *pages.Add();
        added.set_page(static_cast<std::int32_t>(page.integer(0)));
        added.set_file(static_cast<std::int32_t>(page.integer(1)));
        added.set_index(static_cast<std::int32_t>(page.integer(2)));
        added.set_kind_known(page.text(3));
    }
}

std::optional<DocumentName> parse_document_id(const std::string& id) {
    const auto dash = id.rfind('-');
    if (dash == std::string::npos) return std::nullopt;
    DocumentName name{id.substr(0, dash), 0};
    const char* const end = id.data() + id.size();
    const auto [stop, error] = std::from_chars(id.data() + dash + 1, end, name.number);
    if (error != std::errc{} || stop != end || name.number <= 0) return std::nullopt;
    return name;
}

v1::DocumentRow document_row(const Query& query) {
    v1::DocumentRow row;
    row.set_id(query.text(1) + "-" + query.text(2));
    row.set_pli_id(query.text(1));
    row.set_lot(query.text(3));
    row.set_pli(query.text(4));
    row.set_type(query.text(5));
    row.set_confidence(query.real(6));
    row.set_state(query.text(7));
    row.set_caisse(query.text(8));
    row.set_service(query.text(9));
    row.set_priority(query.text(10));
    row.set_due(query.text(11));
    row.set_secrecy(query.text(12));
    row.set_pages(static_cast<std::int32_t>(query.integer(13)));
    row.set_role(query.text(14));
    row.set_decision(query.text(15));
    const std::string note = query.text(17);
    row.set_reason(note.empty() ? query.text(16) : query.text(16) + ": " + note);
    row.set_legal_due(query.text(18));
    v1::PliContext context;
    parse_stored(context, query.text(19));
    row.set_received_on(context.received_on());
    row.set_queued_at_ms(query.integer(20));
    return row;
}

void overlay_delivery(v1::DocumentRow& row, const Query& query, int first_column) {
    row.set_caisse(query.text(first_column));
    row.set_service(query.text(first_column + 1));
    row.set_priority(query.text(first_column + 2));
    row.set_due(query.text(first_column + 3));
    row.set_state(query.text(first_column + 4));
    row.set_taken_by(query.text(first_column + 5));
    row.set_queued_at_ms(query.integer(first_column + 6));
}

v1::Event event_row(const Query& query) {
    v1::Event event;
    event.set_seq(query.integer(0));
    event.set_at_ms(query.integer(1));
    event.set_kind(query.text(2));
    event.set_pli_id(query.text(3));
    if (query.integer(4) > 0) event.set_document_id(query.text(3) + "-" + std::to_string(query.integer(4)));
    event.set_actor(query.text(5));
    event.set_from_state(query.text(6));
    event.set_to_state(query.text(7));
    event.set_code(query.text(8));
    event.set_detail(query.text(9));
    return event;
}

v1::DocumentRow load_document_row(Database& database, std::int64_t document_n) {
    static const std::string sql =
        std::string("SELECT ") + kDocumentColumns +
        " FROM document d JOIN pli p ON p.n = d.pli_n JOIN lot l ON l.n = p.lot_n WHERE d.n = ?";
    Query query(database, sql.c_str(), document_n);
    PLEIADE_CHECK(query.next());
    return document_row(query);
}

v1::DocumentRow load_delivery_row(Database& database, std::int64_t delivery_n) {
    static const std::string sql = std::string("SELECT ") + kDocumentColumns + ", " + kDeliveryColumns +
                                   " FROM delivery v JOIN document d ON d.n = v.document_n JOIN pli p ON p.n = d.pli_n "
                                   "JOIN lot l ON l.n = p.lot_n WHERE v.n = ?";
    Query query(database, sql.c_str(), delivery_n);
    PLEIADE_CHECK(query.next());
    v1::DocumentRow row = document_row(query);
    overlay_delivery(row, query, 21);
    return row;
}

}  // namespace pleiade::ledger
