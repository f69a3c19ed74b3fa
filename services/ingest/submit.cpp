#include "services/ingest/submit.h"

#include "common/vault/open.h"
#include "services/ingest/bus_registrar.h"
#include "services/ingest/durable_file.h"
#include "services/ingest/lot_ingest.h"
#include "services/ingest/source.h"

namespace pleiade::ingest {
namespace {

constexpr std::chrono::milliseconds kPatience{30'000};  // a person waits; a hub may be restarting

}  // namespace

Result<LotReport> submit_lot(const std::string& lot_folder, const runtime::Settings& settings, bus::Client& client) {
    const auto options = source_options(settings);
    if (!options) return pass_on(options);
    std::string path = lot_folder;
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    const auto source = open_source(path, *options);
    if (auto made = make_folders(settings.folder("vault")); !made) return pass_on(made);
    const auto vault = vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max});
    if (!vault) return pass_on(vault);
    const SystemClock clock;
    BusRegistrar registrar(client, kPatience);
    return ingest_lot(source, {registrar, **vault, clock});
}

}  // namespace pleiade::ingest
