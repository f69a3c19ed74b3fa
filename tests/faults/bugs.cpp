// The bench can fail: each planted bug must turn it red within a bounded number of seeds.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "common/base/failpoint.h"
#include "tests/faults/bench.h"
#include "tests/faults/scratch.h"
#include "tests/faults/world.h"

namespace pleiade::faults {
namespace {

constexpr int kSeedsMax = 60;

struct Bug {
    const char* name;
    const char* what;
};
constexpr std::array<Bug, 8> kBugs = {{{"ack_before_commit", "answers leave before the commit"},
                                       {"synchronous_normal", "commits are not synced"},
                                       {"no_fence_check", "a stale result is taken"},
                                       {"no_folder_sync", "a file's name in the vault is not synced"},
                                       {"no_outbox", "deliveries are written after the commit"},
                                       {"credit_plus_one", "each Ready adds a lease"},
                                       {"no_idempotency_key", "a registration said again is a new one"},
                                       {"quarantine_drops", "a hopeless pli is dropped"}}};

// The number of the seed that turned red, 0 when none did; in a process of its own.
int seeds_until_red(const Options& options, const Bug& bug) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
        failpoint::plant(bug.name);
        for (int i = 0; i < kSeedsMax; ++i) {
            const Scratch scratch;
            WorldOptions world;
            world.seed = options.seed + static_cast<std::uint64_t>(i);
            world.home = scratch.path();
            world.poisons = i % 2;
            world.limit = std::chrono::minutes(10);
            const auto outcome = run_world(world);
            if (outcome.violations.empty()) continue;
            fmt::print("      {} at seed {}: {}\n", bug.name, world.seed, outcome.violations.front());
            std::fflush(stdout);
            ::_exit(i + 1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    // A process that dies of the bug has found it too.
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

bool bugs(const Options& options) {
    bool good = true;
    for (const Bug& bug : kBugs) {
        if (!options.only.empty() && options.only != bug.name) continue;
        const int red = seeds_until_red(options, bug);
        good &= figure(fmt::format("planted: {}", bug.what),
                       red > 0 ? fmt::format("red at seed {}", red) : std::string("green"),
                       fmt::format("red within {} seeds", kSeedsMax), red > 0);
    }
    return good;
}

}  // namespace pleiade::faults
