// kill -9 of any process of the chain at random moments while mail flows.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <regex>

#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/lead_out.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

// I9: fifteen digits that are a NIR with its right key.
int nirs_in_logs(const std::string& home) {
    static const std::regex pattern("[12][0-9]{14}");
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(home + "/logs")) {
        std::ifstream stream(entry.path());
        for (std::string line; std::getline(stream, line);) {
            for (std::sregex_iterator it(line.begin(), line.end(), pattern), end; it != end; ++it) {
                const long long number = std::stoll(it->str());
                found += 97 - (number / 100) % 97 == number % 100 ? 1 : 0;
            }
        }
    }
    return found;
}

}  // namespace

bool kills(const Options& options) {
    const std::int64_t wanted = options.count > 0 ? options.count : 1'000;
    const Scratch scratch(options.folder);
    Chain chain({.bin = options.bin,
                 .home = scratch.path() + "/home",
                 .readers = 2,
                 .router = true,
                 .gateway = true,
                 .lease_ms = 1'500,
                 .work_ms = 5});
    chain.start_all();
    std::mt19937_64 random(options.seed);
    Office office(chain, options.seed, milliseconds(700), 5);
    std::map<std::string, int> victims;
    const auto names = chain.names();
    for (std::int64_t done = 0; done < wanted;) {
        const auto until = Chain::Clock::now() + milliseconds(60 + random() % 280);
        while (Chain::Clock::now() < until) {
            chain.tick();
            std::this_thread::sleep_for(milliseconds(5));
        }
        const auto& victim = names[random() % names.size()];
        if (!chain.running(victim)) continue;
        chain.kill(victim);
        ++victims[victim];
        if (++done % 100 == 0) {
            fmt::print("      {} kills, {} plis dropped, {} registered over the bus, {} deliveries closed\n", done,
                       office.dropped(), office.registered(), office.closed());
            std::fflush(stdout);
        }
    }
    // The longest back-off is ten minutes: a pli that five restarts hit waits for it.
    const bool over = wait_until_over(chain, office, std::chrono::seconds(240));
    office.finish();
    const auto quarantined = count_in(chain.home(), "SELECT count(*) FROM pli WHERE state = 'QUARANTINED'");
    const bool whole = judge(chain.home(), office.history(), over);
    const bool led_out = lead_out(chain);
    const bool graceful = chain.stop();
    for (const auto& [name, count] : victims) fmt::print("      {} x {}\n", count, name);
    bool good = figure("kills", std::to_string(wanted), std::to_string(wanted), true);
    good &= figure("plis handed over", std::to_string(office.dropped() + office.registered()), "some",
                   office.dropped() > 0 && office.registered() > 0);
    good &= figure("deliveries closed", std::to_string(office.closed()), "some", office.closed() > 0);
    good &= figure("of them through the gateway", std::to_string(office.closed_over_the_web()), "some",
                   office.closed_over_the_web() > 0 && office.closed_over_the_web() < office.closed());
    good &= figure("all over once the kills stop", over ? "yes" : "no", "yes", over);
    good &= whole;
    good &= led_out;
    figure("plis set aside (lost three workers, or five attempts)", std::to_string(quarantined), "(shown)", true);
    const int nirs = nirs_in_logs(chain.home());
    good &= figure("I9: numbers of persons in the logs", std::to_string(nirs), "0", nirs == 0);
    good &= figure("graceful stop", graceful ? "within 10 s" : "no", "within 10 s", graceful);
    return good;
}

}  // namespace pleiade::faults
