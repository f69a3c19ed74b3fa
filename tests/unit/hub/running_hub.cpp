#include "tests/unit/hub/running_hub.h"

#include "common/base/sha256.h"

namespace pleiade::hub {

RunningHub::RunningHub(const std::string& home, std::shared_ptr<prometheus::Registry> registry,
                       std::uint64_t disk_free_bytes_min) {
    HubOptions options;
    options.ledger.folder = home + "/ledger";
    options.ledger.clock = &clock_;
    options.work_endpoint = work(home);
    options.desk_endpoint = desk(home);
    options.registry = std::move(registry);
    options.disk_free_bytes_min = disk_free_bytes_min;
    hub_ = std::make_unique<Hub>(options);
    thread_ = std::thread([this] { hub_->run(stop_); });
}

void RunningHub::stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    hub_.reset();
}

v1::Register pli_of(const std::string& lot, const std::string& rank) {
    v1::Register pli;
    pli.mutable_context()->set_lot(lot);
    pli.mutable_context()->set_pli(rank);
    pli.mutable_context()->set_caisse("595");
    pli.add_files()->set_sha256(sha256_hex("content of " + lot + rank));
    pli.add_pages()->set_page(1);
    return pli;
}

std::string key_of(const std::string& lot, const std::string& rank) {
    return sha256_hex("key of " + lot + "/" + rank);
}

v1::Done result_of(const v1::Lease& lease) {
    v1::Done done;
    if (lease.stage() == "read") {
        v1::Reading& reading = *done.mutable_reading();
        v1::DocumentReading& document = *reading.add_documents();
        document.set_id(1);
        document.set_type("AAT");
        document.set_role("master");
        for (const auto& page : lease.pages()) {
            v1::PageReading& read = *reading.add_pages();
            read.set_page(page.page());
            read.set_kind("document");
            document.add_pages(page.page());
        }
        return done;
    }
    for (const auto& document : lease.reading().documents()) {
        v1::Decision& decision = *done.mutable_decisions()->add_decisions();
        decision.set_document(document.id());
        decision.set_kind("auto");
        decision.mutable_route()->set_processed_by("595");
        decision.mutable_route()->set_service("IJ");
        decision.mutable_route()->set_priority("P1");
        decision.mutable_route()->set_due("2026-11-20T18:00:00+01:00");
    }
    return done;
}

bus::CallOptions with_key(const std::string& key, std::chrono::milliseconds patience) {
    bus::CallOptions options;
    options.idempotency_key = key;
    options.patience = patience;
    return options;
}

}  // namespace pleiade::hub
