// What is deployed holds no crash point and no planted bug: their names are in no program of --bin.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/faults/bench.h"

namespace pleiade::faults {
namespace {

constexpr const char* kNames[] = {"ledger.before_commit", "vault.before_name",  "hub.received",   "bus.request",
                                  "worker.after_lease",   "ingest.before_plan", "no_fence_check", "PLEIADE_FAILPOINTS",
                                  "PLEIADE_PLANTED_BUGS", "PLEIADE_CLOCK_FILE"};

int names_in(const std::filesystem::path& program) {
    std::ifstream stream(program, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    int found = 0;
    for (const char* name : kNames) {
        if (bytes.find(name) == std::string::npos) continue;
        ++found;
        fmt::print("    {} holds \"{}\"\n", program.filename().string(), name);
    }
    return found;
}

}  // namespace

bool absent(const Options& options) {
    int programs = 0;
    int found = 0;
    for (const char* name :
         {"pleiade-hub", "pleiade-ingest", "pleiade-router", "pleiade-gateway", "pleiade-reader", "pleiade"}) {
        const auto program = std::filesystem::path(options.bin) / name;
        if (!std::filesystem::exists(program)) continue;
        ++programs;
        found += names_in(program);
    }
    bool good = figure("programs looked at", std::to_string(programs), "at least 3", programs >= 3);
    good &= figure("names of crash points and planted bugs in them", std::to_string(found), "0", found == 0);
    return good;
}

}  // namespace pleiade::faults
