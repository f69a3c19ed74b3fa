// What the parts of the fault bench share: their options and the table that an on-call person reads.
#pragma once

#include <cstdint>
#include <string>

namespace pleiade::faults {

struct Options {
    std::string bin;         // folder of the programs
    std::string supervisor;  // `pleiade`; empty: the one of that folder
    std::string folder;      // work there and keep everything; empty: a temporary one
    std::uint64_t seed = 1;  // enough to play a run again
    std::int64_t count = 0;  // of kills, seeds, mutations...; 0: as the issue asks
    std::string only;        // one failpoint, one planted bug
    bool trace = false;      // every event of a simulated run
};

// Prints one line of the table; gives `holds` back.
bool figure(const std::string& name, const std::string& value, const std::string& asked, bool holds);

bool build_store(const Options& options);
bool simulate(const Options& options);
bool power(const Options& options);
bool enumerate(const Options& options);
bool bugs(const Options& options);
bool mutations(const Options& options);
bool kills(const Options& options);
bool database(const Options& options);
bool workers(const Options& options);
bool stops(const Options& options);
bool elastic(const Options& options);
bool zombies(const Options& options);
bool poison(const Options& options);
bool bus(const Options& options);
bool clocks(const Options& options);
bool overload(const Options& options);
bool disks(const Options& options);
bool capacity(const Options& options);
bool engines(const Options& options);
bool curve(const Options& options);
bool large(const Options& options);
bool copy(const Options& options);
bool absent(const Options& options);
bool strangers(const Options& options);
bool hosts(const Options& options);

}  // namespace pleiade::faults
