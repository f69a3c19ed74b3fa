// Power losses: the ledger's disk and the vault's forget what was not synced, with torn writes.
#include <fmt/format.h>

#include "tests/faults/bench.h"
#include "tests/faults/scratch.h"
#include "tests/faults/world.h"

namespace pleiade::faults {

bool power(const Options& options) {
    const std::int64_t wanted = options.count > 0 ? options.count : 1'000;
    std::int64_t losses = 0;
    std::size_t acknowledged = 0;
    std::uint64_t forgotten = 0;
    int red = 0;
    int worlds = 0;
    for (std::uint64_t seed = options.seed; losses < wanted && red < 5; ++seed, ++worlds) {
        const Scratch scratch(options.folder);
        WorldOptions world;
        world.seed = seed;
        world.home = scratch.path();
        world.always_power = true;
        world.network = false;
        world.faults_for = std::chrono::seconds(30);
        const auto outcome = run_world(world);
        losses += outcome.power_losses;
        acknowledged += outcome.acknowledged;
        forgotten += outcome.unsynced_lost;
        if (outcome.violations.empty()) continue;
        ++red;
        fmt::print("red seed {}\n", seed);
        for (const auto& violation : outcome.violations) fmt::print("    {}\n", violation);
    }
    fmt::print("      {} worlds, {} plis acknowledged, {} unsynced writes and names forgotten\n", worlds, acknowledged,
               forgotten);
    bool good = figure("power losses", std::to_string(losses), std::to_string(wanted), losses >= wanted);
    good &= figure("worlds with something acknowledged lost, or any violation", std::to_string(red), "0", red == 0);
    good &= figure("unsynced writes forgotten", std::to_string(forgotten), "some", forgotten > 0);
    return good;
}

}  // namespace pleiade::faults
