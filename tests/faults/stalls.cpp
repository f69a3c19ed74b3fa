// Workers that stop for longer than their lease and wake up, and mail that kills whoever reads it.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/lead_out.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kLeaseMs = 1'200;
constexpr auto kPliEvery = std::chrono::microseconds(4'000);  // one reader alone keeps up with it
constexpr int kPairsMax = 3;
constexpr const char* kExpired = "SELECT count(*) FROM audit WHERE code = 'LEASE_EXPIRED'";

void keep_alive(Chain& chain, milliseconds length) {
    const auto until = Chain::Clock::now() + length;
    while (Chain::Clock::now() < until) {
        chain.tick();
        std::this_thread::sleep_for(milliseconds(10));
    }
}

// Registered over the bus at a steady pace; how many were acknowledged.
int register_plis(const Chain& chain, const std::string& lot, int count, int poison_at) {
    std::atomic<int> acknowledged{0};
    std::vector<std::thread> clients;
    const auto began = Chain::Clock::now();
    constexpr int kClients = 8;
    for (int c = 0; c < kClients; ++c) {
        clients.emplace_back([&, c] {
            bus::Client client(chain.work());
            for (int i = c; i < count; i += kClients) {
                std::this_thread::sleep_until(began + i * kPliEvery);
                v1::Register pli;
                pli.mutable_context()->set_lot(lot);
                pli.mutable_context()->set_pli(i == poison_at ? "poison" : std::to_string(i));
                pli.mutable_context()->set_caisse("595");
                pli.mutable_context()->set_received_on("2026-11-20");
                const auto key = sha256_hex(lot + "/" + pli.context().pli());
                pli.add_files()->set_sha256(key);
                pli.add_pages()->set_page(1);
                bus::CallOptions call;
                call.idempotency_key = key;
                call.patience = seconds(60);
                if (client.ask<v1::Registered>(pli, call)) ++acknowledged;
            }
        });
    }
    for (auto& client : clients) client.join();
    return acknowledged;
}

// From registration to queue, in milliseconds: the 99th percentile of all plis but those that were set aside.
long long p99_ms(const std::string& home) {
    return count_in(
        home,
        "WITH t AS (SELECT pli_n, max(at_ms) FILTER (WHERE kind = 'document.queued') - min(at_ms) FILTER "
        "(WHERE kind = 'pli.registered') AS ms FROM audit WHERE pli_n > 0 GROUP BY pli_n) SELECT ms FROM t "
        "WHERE ms IS NOT NULL ORDER BY ms LIMIT 1 OFFSET (SELECT count(*) * 99 / 100 FROM t WHERE ms IS NOT "
        "NULL)");
}

struct Flow {
    int acknowledged = 0;
    bool over = false;
    long long p99 = 0;
    double seconds = 0;
};

// At a pace that the readers follow, so that what waits is the fault's doing.
Flow flow(Chain& chain, const std::string& lot, int plis, int poison_at) {
    Flow result;
    const auto began = Chain::Clock::now();
    std::thread scanner([&] { result.acknowledged = register_plis(chain, lot, plis, poison_at); });
    const auto until = began + seconds(400);
    while (Chain::Clock::now() < until && !result.over) {
        keep_alive(chain, milliseconds(500));
        result.over =
            count_in(chain.home(), "SELECT count(*) FROM pli") >= plis &&
            count_in(chain.home(), "SELECT count(*) FROM task WHERE state IN ('READY','LEASED','WAITING')") == 0;
    }
    scanner.join();
    result.seconds = std::chrono::duration<double>(Chain::Clock::now() - began).count();
    result.p99 = p99_ms(chain.home());
    return result;
}

}  // namespace

bool zombies(const Options& options) {
    const std::int64_t wanted = options.count > 0 ? options.count : 50;
    const Scratch scratch(options.folder);
    Chain chain({.bin = options.bin,
                 .home = scratch.path() + "/home",
                 .readers = 4,
                 .lease_ms = kLeaseMs,
                 .work_ms = 150,
                 .environment = {{"PLEIADE_STUB_ZOMBIE", "1"}}});
    chain.start_all();
    std::mt19937_64 random(options.seed);
    Office office(chain, options.seed, milliseconds(400), 5);
    keep_alive(chain, milliseconds(1'500));
    std::int64_t done = 0;
    const auto deadline = Chain::Clock::now() + seconds(10 * wanted + 60);
    while (done < wanted && Chain::Clock::now() < deadline) {
        const auto victim = fmt::format("reader-{}", 1 + random() % 4);
        const auto leased =
            fmt::format("SELECT count(*) FROM task WHERE state = 'LEASED' AND worker LIKE '{}@%'", victim);
        const auto expired_before = count_in(chain.home(), kExpired);
        chain.pause(victim);
        keep_alive(chain, milliseconds(50));
        if (count_in(chain.home(), leased) < 1) {  // it was between two tasks
            chain.resume(victim);
            keep_alive(chain, milliseconds(30));
            continue;
        }
        keep_alive(chain, milliseconds(kLeaseMs + 300 + static_cast<int>(random() % 300)));
        done += count_in(chain.home(), kExpired) > expired_before ? 1 : 0;  // it wakes up as a zombie
        chain.resume(victim);
        keep_alive(chain, milliseconds(100));
    }
    const bool over = wait_until_over(chain, office, seconds(200));
    office.finish();
    const auto expired = count_in(chain.home(), kExpired);
    const bool graceful = chain.stop();
    bool good = figure("zombies", std::to_string(done), std::to_string(wanted), done >= wanted);
    good &= figure("leases that ended without an answer", std::to_string(expired), "as many or more", expired >= done);
    good &= figure("all over", over ? "yes" : "no", "yes", over);
    good &= judge(chain.home(), office.history(), over);
    good &= figure("graceful stop", graceful ? "within 10 s" : "no", "within 10 s", graceful);
    return good;
}

bool poison(const Options& options) {
    const int wanted = static_cast<int>(options.count > 0 ? options.count : 10'000);
    long long attempts = 0;
    long long quarantined = 0;
    bool whole = true;
    bool led_out = true;
    std::vector<double> ratios;
    const auto one = [&](bool poisoned) {
        const Scratch scratch(options.folder);
        Chain chain({.bin = options.bin, .home = scratch.path() + "/home", .readers = 2, .lease_ms = kLeaseMs});
        chain.start_all();
        const Flow result = flow(chain, "P", wanted, poisoned ? wanted / 2 : -1);
        whole = whole && result.acknowledged == wanted && result.over;
        if (!poisoned) return result;
        attempts = std::max(
            attempts, count_in(chain.home(),
                               "SELECT max(attempts) FROM task t JOIN pli p ON p.n = t.pli_n WHERE p.pli = 'poison'"));
        quarantined = count_in(chain.home(), "SELECT count(*) FROM pli WHERE state = 'QUARANTINED'");
        led_out = lead_out(chain) && led_out;
        fmt::print("      the readers died {} times\n", chain.starts("reader-1") + chain.starts("reader-2") - 2);
        return result;
    };
    // Other programs of this machine disturb a 99th percentile too: a pair that differs is measured again, and the
    // middle one counts.
    while (ratios.size() < kPairsMax && (ratios.empty() || ratios.front() > 1.2)) {
        const Flow without = one(false);
        const Flow with = one(true);
        ratios.push_back(static_cast<double>(with.p99) / static_cast<double>(std::max(1ll, without.p99)));
        fmt::print("      without: {:.0f} s, p99 {} ms; with: {:.0f} s, p99 {} ms\n", without.seconds, without.p99,
                   with.seconds, with.p99);
    }
    std::sort(ratios.begin(), ratios.end());
    const double ratio = ratios[ratios.size() / 2];
    bool good = figure("plis, one of them poison, all ended", whole ? std::to_string(wanted) : "no",
                       std::to_string(wanted), whole);
    good &= figure("attempts before quarantine", std::to_string(attempts), "at most 5", attempts > 0 && attempts <= 5);
    good &= figure("plis in quarantine", std::to_string(quarantined), "1", quarantined == 1);
    good &= led_out;
    good &=
        figure("the others' p99, registered to queued", fmt::format("x {:.2f}", ratio), "within 20 %", ratio <= 1.2);
    return good;
}

}  // namespace pleiade::faults
