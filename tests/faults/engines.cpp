// The ledger on PostgreSQL, measured beside SQLite: how fast, how large, and how a ledger moves from one to the other.
// PostgreSQL runs on this machine, as durable as it is deployed.
#include <fmt/format.h>

#include <filesystem>
#include <future>

#include "common/ledger/store_copy.h"
#include "tests/faults/bench.h"
#include "tests/faults/lives.h"
#include "tests/support/bulk_postgres.h"
#include "tests/support/bulk_store.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kMeasured{12};
constexpr std::int64_t kSmall = 100'000;

// What is deployed has more memory than the server of a unit test.
const std::vector<std::string> kServer = {"shared_buffers=1GB", "max_wal_size=8GB", "maintenance_work_mem=512MB"};
// And what is filled at once is not written to the log too.
const std::vector<std::string> kServerToFill = {"shared_buffers=1GB", "max_wal_size=8GB", "wal_level=minimal",
                                                "max_wal_senders=0"};

bool no_postgres() {
    if (test::PostgresServer::available()) return false;
    figure("PostgreSQL 15", "SKIPPED: not installed", "installed", false);
    return true;
}

double seconds_since(Steady::time_point then) {
    return std::chrono::duration<double>(Steady::now() - then).count();
}

std::unique_ptr<ledger::Ledger> open(const std::string& folder, const std::string& url, const Clock& clock) {
    fs::create_directories(folder);
    return ledger::open_ledger({.folder = folder, .url = url, .clock = &clock});
}

bool show(const std::string& name, const Speed& speed) {
    return figure(name, fmt::format("{:.0f}/s, p99 {:.1f} ms", speed.per_second, speed.p99_ms), "(shown)", true);
}

// The name of a database with a ledger of so many plis, made in SQLite and moved.
std::string moved_to(test::PostgresServer& server, const std::string& folder, std::int64_t plis) {
    test::build_bulk_store({.folder = folder, .plis = plis});
    auto name = server.create_database();
    const auto copied = ledger::copy_store({.folder = folder, .from = "sqlite:", .to = server.url(name)});
    if (!copied) throw std::runtime_error(copied.error().code + ": " + copied.error().message);
    return name;
}

// Two ledgers by turns, so that what else the machine does touches both alike; first as long for their caches alone.
std::pair<Speed, Speed> measure_by_turns(ledger::Ledger& one, ledger::Ledger& other) {
    constexpr int kTurns = 8;
    constexpr std::chrono::seconds kTurn{3};
    const auto turns = [&](const std::string& lot) {
        std::pair<Lives, Lives> lives{Lives(one, lot), Lives(other, lot)};
        for (int i = 0; i < kTurns; ++i) {
            lives.first.for_a_while(kTurn);
            lives.second.for_a_while(kTurn);
        }
        return std::pair{lives.first.speed(), lives.second.speed()};
    };
    turns("BEFORE");
    return turns("MEASURED");
}

}  // namespace

bool engines(const Options&) {
    if (no_postgres()) return false;
    const test::TemporaryFolder folder;
    const SystemClock clock;
    test::PostgresServer server(kServer);
    bool good = true;
    {
        const auto sqlite = open(folder / "sqlite", "", clock);
        good &= show("durable transitions/s, SQLite", measure_lives(*sqlite, "SQLITE", kMeasured));
    }
    const auto url = server.url(server.create_database());
    const auto first = open(folder / "first", url, clock);
    const auto alone = measure_lives(*first, "ALONE", kMeasured);
    good &= show("durable transitions/s, PostgreSQL, one hub", alone);

    fs::create_directories(folder / "second");
    fs::copy_file(folder / "first/nir.key", folder / "second/nir.key");
    const auto second = open(folder / "second", url, clock);
    auto beside = std::async(std::launch::async, [&] { return measure_lives(*second, "SECOND", kMeasured); });
    const auto one = measure_lives(*first, "FIRST", kMeasured);
    const auto two = beside.get();
    const Speed both{one.per_second + two.per_second, std::max(one.p99_ms, two.p99_ms), 0, 1};
    good &= show("durable transitions/s, PostgreSQL, two hubs", both);
    // 50 000 plis of 10 transitions in ten hours are 14 a second.
    good &= figure("two hubs together against one", fmt::format("{:.2f}", both.per_second / alone.per_second),
                   "0.5 or more", both.per_second >= alone.per_second / 2);
    return good;
}

bool large(const Options& options) {
    if (no_postgres()) return false;
    const std::int64_t wanted = options.count > 0 ? options.count : 10'000'000;
    const test::TemporaryFolder folder;
    const SystemClock clock;
    test::PostgresServer server(kServerToFill);
    const auto small = moved_to(server, folder / "small", kSmall);
    const auto large = server.create_database(small);
    const auto began = Steady::now();
    const auto plis = test::multiply_store(server.url(large), static_cast<int>(wanted / kSmall));
    fmt::print("      {} plis: made in {:.0f} s; {} \n", plis, seconds_since(began),
               server.ask(large, "SELECT pg_size_pretty(pg_database_size(current_database()))"));
    std::fflush(stdout);
    fs::create_directories(folder / "large");
    fs::copy_file(folder / "small/nir.key", folder / "large/nir.key");
    server.ask(large, "CHECKPOINT");
    const auto ledger = open(folder / "small", server.url(small), clock);
    const auto large_ledger = open(folder / "large", server.url(large), clock);
    const auto [few, many] = measure_by_turns(*ledger, *large_ledger);
    show(fmt::format("durable transitions/s at {} plis", kSmall), few);
    show(fmt::format("durable transitions/s at {} plis", plis), many);
    figure(fmt::format("p99 of a lease at {} plis, ms", kSmall), fmt::format("{:.1f}", few.lease_p99_ms), "(shown)",
           true);
    return figure(fmt::format("p99 of a lease at {} plis, ms", plis), fmt::format("{:.1f}", many.lease_p99_ms),
                  "within 2 times", many.lease_p99_ms <= 2 * few.lease_p99_ms);
}

bool copy(const Options& options) {
    if (no_postgres()) return false;
    const std::int64_t plis = options.count > 0 ? options.count : 1'000'000;
    const test::TemporaryFolder temporary;
    const std::string base = options.folder.empty() ? temporary.path().string() : options.folder;
    const auto folder = fmt::format("{}/ledger-to-copy-{}", base, plis);
    const auto building = Steady::now();
    test::build_bulk_store({.folder = folder, .plis = plis});
    fmt::print("      {} plis: built in {:.0f} s, {:.0f} MB\n", plis, seconds_since(building),
               static_cast<double>(fs::file_size(folder + "/ledger.sqlite")) / 1e6);
    std::fflush(stdout);
    test::PostgresServer server(kServer);
    const auto began = Steady::now();
    const auto copied =
        ledger::copy_store({.folder = folder, .from = "sqlite:", .to = server.url(server.create_database())});
    figure(fmt::format("store copy of {} plis to PostgreSQL", plis), fmt::format("{:.0f} s", seconds_since(began)),
           "(shown)", true);
    return figure(
        "both compared row for row, journal and equations checked",
        copied ? fmt::format("{} rows, {} entries", copied->rows, copied->verified.audit_entries) : copied.error().code,
        "whole", copied.has_value() && copied->verified.plis >= plis);
}

}  // namespace pleiade::faults
