// How fast transitions are made durable, in a small store and in one of a million plis; how fast that one opens.
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

#include "common/ledger/ledger.h"
#include "tests/faults/bench.h"
#include "tests/faults/lives.h"
#include "tests/faults/own_time.h"
#include "tests/support/bulk_store.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::faults {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kMeasured{12};

struct Measured {
    Speed speed;
    double open_seconds = 0;
};

Measured measure(const std::string& folder, const Clock& clock) {
    const OwnTime opening;
    const auto ledger = ledger::open_sqlite_ledger({.folder = folder, .clock = &clock});
    const double open_seconds = opening.seconds();
    return {measure_lives(*ledger, "MEASURED", kMeasured), open_seconds};
}

}  // namespace

bool capacity(const Options& options) {
    const std::int64_t large = options.count > 0 ? options.count : 1'000'000;
    const test::TemporaryFolder temporary;  // on a disk, not in memory
    const std::string base = options.folder.empty() ? temporary.path().string() : options.folder;
    const SystemClock clock;
    Measured measured[2];
    int i = 0;
    for (const std::int64_t plis : {std::int64_t{10'000}, large}) {
        const auto folder = fmt::format("{}/ledger-{}", base, plis);
        const auto began = Steady::now();
        if (!std::filesystem::exists(folder)) test::build_bulk_store({.folder = folder, .plis = plis});
        const double built = std::chrono::duration<double>(Steady::now() - began).count();
        measured[i] = measure(folder, clock);
        fmt::print(
            "      {} plis: built in {:.0f} s, {:.0f} MB; opened in {:.2f} s; {:.0f} % of the time was others'\n", plis,
            built, static_cast<double>(std::filesystem::file_size(folder + "/ledger.sqlite")) / 1e6,
            measured[i].open_seconds, 100 * (1 - measured[i].speed.share));
        std::fflush(stdout);
        ++i;
    }
    const double ratio = measured[0].speed.per_second / measured[1].speed.per_second;
    bool good = figure("durable transitions/s at 10 000 plis", fmt::format("{:.0f}", measured[0].speed.per_second),
                       "500", measured[0].speed.per_second >= 500);
    good &=
        figure("p99 of one, ms", fmt::format("{:.1f}", measured[0].speed.p99_ms), "50", measured[0].speed.p99_ms <= 50);
    good &= figure(fmt::format("durable transitions/s at {} plis", large),
                   fmt::format("{:.0f}", measured[1].speed.per_second), "within 1.5 times", ratio <= 1.5);
    good &=
        figure("p99 of one, ms", fmt::format("{:.1f}", measured[1].speed.p99_ms), "75", measured[1].speed.p99_ms <= 75);
    good &= figure(fmt::format("{} plis open in, s", large), fmt::format("{:.2f}", measured[1].open_seconds), "5",
                   measured[1].open_seconds <= 5);

    // A store that a newer program wrote is left alone.
    const auto folder = base + "/ledger-10000";
    sqlite3* database = nullptr;
    sqlite3_open((folder + "/ledger.sqlite").c_str(), &database);
    sqlite3_exec(database, "PRAGMA user_version=99", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    std::string said = "opened";
    try {
        ledger::open_sqlite_ledger({.folder = folder, .clock = &clock});
    } catch (const std::exception& error) {
        said = std::string(error.what()).find("newer program") != std::string::npos ? "refused" : error.what();
    }
    good &= figure("a newer schema", said, "refused", said == "refused");
    return good;
}

}  // namespace pleiade::faults
