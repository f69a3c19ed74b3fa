// pleiade-faults: the chain under faults, each kind a sub-command, each with its table. See README.md.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "common/runtime/log.h"
#include "tests/faults/bench.h"

namespace pleiade::faults {

bool figure(const std::string& name, const std::string& value, const std::string& asked, bool holds) {
    fmt::print("{}  {:<62} {:>18}   asked {}\n", holds ? "ok  " : "FAIL", name, value, asked);
    std::fflush(stdout);
    return holds;
}

namespace {

struct Command {
    const char* name;
    const char* help;
    bool (*run)(const Options&);
};

constexpr Command kCommands[] = {
    {"store", "builds a ledger of --count plis in --folder", build_store},
    {"simulate", "the chain over virtual time, network and disk; --count seeds from --seed on", simulate},
    {"power", "--count power losses that forget what was not synced", power},
    {"kills", "--count kills of real processes while mail flows", kills},
    {"database", "--count kills of two hubs and of their PostgreSQL", database},
    {"workers", "the crash points of the reader and the router, each at its passages", workers},
    {"stops", "--count stops while mail is read", stops},
    {"elastic", "readers of `pleiade up` added, drained and stopped in the middle of the work", elastic},
    {"zombies", "--count workers stopped past their lease, then woken", zombies},
    {"poison", "one pli among --count kills whoever reads it", poison},
    {"bus", "--count cuts of the bus, messages lost and repeated", bus},
    {"hosts", "--count cuts of links between hosts in network namespaces; hosts killed, readers added", hosts},
    {"clocks", "the wall clock stepped while mail flows", clocks},
    {"overload", "more mail than can be read", overload},
    {"disks", "full, without inodes, read-only", disks},
    {"capacity", "durable transitions a second, at 10 000 and at --count plis", capacity},
    {"engines", "durable transitions a second: SQLite, PostgreSQL, one hub and two", engines},
    {"curve", "plis read a second with one, two and four readers, on one host and on two", curve},
    {"large", "a lease's p99 in PostgreSQL, at 100 000 and at --count plis", large},
    {"copy", "a ledger of --count plis moved to PostgreSQL", copy},
    {"absent", "what is deployed holds no crash point: the programs of --bin", absent},
    {"strangers", "a hub over tcp:// beside --count connections that say nothing, and beside garbage", strangers},
    {"mutations", "--count changes of stored files and of the audit chain", mutations},
    {"bugs", "each planted bug must turn the bench red", bugs},
    {"enumerate", "every crash point at its every passage: crash, EIO, ENOSPC", enumerate},
};

}  // namespace
}  // namespace pleiade::faults

int main(int argc, char** argv) {
    using namespace pleiade::faults;
    CLI::App app{"Breaks the chain on purpose and checks that nothing is lost and nothing done twice."};
    app.require_subcommand(1);
    Options options;
    bool good = false;
    for (const auto& command : kCommands) {
        auto* sub = app.add_subcommand(command.name, command.help);
        sub->add_option("--bin", options.bin, "folder of the programs");
        sub->add_option("--supervisor", options.supervisor, "`pleiade`, when it is not in that folder");
        sub->add_option("--folder", options.folder, "work there and keep everything");
        sub->add_option("--seed", options.seed, "of everything that is drawn; the same seed draws the same");
        sub->add_option("--count", options.count, "how many: kills, seeds, mutations, plis");
        sub->add_option("--only", options.only, "one failpoint, one planted bug");
        sub->add_flag("--trace", options.trace, "every event of a simulated run");
        sub->callback([&] {
            const auto began = std::chrono::steady_clock::now();
            good = command.run(options);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            fmt::print("{} {}: seed {}, {:.1f} s\n", good ? "green" : "RED  ", command.name, options.seed,
                       took.count());
        });
    }
    pleiade::runtime::log_open("faults", "error");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    } catch (const std::exception& error) {
        fmt::print(stderr, "pleiade-faults: {}\n", error.what());
        return 70;
    }
    return good ? 0 : 1;
}
