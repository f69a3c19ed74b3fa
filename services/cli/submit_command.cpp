#include <fmt/format.h>

#include "common/runtime/service.h"
#include "services/cli/commands.h"
#include "services/ingest/bus_registrar.h"
#include "services/ingest/lot_ingest.h"
#include "services/ingest/source.h"

namespace pleiade::cli {
namespace {

constexpr std::chrono::seconds kPatience{30};  // a hub that is being restarted is back long before

// One line of the outcome; the exit code that it calls for.
int say(const Result<ingest::LotReport>& report, const std::string& path) {
    if (!report) {
        fmt::print(stderr, "{}: {}: {}\n", path, report.error().code, report.error().message);
        return runtime::exit_code_of(report.error());
    }
    if (report->rejection) {
        fmt::print(stderr, "{}: {}: {}\n", path, report->rejection->code, report->rejection->message);
        return runtime::kExitBadInput;
    }
    fmt::print("{}: {} plis registered, {} rejected, {} pages; durable\n", report->lot, report->registered(),
               report->rejected(), report->pages());
    for (const auto& pli : report->plis) {
        if (pli.rejection)
            fmt::print(stderr, "  pli {}: {}: {}\n", pli.pli, pli.rejection->code, pli.rejection->message);
    }
    return report->rejected() == 0 ? runtime::kExitDone : runtime::kExitBadInput;
}

}  // namespace

int submit(const runtime::Settings& settings, const std::vector<std::string>& lots) {
    auto caisses = ingest::load_caisses(settings.config_folder);
    if (!caisses) {
        fmt::print(stderr, "{}\n", caisses.error().message);
        return runtime::exit_code_of(caisses.error());
    }
    ingest::SourceOptions options;
    options.caisse = settings.ingest.caisse;
    options.platform = settings.ingest.platform;
    options.caisses = std::move(*caisses);
    options.separator_prefixes = settings.ingest.separator_prefixes;
    options.decoder = settings.decoder;

    bus::Client hub(settings.work_endpoint());
    ingest::BusRegistrar registrar(hub, kPatience);
    const auto vault = vault::open_posix_vault(settings.folder("vault"));
    const SystemClock clock;
    int exit_code = runtime::kExitDone;
    for (const auto& lot : lots) {
        const auto report = ingest::ingest_lot(ingest::open_source(lot, options), {registrar, *vault, clock});
        if (const int code = say(report, lot); exit_code == runtime::kExitDone) exit_code = code;
    }
    return exit_code;
}

}  // namespace pleiade::cli
