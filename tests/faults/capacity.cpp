// How fast transitions are made durable, in a small store and in one of a million plis; how fast that one opens.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "common/base/sha256.h"
#include "common/ledger/ledger.h"
#include "tests/faults/bench.h"
#include "tests/faults/own_time.h"
#include "tests/faults/stub_result.h"
#include "tests/support/bulk_store.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::faults {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kGroup = 8;  // messages of one batch: fewer than at the peak, so that waiting is not flattered
constexpr std::chrono::seconds kMeasured{12};

struct Speed {
    double per_second = 0;
    double p99_ms = 0;
    double open_seconds = 0;
    double share = 1;  // of the time that was measured, that was this program's
};

// New plis from registration to the queue, eight at a time, each step a batch of its own.
class Lives {
  public:
    Lives(ledger::Ledger& ledger, std::string lot) : ledger_(ledger), lot_(std::move(lot)) {}

    void eight() {
        std::vector<std::string> ranks;
        for (int i = 0; i < kGroup; ++i) ranks.push_back(std::to_string(++rank_));
        batch([&](int i) {
            v1::Register pli;
            pli.mutable_context()->set_lot(lot_);
            pli.mutable_context()->set_pli(ranks.at(static_cast<std::size_t>(i)));
            pli.mutable_context()->set_caisse("000");  // first in turn, before what the store holds
            const auto key = sha256_hex(lot_ + ranks.at(static_cast<std::size_t>(i)));
            pli.add_files()->set_sha256(key);
            pli.add_pages()->set_page(1);
            ledger_.register_pli({"ingest", key, ""}, pli).value();
        });
        for (const char* stage : {"read", "route"}) {
            std::vector<ledger::GrantedTask> tasks(kGroup);
            batch([&](int i) {
                tasks.at(static_cast<std::size_t>(i)) =
                    *ledger_.lease({fmt::format("worker-{}", i), 1, fmt::format("{} {}", stage, ++said_), {stage}});
            });
            batch([&](int i) {
                const auto& task = tasks.at(static_cast<std::size_t>(i));
                const v1::Done done = result_of(task.lease);
                ledger_.finish(task.task_id, task.fence, sha256_hex(done.SerializeAsString()), done).value();
            });
        }
    }
    int transitions() const { return static_cast<int>(waits_ms_.size()); }
    double p99() {
        std::sort(waits_ms_.begin(), waits_ms_.end());
        return waits_ms_.at(waits_ms_.size() * 99 / 100);
    }

  private:
    template <class Step>
    void batch(Step step) {
        const OwnTime own;
        ledger_.begin();
        for (int i = 0; i < kGroup; ++i) step(i);
        ledger_.commit();
        waits_ms_.insert(waits_ms_.end(), kGroup, own.seconds() * 1e3);
    }

    ledger::Ledger& ledger_;
    const std::string lot_;
    int rank_ = 0;
    int said_ = 0;
    std::vector<double> waits_ms_;
};

Speed measure(const std::string& folder, const Clock& clock) {
    const OwnTime opening;
    const auto ledger = ledger::open_sqlite_ledger({.folder = folder, .clock = &clock});
    Speed speed;
    speed.open_seconds = opening.seconds();
    Lives lives(*ledger, "MEASURED");
    for (int i = 0; i < 20; ++i) lives.eight();  // caches
    Lives measured(*ledger, "MEASURED-2");
    const auto start = Steady::now();
    const OwnTime own;
    while (Steady::now() - start < kMeasured) measured.eight();
    speed.per_second = measured.transitions() / own.seconds();
    speed.share = own.seconds() / std::chrono::duration<double>(Steady::now() - start).count();
    speed.p99_ms = measured.p99();
    return speed;
}

}  // namespace

bool capacity(const Options& options) {
    const std::int64_t large = options.count > 0 ? options.count : 1'000'000;
    const test::TemporaryFolder temporary;  // on a disk, not in memory
    const std::string base = options.folder.empty() ? temporary.path().string() : options.folder;
    const SystemClock clock;
    Speed speeds[2];
    int i = 0;
    for (const std::int64_t plis : {std::int64_t{10'000}, large}) {
        const auto folder = fmt::format("{}/ledger-{}", base, plis);
        const auto began = Steady::now();
        if (!std::filesystem::exists(folder)) test::build_bulk_store({.folder = folder, .plis = plis});
        const double built = std::chrono::duration<double>(Steady::now() - began).count();
        speeds[i] = measure(folder, clock);
        fmt::print(
            "      {} plis: built in {:.0f} s, {:.0f} MB; opened in {:.2f} s; {:.0f} % of the time was others'\n", plis,
            built, static_cast<double>(std::filesystem::file_size(folder + "/ledger.sqlite")) / 1e6,
            speeds[i].open_seconds, 100 * (1 - speeds[i].share));
        std::fflush(stdout);
        ++i;
    }
    const double ratio = speeds[0].per_second / speeds[1].per_second;
    bool good = figure("durable transitions/s at 10 000 plis", fmt::format("{:.0f}", speeds[0].per_second), "500",
                       speeds[0].per_second >= 500);
    good &= figure("p99 of one, ms", fmt::format("{:.1f}", speeds[0].p99_ms), "50", speeds[0].p99_ms <= 50);
    good &= figure(fmt::format("durable transitions/s at {} plis", large), fmt::format("{:.0f}", speeds[1].per_second),
                   "within 1.5 times", ratio <= 1.5);
    good &= figure("p99 of one, ms", fmt::format("{:.1f}", speeds[1].p99_ms), "75", speeds[1].p99_ms <= 75);
    good &= figure(fmt::format("{} plis open in, s", large), fmt::format("{:.2f}", speeds[1].open_seconds), "5",
                   speeds[1].open_seconds <= 5);

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
