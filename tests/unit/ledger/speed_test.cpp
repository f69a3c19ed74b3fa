// How many durable transitions a second, and how long one waits. Disabled: it measures a machine, not the code.
//   build with optimisation, then: test_ledger --gtest_also_run_disabled_tests --gtest_filter='Speed.*'
// PLEIADE_BENCH_FOLDER: where the ledger stands (a real disk); PLEIADE_BENCH_PLIS: how many plis are there at most.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "common/base/sha256.h"
#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

using Steady = std::chrono::steady_clock;

class Batches {
  public:
    Batches(Ledger& ledger, int group) : ledger_(ledger), group_(group) {}

    template <class Step>
    void step(Step apply) {
        if (in_batch_ == 0) {
            began_at_ = Steady::now();
            ledger_.begin();
        }
        apply();
        if (++in_batch_ == group_) flush();
    }
    void flush() {
        if (in_batch_ == 0) return;
        ledger_.commit();
        const double ms = std::chrono::duration<double, std::milli>(Steady::now() - began_at_).count();
        for (int i = 0; i < in_batch_; ++i) waits_ms_.push_back(ms);
        in_batch_ = 0;
    }
    std::string report(double seconds) {
        std::sort(waits_ms_.begin(), waits_ms_.end());
        const auto at = [&](double share) {
            return waits_ms_.at(static_cast<std::size_t>(share * static_cast<double>(waits_ms_.size() - 1)));
        };
        const double cpu_us =
            1e6 * static_cast<double>(std::clock() - cpu_) / CLOCKS_PER_SEC / static_cast<double>(waits_ms_.size());
        return fmt::format("{:>8.0f} transitions/s, {:.0f} CPU-us each, p50 {:.2f} ms, p99 {:.2f} ms, max {:.1f} ms",
                           static_cast<double>(waits_ms_.size()) / seconds, cpu_us, at(0.5), at(0.99), at(1));
    }

  private:
    Ledger& ledger_;
    int group_;
    int in_batch_ = 0;
    std::clock_t cpu_ = std::clock();
    Steady::time_point began_at_;
    std::vector<double> waits_ms_;
};

// Seven transitions a pli: register, lease, read, lease, route, take, acknowledge.
void whole_lives(Ledger& ledger, Batches& run, int first, int plis) {
    for (int i = first; i < first + plis; ++i) {
        const std::string rank = std::to_string(i);
        run.step([&] {
            ledger.register_pli({"ingest", digest(rank), ""}, pli_of("L" + rank.substr(0, 3), rank, 4, rank)).value();
        });
        for (const char* const stage : {"read", "route"}) {
            GrantedTask task;
            run.step([&] { task = *ledger.lease({"w", 1, rank + stage, {stage}}); });
            const v1::Done done = std::string(stage) == "read" ? reading_of({{1, 2}}, {3, 4}) : routed(1, "IJ");
            run.step([&] { ledger.finish(task.task_id, task.fence, digest(rank + stage), done).value(); });
        }
        v1::Taken taken;
        run.step([&] { taken = ledger.take({"ij", "t" + rank, ""}, from_queue("595", "IJ")).value(); });
        v1::Acknowledge receipt;
        receipt.set_document(taken.documents(0).row().id());
        receipt.set_fence(taken.documents(0).fence());
        receipt.set_by("ij-1");
        run.step([&] { ledger.acknowledge({"ij", "a" + rank, ""}, receipt).value(); });
    }
    run.flush();
}

TEST(Speed, DISABLED_DurableTransitions) {
    const char* const folder = std::getenv("PLEIADE_BENCH_FOLDER");
    const char* const most = std::getenv("PLEIADE_BENCH_PLIS");
    const int plis_max = most != nullptr ? std::atoi(most) : 10'000;
    const SystemClock clock;
    LedgerOptions options;
    options.folder = folder != nullptr ? folder : "bench-ledger";
    options.clock = &clock;
    const auto ledger = open_sqlite_ledger(options);
    int known = 0;
    for (int target = 1'000; target <= plis_max; target *= 10) {
        Batches filling(*ledger, 256);
        whole_lives(*ledger, filling, known, target - known);
        known = target;
        for (const int group : {1, 16, 64}) {
            Batches run(*ledger, group);
            const int plis = 500;
            const auto began_at = Steady::now();
            whole_lives(*ledger, run, known, plis);
            const double seconds = std::chrono::duration<double>(Steady::now() - began_at).count();
            known += plis;
            fmt::print("{:>8} plis, groups of {:>3}: {}\n", known, group, run.report(seconds));
        }
    }
}

}  // namespace
}  // namespace pleiade::ledger
