// kill -9 of any process of the chain at random moments while mail flows; and, with several hubs on PostgreSQL, of the
// hubs and of the database.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <regex>

#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/lead_out.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"
#include "tests/support/postgres_server.h"

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

struct Break {
    std::string name;
    std::function<bool()> now;  // false: there is nothing to break right now
};

// Breaks at random, `wanted` times, while mail flows; then judges what is left.
bool break_while_mail_flows(const Options& options, Chain& chain, const std::vector<Break>& breaks,
                            std::int64_t wanted) {
    std::mt19937_64 random(options.seed);
    Office office(chain, options.seed, milliseconds(700), 5);
    std::map<std::string, int> broken;
    for (std::int64_t done = 0; done < wanted;) {
        const auto until = Chain::Clock::now() + milliseconds(60 + random() % 280);
        while (Chain::Clock::now() < until) {
            chain.tick();
            std::this_thread::sleep_for(milliseconds(5));
        }
        const auto& victim = breaks[random() % breaks.size()];
        if (!victim.now()) continue;
        ++broken[victim.name];
        if (++done % 100 == 0) {
            fmt::print("      {} kills, {} plis dropped, {} registered over the bus, {} deliveries closed\n", done,
                       office.dropped(), office.registered(), office.closed());
            std::fflush(stdout);
        }
    }
    // The longest back-off is ten minutes: a pli that five restarts hit waits for it.
    const bool over = wait_until_over(chain, office, std::chrono::seconds(240));
    office.finish();
    const auto quarantined = count_in(chain.store(), "SELECT count(*) FROM pli WHERE state = 'QUARANTINED'");
    const bool whole = judge(chain.store(), office.history(), over);
    const bool led_out = lead_out(chain);
    const bool graceful = chain.stop();
    for (const auto& [name, count] : broken) fmt::print("      {} x {}\n", count, name);
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

Break killing(Chain& chain, const std::string& name) {
    return {name, [&chain, name] {
                if (!chain.running(name)) return false;
                chain.kill(name);
                return true;
            }};
}

ChainOptions whole_chain(const Options& options, const Scratch& scratch) {
    return {.bin = options.bin,
            .home = scratch.path() + "/home",
            .readers = 2,
            .router = true,
            .gateway = true,
            .lease_ms = 1'500,
            .work_ms = 5};
}

}  // namespace

bool kills(const Options& options) {
    const Scratch scratch(options.folder);
    Chain chain(whole_chain(options, scratch));
    chain.start_all();
    std::vector<Break> breaks;
    for (const auto& name : chain.names()) breaks.push_back(killing(chain, name));
    return break_while_mail_flows(options, chain, breaks, options.count > 0 ? options.count : 1'000);
}

bool database(const Options& options) {
    if (!test::PostgresServer::available())
        return figure("PostgreSQL 15", "SKIPPED: not installed", "installed", false);
    const Scratch scratch(options.folder);
    test::PostgresServer server;
    auto two_hubs = whole_chain(options, scratch);
    two_hubs.store_url = server.url(server.create_database());
    two_hubs.hubs = 2;
    Chain chain(std::move(two_hubs));
    chain.start_all();
    const std::vector<Break> breaks = {killing(chain, "hub"),
                                       killing(chain, "hub-2"),
                                       {"database, as a power cut would",
                                        [&] {
                                            server.kill();
                                            server.start();
                                            return true;
                                        }},
                                       {"database, stopped and started", [&] {
                                            server.stop();
                                            server.start();
                                            return true;
                                        }}};
    return break_while_mail_flows(options, chain, breaks, options.count > 0 ? options.count : 200);
}

}  // namespace pleiade::faults
