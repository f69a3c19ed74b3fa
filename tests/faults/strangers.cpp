// A hub over tcp:// that strangers lean on: idle connections that come back as often as they are closed, and garbage.
// What is measured is what a scanner waits for: the answer to a registration, durable.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "tests/faults/bench.h"
#include "tests/faults/chain.h"
#include "tests/faults/scratch.h"
#include "tests/support/bus_keyring.h"
#include "tests/support/raw_tcp.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kAsked = 1'000;  // registrations of one measure
constexpr int kGarbagePerSecond = 100;
constexpr double kSlowerMax = 2.0;

// Connections that say nothing, each opened again once it is closed.
class Idle {
  public:
    Idle(std::uint16_t port, int count) : thread_([this, port, count] { run(port, count); }) {
        while (open_ < count) std::this_thread::sleep_for(milliseconds(10));
    }
    ~Idle() {
        stop_ = true;
        thread_.join();
    }
    int reopened() const { return reopened_; }

  private:
    void run(std::uint16_t port, int count) {
        std::vector<std::optional<test::RawTcp>> connections(static_cast<std::size_t>(count));
        for (auto& connection : connections) {
            connection.emplace(port);
            ++open_;
        }
        while (!stop_) {
            std::vector<pollfd> fds;
            for (const auto& connection : connections) fds.push_back({connection->fd(), POLLIN, 0});
            ::poll(fds.data(), fds.size(), 100);
            for (std::size_t i = 0; i < fds.size() && !stop_; ++i) {
                if (fds[i].revents == 0) continue;
                const auto [heard, closed] = connections[i]->hear(milliseconds(0));
                if (!closed) continue;  // the hub's greeting
                connections[i].emplace(port);
                ++reopened_;
            }
        }
    }

    std::atomic<bool> stop_{false};
    std::atomic<int> open_{0};
    std::atomic<int> reopened_{0};
    std::thread thread_;
};

class Garbage {
  public:
    explicit Garbage(std::uint16_t port) : thread_([this, port] { run(port); }) {}
    ~Garbage() {
        stop_ = true;
        thread_.join();
    }

  private:
    void run(std::uint16_t port) {
        auto next = Steady::now();
        for (int i = 0; !stop_; ++i) {
            const test::RawTcp connection(port);
            connection.send(i % 2 == 0 ? std::string(100, static_cast<char>('a' + i % 26))
                                       : test::greeting_of("NULL").substr(0, static_cast<std::size_t>(i % 64)));
            std::this_thread::sleep_until(next += milliseconds(1'000 / kGarbagePerSecond));
        }
    }

    std::atomic<bool> stop_{false};
    std::thread thread_;
};

// The 99th percentile of registrations one after the other, in milliseconds; nothing when one was not answered.
std::optional<double> p99_ms(bus::Client& client, const std::string& lot) {
    std::vector<double> waited;
    for (int i = 0; i < kAsked; ++i) {
        v1::Register pli;
        pli.mutable_context()->set_lot(lot);
        pli.mutable_context()->set_pli(std::to_string(i));
        pli.mutable_context()->set_caisse("595");
        pli.mutable_context()->set_received_on("2026-11-20");
        const auto key = sha256_hex(lot + "/" + pli.context().pli());
        pli.add_files()->set_sha256(key);
        pli.add_pages()->set_page(1);
        const auto asked_at = Steady::now();
        if (!client.ask<v1::Registered>(pli, {.idempotency_key = key, .patience = seconds(60)})) return std::nullopt;
        waited.push_back(std::chrono::duration<double, std::milli>(Steady::now() - asked_at).count());
    }
    const auto at = waited.begin() + static_cast<std::ptrdiff_t>(waited.size() * 99 / 100);
    std::nth_element(waited.begin(), at, waited.end());
    return *at;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

bool at_most_doubles(const char* name, const std::vector<double>& beside, const std::vector<double>& alone) {
    const double ratio = median(beside) / std::max(0.001, median(alone));
    return figure(name, fmt::format("{:.2f} ms, x {:.2f}", median(beside), ratio), "at most doubles",
                  ratio <= kSlowerMax);
}

}  // namespace

bool strangers(const Options& options) {
    const int count = static_cast<int>(options.count > 0 ? options.count : 1'000);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    const Scratch scratch(options.folder);
    const std::string home = scratch.path() + "/home";
    const test::BusKeyring ring(home + "/keys/bus", {{"scanner", "scanner"}});
    Chain chain({.bin = options.bin, .home = home});
    const std::uint16_t port = free_port();
    const std::string endpoint = fmt::format("tcp://127.0.0.1:{}", port);
    put_file(home + "/hub.toml", fmt::format("[hub]\nwork_endpoint = \"{}\"\nadmin_port = 0\n"
                                             "disk_free_bytes_min = 1048576\n[log]\nlevel = \"warning\"\n",
                                             endpoint));
    chain.start("hub");
    bus::Client client(ring.address(endpoint, "scanner"));
    (void)p99_ms(client, "first");  // the hub is up, the ledger is no longer empty
    std::vector<double> alone;
    std::vector<double> beside_idle;
    std::vector<double> beside_garbage;
    bool answered = true;
    int reopened = 0;
    const auto measure = [&](std::vector<double>& into, const std::string& lot) {
        const auto p99 = p99_ms(client, lot);
        answered = answered && p99;
        if (p99) into.push_back(*p99);
    };
    for (int round = 0; round < kRounds; ++round) {
        measure(alone, fmt::format("alone-{}", round));
        {
            const Idle idle(port, count);
            measure(beside_idle, fmt::format("idle-{}", round));
            reopened += idle.reopened();
        }
        const Garbage garbage(port);
        measure(beside_garbage, fmt::format("garbage-{}", round));
    }
    bool good = figure("registrations answered, five rounds of each", answered ? "all" : "no", "all", answered);
    figure("p99 of a registration over tcp:// with keys, alone", fmt::format("{:.2f} ms", median(alone)), "(shown)",
           true);
    good &= at_most_doubles(fmt::format("beside {} idle connections", count).c_str(), beside_idle, alone);
    good &= at_most_doubles(fmt::format("beside {} garbage greetings a second", kGarbagePerSecond).c_str(),
                            beside_garbage, alone);
    figure("idle connections that were closed, and came back", std::to_string(reopened), "(shown)", true);
    const bool graceful = chain.stop();
    good &= figure("graceful stop", graceful ? "within 10 s" : "no", "within 10 s", graceful);
    return good;
}

}  // namespace pleiade::faults
