#include "tests/support/worker_results.h"

#include <fmt/format.h>

namespace pleiade::test {
namespace {

void add_field(v1::DocumentReading& document, const std::string& name, const std::string& value) {
    v1::FieldValue& field = *document.add_fields();
    field.set_name(name);
    field.set_value(value);
    field.set_confidence(0.99);
    field.set_status("valid");
    field.set_page(document.pages_size() == 0 ? 1 : document.pages(0));
}

}  // namespace

std::string invented_nir(int i) {
    const std::int64_t without_key = 2'550'814'168'000 + i;
    return fmt::format("{}{:02}", without_key, 97 - without_key % 97);
}

v1::Done read_whole(const v1::Lease& lease) {
    v1::Done done;
    v1::Reading& reading = *done.mutable_reading();
    v1::DocumentReading& document = *reading.add_documents();
    document.set_id(1);
    document.set_type("IJ_DIVERS");  // for one service, whatever its pages
    document.set_role("master");
    document.set_confidence(0.97);
    document.set_certain(true);
    for (const auto& page : lease.pages()) {
        v1::PageReading& read = *reading.add_pages();
        read.set_page(page.page());
        read.set_kind("document");
        document.add_pages(page.page());
    }
    add_field(document, "nir", invented_nir(lease.pli_id().empty() ? 0 : lease.pli_id().front()));
    return done;
}

v1::Done routed_at_once(const v1::Lease& lease) {
    v1::Done done;
    for (const auto& document : lease.reading().documents()) {
        v1::Decision& decision = *done.mutable_decisions()->add_decisions();
        decision.set_document(document.id());
        decision.set_kind("auto");
        decision.set_secrecy("normal");
        v1::Route& route = *decision.mutable_route();
        route.set_processed_by("595");
        route.set_service("IJ");
        route.set_priority("P1");
        route.set_due("2026-11-20T18:00:00+01:00");
    }
    return done;
}

v1::Done result_of(const v1::Lease& lease) {
    return lease.stage() == "read" ? read_whole(lease) : routed_at_once(lease);
}

}  // namespace pleiade::test
