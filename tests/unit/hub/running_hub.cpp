#include "tests/unit/hub/running_hub.h"

#include "common/base/sha256.h"

namespace pleiade::hub {

RunningHub::RunningHub(const std::string& home, std::shared_ptr<prometheus::Registry> registry,
                       std::uint64_t disk_free_bytes_min, const vault::Vault* vault) {
    HubOptions options;
    options.work_endpoints = {work(home)};
    options.desk_endpoints = {desk(home)};
    options.registry = std::move(registry);
    options.disk_free_bytes_min = disk_free_bytes_min;
    options.vault = vault;
    start(std::move(options), home);
}

RunningHub::RunningHub(const std::string& home, const bus::HubKeys& keys,
                       std::shared_ptr<prometheus::Registry> registry) {
    HubOptions options;
    options.work_endpoints = options.desk_endpoints = {"tcp://127.0.0.1:*"};
    options.keys = keys;
    options.registry = std::move(registry);
    options.disk_free_bytes_min = 0;
    start(std::move(options), home);
}

void RunningHub::start(HubOptions options, const std::string& home) {
    options.ledger.folder = home + "/ledger";
    options.ledger.clock = &clock_;
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

bus::CallOptions with_key(const std::string& key, std::chrono::milliseconds patience) {
    bus::CallOptions options;
    options.idempotency_key = key;
    options.patience = patience;
    return options;
}

}  // namespace pleiade::hub
