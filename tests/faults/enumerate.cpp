// Every crash point, at its first passage, its second, its third... until a run passes it no more: the process dies
// there, or the disk fails or is full, once or from then on. Another life then finishes, and nothing may be lost.
// The lives are processes; they share a home on a real file system.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "common/base/failpoint.h"
#include "tests/faults/bench.h"
#include "tests/faults/disk_points.h"
#include "tests/faults/scratch.h"
#include "tests/faults/world.h"

namespace pleiade::faults {
namespace {

constexpr std::array kPoints = {"vault.open",
                                "vault.write",
                                "vault.sync",
                                "vault.before_name",
                                "vault.before_folder_sync",
                                "vault.after_put",
                                "ingest.before_register",
                                "ingest.after_registered",
                                "ingest.before_plan",
                                "ingest.before_release",
                                "ingest.mid_release",
                                "ingest.after_release",
                                "hub.received",
                                "hub.before_answer",
                                "ledger.mid_migration",
                                "ledger.recovery",
                                "ledger.begin",
                                "ledger.after_state",
                                "ledger.before_audit",
                                "ledger.before_commit",
                                "ledger.after_commit",
                                "ledger.expiry",
                                "ledger.keyed",
                                "ledger.keying_expiry",
                                "disk.journal_sync",
                                "disk.checkpoint_write",
                                "disk.checkpoint_sync"};
constexpr std::array kActions = {"crash", "eio", "enospc"};
constexpr int kPassagesMax = 400;
constexpr int kRed = 3;

struct Tally {
    int runs = 0;
    int fired = 0;
    int red = 0;
    bool ended = false;  // a run passed the point without its acting
};

// One life; its exit code, or 128 + its signal.
template <class Life>
int in_process(Life life) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
        const int nothing = ::open("/dev/null", O_WRONLY);
        ::dup2(nothing, STDERR_FILENO);
        const int code = life();
        std::fflush(stdout);
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

WorldOptions quiet_world(const Options& options, const std::string& home) {
    WorldOptions world;
    world.seed = options.seed;
    world.home = home;
    world.lots = 1;
    world.plis_of_lot = 2;
    world.doubtful = 2;
    world.bad_plis = 1;
    world.workers = 3;
    world.simulated_disk = false;
    world.crashes = false;
    world.network = false;
    world.faults_for = std::chrono::milliseconds(0);
    world.history = home + "/history";
    return world;
}

enum class Seen { NotPassed, Green, Red };

Seen one_case(const Options& options, const std::string& point, const std::string& fault) {
    const Scratch scratch;
    auto first = quiet_world(options, scratch.path());
    first.judge = false;
    first.limit = fault.ends_with("+") ? std::chrono::seconds(20) : std::chrono::seconds(120);
    first.leave_once = point == "ledger.expiry" || point == "ledger.keying_expiry";
    const std::string acted = scratch.path() + "/acted";
    const int code = in_process([&] {
        ::setenv("PLEIADE_FAILPOINTS_LOG", acted.c_str(), 1);
        if (point.starts_with("disk.")) pass_disk_points();
        failpoint::arm(point + ":" + fault);
        run_world(first);
        return 0;
    });
    if (!std::filesystem::exists(acted)) return code == 0 ? Seen::NotPassed : Seen::Red;
    const int end = in_process([&] {
        auto second = quiet_world(options, scratch.path());
        second.seed += 1'000'000;
        second.keep_mail = true;
        const auto outcome = run_world(second);
        for (const auto& violation : outcome.violations) fmt::print("    {}:{}: {}\n", point, fault, violation);
        return outcome.violations.empty() ? 0 : kRed;
    });
    return end == 0 ? Seen::Green : Seen::Red;
}

Tally all_passages(const Options& options, const std::string& point, const std::string& action, bool forever) {
    Tally tally;
    for (int k = 1; k <= kPassagesMax && !tally.ended; ++k) {
        const auto seen = one_case(options, point, fmt::format("{}@{}{}", action, k, forever ? "+" : ""));
        ++tally.runs;
        tally.ended = seen == Seen::NotPassed;
        tally.fired += seen == Seen::NotPassed ? 0 : 1;
        tally.red += seen == Seen::Red ? 1 : 0;
        // From then on: where it begins matters less, and each of these runs waits for its limit.
        if (forever && k >= 2) k += 4;
    }
    return tally;
}

}  // namespace

bool enumerate(const Options& options) {
    bool good = true;
    int runs = 0;
    for (const std::string point : kPoints) {
        if (!options.only.empty() && options.only != point) continue;
        std::string shown;
        bool holds = true;
        int deepest = 0;
        for (const std::string action : kActions) {
            for (const bool forever : {false, true}) {
                const Tally tally = all_passages(options, point, action, forever);
                runs += tally.runs;
                deepest = std::max(deepest, tally.fired);
                holds = holds && tally.red == 0 && tally.ended && (tally.fired > 0 || action != "crash");
                shown += fmt::format("{}{}", shown.empty() ? "" : " ", tally.fired);
            }
        }
        good &= figure(point, shown, "all green; cases: crash eio enospc, once and for ever", holds);
    }
    good &= figure("runs", std::to_string(runs), "(shown)", true);
    return good;
}

}  // namespace pleiade::faults
