// pleiade-live-bench: what an event takes to reach every live page, and what live pages cost the gateway.
// Usage: pleiade-live-bench [--clients 200,1000] [--rate 5] [--queues 60] [--seconds 8] [--runs 3]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/live/clients.h"
#include "tests/bench/live/gateway_process.h"
#include "tests/support/machine.h"

namespace {

using namespace pleiade::bench;

constexpr double kMiB = 1024.0 * 1024.0;
constexpr double kLatencyMaxMs = 250;  // p99 for 200 clients
constexpr double kMemoryMaxMiB = 64;

struct Run {
    double p50 = 0, p99 = 0, most = 0;
    double clients_mib = 0, whole_mib = 0;
    int lost = 0, missed = 0;
};

template <class Values>
double quantile(Values values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

Run run_once(int clients, int rate, int queues, int seconds) {
    const GatewayProcess gateway(queues, rate);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const auto before = gateway.memory();
    Clients followers(gateway.port(), clients);
    const auto followed = followers.follow(std::chrono::seconds(2), std::chrono::seconds(seconds));
    const auto after = gateway.memory();
    Run run;
    run.p50 = quantile(followed.milliseconds, 0.5);
    run.p99 = quantile(followed.milliseconds, 0.99);
    run.most = quantile(followed.milliseconds, 1);
    run.clients_mib = static_cast<double>(after.most_bytes - before.now_bytes) / kMiB;
    run.whole_mib = static_cast<double>(after.most_bytes) / kMiB;
    run.lost = followed.lost;
    run.missed = followed.missed;
    return run;
}

// The run in the middle by its 99th centile; what was lost, of all of them.
Run middle(std::vector<Run> runs) {
    int lost = 0, missed = 0;
    for (const auto& run : runs) {
        lost += run.lost;
        missed += run.missed;
    }
    std::ranges::sort(runs, {}, &Run::p99);
    Run run = runs[runs.size() / 2];
    run.lost = lost;
    run.missed = missed;
    return run;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Live clients of the gateway: latency and memory"};
    std::vector<int> clients{200, 1'000};
    int rate = 5, queues = 60, seconds = 8, runs = 3;
    app.add_option("--clients", clients, "how many at a time")->delimiter(',');
    app.add_option("--rate", rate, "events a second")->check(CLI::Range(1, 1'000));
    app.add_option("--queues", queues, "in each status")->check(CLI::Range(0, 1'000));
    app.add_option("--seconds", seconds, "measured in each run")->check(CLI::Range(1, 3'600));
    app.add_option("--runs", runs, "of each, whose median is printed")->check(CLI::Range(1, 99));
    CLI11_PARSE(app, argc, argv);
    allow_open_files();
    fmt::print("live clients: {} events/s, a status of {} queues a second; median of {} runs of {} s; {}\n", rate,
               queues, runs, seconds, pleiade::test::machine());
    bool good = true;
    for (const int count : clients) {
        std::vector<Run> all;
        for (int i = 0; i < runs; ++i) all.push_back(run_once(count, rate, queues, seconds));
        const Run run = middle(std::move(all));
        fmt::print(
            "  {:>5} clients: event to client p50 {:.0f} ms, p99 {:.0f} ms, most {:.0f} ms; gateway {:.1f} MiB for "
            "them, {:.1f} MiB in all; {} cut, {} events missed\n",
            count, run.p50, run.p99, run.most, run.clients_mib, run.whole_mib, run.lost, run.missed);
        if (count <= 200) {
            good = good && run.p99 <= kLatencyMaxMs && run.clients_mib <= kMemoryMaxMiB && run.lost + run.missed == 0;
        }
    }
    fmt::print("  asked of 200 clients: p99 at most {:.0f} ms, at most {:.0f} MiB for them, none cut: {}\n",
               kLatencyMaxMs, kMemoryMaxMiB, good ? "yes" : "NO");
    return good ? 0 : 1;
}
