// Starts and stops in the middle of the work: each stop in time, and nothing that was begun is done twice.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "tests/faults/bench.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

constexpr int kWorkMs = 300;  // so that every stop finds readers at work

}  // namespace

bool stops(const Options& options) {
    const std::int64_t wanted = options.count > 0 ? options.count : 10;
    const Scratch scratch(options.folder);
    Chain chain({.bin = options.bin,
                 .home = scratch.path() + "/home",
                 .readers = 2,
                 .router = true,
                 .lease_ms = 2'000,
                 .work_ms = kWorkMs});
    chain.start_all();
    Office office(chain, options.seed, milliseconds(500), 3);
    double slowest = 0;
    bool graceful = true;
    for (std::int64_t i = 0; i < wanted; ++i) {
        const auto until = Chain::Clock::now() + milliseconds(1'500 + (i * 137) % 400);
        while (Chain::Clock::now() < until) {
            chain.tick();
            std::this_thread::sleep_for(milliseconds(10));
        }
        const auto began = Chain::Clock::now();
        graceful = chain.stop() && graceful;
        slowest = std::max(slowest, std::chrono::duration<double>(Chain::Clock::now() - began).count());
        chain.start_all();
    }
    const bool over = wait_until_over(chain, office, std::chrono::seconds(120));
    office.finish();
    graceful = chain.stop() && graceful;
    bool good = figure("stops while mail is read", std::to_string(wanted), std::to_string(wanted), true);
    good &= figure("slowest stop, s", fmt::format("{:.1f}", slowest), "10", graceful && slowest <= 10);
    good &= judge_begun_once(chain.home(), office.history(), over);
    return good;
}

}  // namespace pleiade::faults
