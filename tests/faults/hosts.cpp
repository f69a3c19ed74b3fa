// An installation over hosts whose links are cut and which are killed while mail flows.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <thread>

#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/network.h"
#include "tests/faults/office.h"
#include "tests/faults/platform.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = Platform::Clock;

constexpr const char* kGatewayHost = "readers-2";
const std::vector<Place> kPlaces = {
    {"hub-a", "hub-a", "pleiade-hub"},
    {"hub-b", "hub-b", "pleiade-hub"},
    {"ingest", Platform::kBase, "pleiade-ingest"},
    {"reader-1", "readers-1", "pleiade-stub-reader"},
    {"reader-2", "readers-1", "pleiade-stub-reader"},
    {"router-1", "readers-1", "pleiade-router"},
    {"reader-3", "readers-2", "pleiade-stub-reader"},
    {"router-2", "readers-2", "pleiade-router"},
    {"gateway", kGatewayHost, "pleiade-gateway"},
};
constexpr double kNoticedMax = 5;
constexpr double kFlowsMax = 10;
constexpr seconds kGivenUp{60};
constexpr milliseconds kLookEvery{50};

double seconds_since(Clock::time_point began) {
    return std::chrono::duration<double>(Clock::now() - began).count();
}

// Seconds until it holds, the chain kept alive meanwhile; nothing when the time is over.
template <class Condition>
std::optional<double> seconds_until(Platform& platform, milliseconds patience, const Condition& holds) {
    const auto began = Clock::now();
    while (Clock::now() - began < patience) {
        platform.tick();
        if (holds()) return seconds_since(began);
        std::this_thread::sleep_for(kLookEvery);
    }
    return std::nullopt;
}

void keep_alive(Platform& platform, milliseconds length) {
    seconds_until(platform, length, [] { return false; });
}

// Whether a host does its part again, after the entry of the journal that was the last when it came back.
bool works(const Platform& platform, const std::string& host, long long last) {
    if (Platform::has_hub(host)) return platform.hub_answers(host, milliseconds(300));
    if (host == Platform::kBase) return true;  // nothing at all is written without it
    return platform.number(fmt::format("SELECT count(*) FROM audit WHERE seq > {} AND actor ~ '^[a-z]+:({})@'", last,
                                       fmt::join(platform.programs_of(host), "|"))) > 0;
}

// Mail is read and acknowledged again.
bool flows(const Platform& platform, long long last) {
    return platform.number(fmt::format("SELECT count(DISTINCT kind) FROM audit WHERE seq > {} AND kind IN ('pli.read', "
                                       "'pli.routed', 'delivery.closed')",
                                       last)) == 3;
}

double until_all_is_well(Platform& platform, const std::string& host) {
    const auto began = Clock::now();
    long long last = -1;
    const auto there = [&] { return (last = platform.number("SELECT seq FROM audit_head")) >= 0; };
    const bool well = seconds_until(platform, kGivenUp, there) &&
                      seconds_until(platform, kGivenUp, [&] { return flows(platform, last); }) &&
                      seconds_until(platform, kGivenUp, [&] { return works(platform, host, last); });
    return well ? seconds_since(began) : kGivenUp.count();
}

struct Measured {
    std::vector<double> noticed;  // of the cuts that lasted long enough
    std::vector<double> flowing;
};

std::string worst_of(std::vector<double> all) {
    if (all.empty()) return "none";
    std::ranges::sort(all);
    return fmt::format("{:.1f} (median {:.1f})", all.back(), all[all.size() / 2]);
}

bool all_within(const std::vector<double>& all, double limit) {
    return !all.empty() && std::ranges::all_of(all, [&](double one) { return one <= limit; });
}

// Mostly short ones; two that outlive every patience of the bus and of the store.
milliseconds length_of(std::int64_t cut, std::mt19937_64& random) {
    if (cut == 7) return seconds(30);
    if (cut == 13) return seconds(60);
    const auto least = cut % 4 == 3 ? 1'000 : 5'500;
    return milliseconds(least + static_cast<long>(random() % 1'500));
}

int connections_of(const Network& network, const std::string& host) {
    return network.connections_across(host, {Platform::kWorkPort, Platform::kDeskPort});
}

// Each host in turn; of the hubs the one that is spoken to, as nobody goes back to one that was left.
std::string host_in_turn(const Platform& platform, const Network& network, std::int64_t turn) {
    const auto hosts = platform.hosts();
    const auto& host = hosts[static_cast<std::size_t>(turn + 1) % hosts.size()];
    if (!Platform::has_hub(host)) return host;
    return connections_of(network, "hub-a") >= connections_of(network, "hub-b") ? "hub-a" : "hub-b";
}

void cut_links(Platform& platform, Network& network, std::int64_t cuts, std::mt19937_64& random, Measured& measured) {
    constexpr Cut kWays[] = {Cut::Cable, Cut::Silence, Cut::Out, Cut::In};
    for (std::int64_t i = 0; i < cuts; ++i) {
        const auto host = host_in_turn(platform, network, i);
        const auto how = kWays[static_cast<std::size_t>(i + i / 4) % 4];
        const auto length = length_of(i, random);
        const bool spoken_to = connections_of(network, host) > 0;
        const auto began = Clock::now();
        network.cut(host, how);
        const auto noticed = seconds_until(platform, length, [&] { return connections_of(network, host) == 0; });
        keep_alive(platform,
                   std::max(milliseconds{0}, length - std::chrono::duration_cast<milliseconds>(Clock::now() - began)));
        network.heal(host);
        const double flowing = until_all_is_well(platform, host);
        measured.flowing.push_back(flowing);
        const bool long_enough = length > std::chrono::duration<double>(kNoticedMax);
        if (spoken_to && (noticed || long_enough)) measured.noticed.push_back(noticed.value_or(kGivenUp.count()));
        fmt::print("      {:<10} {:<23} {:>5.1f} s: noticed {}, flowing again {:.1f} s after\n", host, name_of(how),
                   std::chrono::duration<double>(length).count(),
                   noticed ? fmt::format("in {:.1f} s", *noticed) : "not meanwhile", flowing);
        std::fflush(stdout);
        keep_alive(platform, milliseconds(500));
    }
}

std::vector<double> kill_hosts(Platform& platform, std::size_t count, std::mt19937_64& random) {
    std::vector<double> flowing;
    for (std::size_t i = 0; i < count; ++i) {
        const auto host = platform.hosts()[(i + 1) % platform.hosts().size()];
        platform.kill_host(host);
        keep_alive(platform, milliseconds(1'000 + random() % 3'000));
        platform.start_host(host);
        flowing.push_back(until_all_is_well(platform, host));
        fmt::print("      {:<10} killed: flowing again {:.1f} s after it was started\n", host, flowing.back());
        std::fflush(stdout);
    }
    return flowing;
}

// One reader more on one host, one less on another, and back.
int change_readers(Platform& platform) {
    int drained = 0;
    platform.add_reader("reader-4", "readers-2");
    keep_alive(platform, milliseconds(1'500));
    drained += platform.drain("reader-1") ? 1 : 0;
    keep_alive(platform, milliseconds(1'500));
    platform.add_reader("reader-1", "readers-1");
    drained += platform.drain("reader-4") ? 1 : 0;
    return drained;
}

bool all_is_over(Platform& platform, Office& office, milliseconds patience) {
    office.enough();
    return seconds_until(platform, patience,
                         [&] {
                             return office.scanned() &&
                                    platform.number("SELECT count(*) FROM pli") >=
                                        office.dropped() + office.registered() &&
                                    platform.number(kUnderWaySql) == 0;
                         })
        .has_value();
}

}  // namespace

bool hosts(const Options& options) {
    if (const auto reason = Platform::why_not(); !reason.empty())
        return figure("hosts in namespaces", "SKIPPED", reason, false);
    const std::int64_t cuts = options.count > 0 ? options.count : 20;
    const Scratch scratch(options.folder);
    Network network;
    Platform platform(options.bin, scratch.path(), network, {kPlaces});
    platform.start_all();
    std::mt19937_64 random(options.seed);
    const auto began = Clock::now();
    Office office({.home = platform.home(),
                   .work = platform.work(),
                   .desk = platform.desk(),
                   .gateway_port = Platform::kGatewayPort,
                   .tasks_waiting = [&] { return platform.number("SELECT tasks_read + tasks_route FROM totals"); },
                   .go_to_gateway = [&] { network.enter(kGatewayHost); }},
                  options.seed, milliseconds(300), 4);
    bool good = figure("mail flows over the hosts", "", "yes",
                       seconds_until(platform, kGivenUp, [&] { return flows(platform, 0); }).has_value());
    Measured measured;
    cut_links(platform, network, cuts, random, measured);
    const int drained = change_readers(platform);
    const auto killed = kill_hosts(platform, static_cast<std::size_t>(std::min<std::int64_t>(cuts, 5)), random);
    const bool over = all_is_over(platform, office, seconds(240));
    const double took = seconds_since(began);
    office.finish();
    const auto quarantined = platform.number("SELECT count(*) FROM pli WHERE state = 'QUARANTINED'");
    const bool graceful = platform.stop();

    good &= figure("cuts of links of 1 to 60 s: cable, silence, one direction", std::to_string(cuts),
                   std::to_string(cuts), true);
    good &= figure(fmt::format("slowest to be noticed, of the {} that lasted so long, s", measured.noticed.size()),
                   worst_of(measured.noticed), "5", all_within(measured.noticed, kNoticedMax));
    good &= figure("slowest to flow again after healing, s", worst_of(measured.flowing), "10",
                   all_within(measured.flowing, kFlowsMax));
    good &= figure("slowest to flow again after a host was killed, s", worst_of(killed), "10",
                   all_within(killed, kFlowsMax));
    good &= figure("readers added and drained", std::to_string(drained), "2", drained == 2);
    good &= figure("plis handed over, to the inbox and to the bus",
                   fmt::format("{} + {}", office.dropped(), office.registered()), "some",
                   office.dropped() > 0 && office.registered() > 0);
    good &= figure("deliveries closed, a second", fmt::format("{} ({:.1f}/s)", office.closed(), office.closed() / took),
                   "some", office.closed() > 0);
    good &= figure("of them through the gateway", std::to_string(office.closed_over_the_web()), "some",
                   office.closed_over_the_web() > 0);
    good &= figure("all over", over ? "yes" : "no", "yes", over);
    figure("plis set aside (lost three workers, or five attempts)", std::to_string(quarantined), "(shown)", true);
    good &= judge({platform.home(), platform.store_url()}, office.history(), over);
    good &= figure("graceful stop", graceful ? "within 10 s" : "no", "within 10 s", graceful);
    return good;
}

}  // namespace pleiade::faults
