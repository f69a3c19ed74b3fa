// pleiade-hub: opens the ledger, binds the bus, serves.
#include <algorithm>
#include <iterator>

#include "common/base/process_clock.h"
#include "common/bus/keys.h"
#include "common/domain/nomenclature.h"
#include "common/runtime/admin_server.h"
#include "common/runtime/log.h"
#include "common/runtime/service.h"
#include "common/vault/open.h"
#include "services/hub/hub.h"
#include "services/hub/vault_watch.h"

namespace {

// A connection is one, a stranger's too until its handshake is over.
constexpr std::uint64_t kOpenFiles = 16'384;

pleiade::Result<pleiade::Nomenclature> load_types(const pleiade::runtime::Settings& settings) {
    const auto csv = pleiade::runtime::read_file(settings.config_folder + "/nomenclature.csv");
    if (!csv) return pleiade::pass_on(csv);
    return pleiade::Nomenclature::parse(*csv, "nomenclature.csv");
}

pleiade::bus::HubKeys keys_of(const pleiade::runtime::Settings& settings) {
    return {settings.bus_key_file("hub"), settings.bus_allowed_file()};
}

// Those of both sockets.
pleiade::Result<void> check_keys(const pleiade::runtime::Settings& settings) {
    auto endpoints = settings.hub_work_endpoints();
    std::ranges::copy(settings.hub_desk_endpoints(), std::back_inserter(endpoints));
    return pleiade::bus::check_keys(endpoints, keys_of(settings));
}

int serve(const pleiade::runtime::Service& service) {
    const auto& settings = service.settings;
    if (const auto keyed = check_keys(settings); !keyed) {
        pleiade::runtime::log_error("the hub cannot start", keyed.error());
        return pleiade::runtime::exit_code_of(keyed.error());
    }
    pleiade::runtime::allow_open_files(kOpenFiles);
    // What a person may key is held to the same list as what the router knows.
    const auto types = load_types(settings);
    if (!types) {
        pleiade::runtime::log_error("the hub cannot start", types.error());
        return pleiade::runtime::kExitConfiguration;
    }
    const pleiade::ProcessClock clock;
    pleiade::hub::HubOptions options;
    options.ledger.folder = settings.folder("ledger");
    options.ledger.url = settings.store.url;
    options.ledger.clock = &clock;
    options.ledger.read_lease = settings.hub.lease;
    options.ledger.service_lease = settings.hub.service_lease;
    options.ledger.types = &*types;
    options.ledger.attempts_max = settings.hub.attempts_max;
    options.work_endpoints = settings.hub_work_endpoints();
    options.desk_endpoints = settings.hub_desk_endpoints();
    options.keys = keys_of(settings);
    options.registry = std::make_shared<prometheus::Registry>();
    options.disk_free_bytes_min = settings.hub.disk_free_bytes_min;
    const auto vault = pleiade::vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max});
    if (!vault) {
        pleiade::runtime::log_error("the hub cannot start", vault.error());
        return pleiade::runtime::exit_code_of(vault.error());
    }
    options.vault = vault->get();
    pleiade::hub::Hub hub(options);
    const pleiade::hub::VaultWatch watch(**vault, {}, clock, *options.registry);
    const pleiade::runtime::AdminServer admin(
        settings.hub.admin_port, options.registry,
        [&] {
            auto checks = hub.ready_checks();
            checks.push_back(watch.readiness());
            return checks;
        },
        settings.hub.admin_address);
    pleiade::runtime::log_info("the hub serves", {{"pleiade.epoch", static_cast<std::int64_t>(hub.epoch())},
                                                  {"server.port", static_cast<std::int64_t>(admin.port())}});
    hub.run(service.stop);
    return pleiade::runtime::kExitDone;
}

pleiade::Result<std::string> check(const pleiade::runtime::Settings& settings) {
    const auto types = load_types(settings);
    if (!types) return pleiade::pass_on(types);
    const auto vault = pleiade::vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max});
    if (!vault) return pleiade::pass_on(vault);
    if (const auto keyed = check_keys(settings); !keyed) return pleiade::pass_on(keyed);
    return "hub: " + std::to_string(types->types().size()) + " types of document";
}

}  // namespace

int main(int argc, char** argv) {
    return pleiade::runtime::run_service("hub", argc, argv, serve, check);
}
