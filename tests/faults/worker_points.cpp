// The crash points of a worker's process, each at its first, second, third passage, and of the bus at both ends: the
// worker dies there, another life of it comes, and what it held is done once.
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Place {
    const char* point;
    const char* victim;
};
// The router decides at once: its work has no middle.
constexpr std::array<Place, 10> kPlaces = {{{"worker.after_lease", "reader-1"},
                                            {"worker.after_lease", "router"},
                                            {"worker.mid_work", "reader-1"},
                                            {"worker.before_result", "reader-1"},
                                            {"worker.before_result", "router"},
                                            {"worker.after_result", "reader-1"},
                                            {"worker.after_result", "router"},
                                            {"bus.request", "reader-1"},
                                            {"bus.request", "ingest"},
                                            {"bus.answer", "hub"}}};
constexpr int kPassages = 3;

// Until a crash point has acted; false after a while.
bool acts(Chain& chain, const std::string& log) {
    const auto until = Chain::Clock::now() + seconds(20);
    while (Chain::Clock::now() < until) {
        chain.tick();
        if (std::filesystem::exists(log)) return true;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
}

}  // namespace

bool workers(const Options& options) {
    const Scratch scratch(options.folder);
    const std::string armed = scratch.path() + "/armed";
    const std::string acted = scratch.path() + "/acted";
    Chain chain({.bin = options.bin,
                 .home = scratch.path() + "/home",
                 .readers = 1,
                 .router = true,
                 .lease_ms = 1'500,
                 .work_ms = 600});  // longer than a third of the lease: the work has a middle
    const std::map<std::string, std::string> environment{{"PLEIADE_FAILPOINTS_FILE", armed},
                                                         {"PLEIADE_FAILPOINTS_LOG", acted}};
    std::ofstream(armed) << "";
    for (const char* name : {"hub", "ingest", "reader-1", "router"}) chain.start(name, environment);
    Office office(chain, options.seed, milliseconds(300), 2);
    bool good = true;
    for (const auto& [point, victim] : kPlaces) {
        if (!options.only.empty() && options.only != point) continue;
        int died = 0;
        for (int k = 1; k <= kPassages && died == k - 1; ++k) {
            // What is armed counts from the start of a life; the lives after it pass in peace.
            std::filesystem::remove(acted);
            put_file(armed, fmt::format("{}:crash@{}\n", point, k));
            chain.kill(victim);
            died += acts(chain, acted) ? 1 : 0;
            put_file(armed, "");
        }
        chain.kill(victim);  // nothing is armed in the life that comes
        good &= figure(fmt::format("{} of {}: deaths", point, victim), std::to_string(died), std::to_string(kPassages),
                       died == kPassages);
    }
    const bool over = wait_until_over(chain, office, seconds(240));
    office.finish();
    const bool graceful = chain.stop();
    good &= figure("all over", over ? "yes" : "no", "yes", over);
    good &= judge(chain.home(), office.history(), over);
    good &= figure("graceful stop", graceful ? "within 10 s" : "no", "within 10 s", graceful);
    return good;
}

}  // namespace pleiade::faults
