// pleiade-ingest: from inbox/ to the vault and the hub.
#include <thread>

#include "common/base/process_clock.h"
#include "common/bus/client.h"
#include "common/bus/keys.h"
#include "common/runtime/log.h"
#include "common/runtime/service.h"
#include "common/vault/open.h"
#include "services/ingest/bus_registrar.h"
#include "services/ingest/ingester.h"

namespace {

using namespace pleiade;

constexpr std::chrono::milliseconds kHubPatience{3'000};  // short, so that a stop is quick

int fail_with(const Error& error) {
    runtime::log_error("ingest cannot start", error);
    return runtime::exit_code_of(error);
}

int serve(const runtime::Service& service) {
    const auto& settings = service.settings;
    auto source = ingest::source_options(settings);
    if (!source) return fail_with(source.error());

    auto registry = std::make_shared<prometheus::Registry>();
    ingest::IngestMetrics metrics(*registry);
    const auto hubs = settings.work_endpoint("scanner");
    if (const auto keyed = bus::check_keys(hubs); !keyed) return fail_with(keyed.error());
    bus::Client client(hubs);
    ingest::BusRegistrar registrar(client, kHubPatience);
    const auto vault = vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max});
    if (!vault) return fail_with(vault.error());
    const ProcessClock clock;
    auto ingester = ingest::Ingester::open({.home = settings.home,
                                            .instance = service.instance,
                                            .quiet_before_reading = settings.ingest.quiet_before_reading,
                                            .disk_free_bytes_min = settings.ingest.disk_free_bytes_min,
                                            .source = std::move(*source)},
                                           {registrar, **vault, clock, &service.stop}, metrics);
    if (!ingester) return fail_with(ingester.error());
    const runtime::AdminServer admin(
        settings.ingest.admin_port, registry, [&] { return (*ingester)->readiness(); }, settings.ingest.admin_address);
    runtime::log_info("ingest serves", {{"service.port", std::int64_t{admin.port()}}});

    while (!service.stop) {
        if (!(*ingester)->step()) std::this_thread::sleep_for(settings.ingest.scan_every);
    }
    return runtime::kExitDone;
}

Result<std::string> check(const runtime::Settings& settings) {
    const auto source = ingest::source_options(settings);
    if (!source) return pass_on(source);
    if (const auto vault = vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max});
        !vault) {
        return pass_on(vault);
    }
    if (const auto keyed = bus::check_keys(settings.work_endpoint("scanner")); !keyed) return pass_on(keyed);
    return "ingest: " + std::to_string(source->caisses.size()) + " caisses, loose files are for caisse " +
           source->caisse;
}

}  // namespace

int main(int argc, char** argv) {
    return runtime::run_service("ingest", argc, argv, serve, check);
}
