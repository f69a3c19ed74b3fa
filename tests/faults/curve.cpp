// What readers add: the rate at which plis are read with one, two and four of them, on one host and on two in network
// namespaces, each with a hub of its own, over one PostgreSQL on a third. The stub's work is a pause, so that the curve
// is the chain's and not that of this machine's two processors.
#include <fmt/format.h>

#include <thread>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "tests/faults/bench.h"
#include "tests/faults/network.h"
#include "tests/faults/platform.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

constexpr int kWorkMs = 200;  // less than half of what a pli takes to be read
constexpr int kPlisOfReader = 60;
constexpr auto kPatience = std::chrono::seconds(120);

void register_plis(const HubAddress& hubs, int plis) {
    bus::Client client(hubs);
    for (int i = 1; i <= plis; ++i) {
        v1::Register pli;
        pli.mutable_context()->set_lot("CURVE");
        pli.mutable_context()->set_pli(std::to_string(i));
        pli.mutable_context()->set_caisse("595");
        pli.add_files()->set_sha256(sha256_hex(std::to_string(i)));
        pli.add_pages()->set_page(1);
        bus::CallOptions call;
        call.idempotency_key = sha256_hex(fmt::format("curve {}", i));
        client.ask<v1::Registered>(pli, call).value();
    }
}

std::vector<Place> places(int hosts, int readers) {
    std::vector<Place> all;
    for (int i = 1; i <= hosts; ++i) all.push_back({fmt::format("hub-{}", i), fmt::format("hub-{}", i), "pleiade-hub"});
    for (int i = 1; i <= readers; ++i) {
        all.push_back({fmt::format("reader-{}", i), fmt::format("hub-{}", (i - 1) % hosts + 1), "pleiade-stub-reader"});
    }
    return all;
}

// Plis read a second, from the first to the last as the journal dates them; 0 when they were not all read.
double rate(const Options& options, Network& network, int hosts, int readers) {
    const Scratch scratch(options.folder);
    Platform platform(options.bin, scratch.path(), network, {places(hosts, readers), kWorkMs});
    platform.start_hubs();
    const int plis = kPlisOfReader * readers;
    register_plis(platform.work(), plis);
    platform.start_others();
    const auto until = Platform::Clock::now() + kPatience;
    const auto read = [&] { return platform.number("SELECT count(*) FROM audit WHERE kind = 'pli.read'"); };
    while (read() < plis && Platform::Clock::now() < until) std::this_thread::sleep_for(milliseconds(200));
    const auto took = platform.number("SELECT max(at_ms) - min(at_ms) FROM audit WHERE kind = 'pli.read'");
    const bool all = read() == plis;
    platform.stop();
    return all && took > 0 ? (plis - 1) * 1e3 / static_cast<double>(took) : 0;
}

}  // namespace

bool curve(const Options& options) {
    if (const auto reason = Platform::why_not(); !reason.empty()) return figure("the curve", "SKIPPED", reason, false);
    Network network;  // one for all: the bus's own threads stay where they began
    bool good = true;
    for (const int hosts : {1, 2}) {
        double one = 0;
        for (const int readers : {1, 2, 4}) {
            const double per_second = rate(options, network, hosts, readers);
            if (readers == 1) one = per_second;
            const double efficiency = one > 0 ? per_second / (readers * one) : 0;
            // With four readers each waits for the hub and for its commit a fifth of its time at the most.
            good &= figure(fmt::format("plis read/s, {} host{}, {} reader{}", hosts, hosts > 1 ? "s" : "", readers,
                                       readers > 1 ? "s" : ""),
                           fmt::format("{:.1f}, efficiency {:.0f} %", per_second, efficiency * 100), "80 %",
                           efficiency >= 0.8);
        }
    }
    return good;
}

}  // namespace pleiade::faults
