#include <fmt/format.h>

#include "common/bus/client.h"
#include "common/runtime/service.h"
#include "services/cli/commands.h"
#include "services/ingest/submit.h"

namespace pleiade::cli {
namespace {

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
    bus::Client hub(settings.work_endpoint());
    int exit_code = runtime::kExitDone;
    for (const auto& lot : lots) {
        const int code = say(ingest::submit_lot(lot, settings, hub), lot);
        if (exit_code == runtime::kExitDone) exit_code = code;
    }
    return exit_code;
}

}  // namespace pleiade::cli
