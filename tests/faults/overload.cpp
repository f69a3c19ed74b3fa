// More mail than can be read: ingest slows down instead of growing, a caisse with much does not make another's wait,
// and registered mail keeps its place.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void keep_alive(Chain& chain, milliseconds length) {
    const auto until = Chain::Clock::now() + length;
    while (Chain::Clock::now() < until) {
        chain.tick();
        std::this_thread::sleep_for(milliseconds(10));
    }
}

bool register_one(bus::Client& client, const std::string& lot, const std::string& rank, const std::string& caisse,
                  bool registered_mail) {
    v1::Register pli;
    pli.mutable_context()->set_lot(lot);
    pli.mutable_context()->set_pli(rank);
    pli.mutable_context()->set_caisse(caisse);
    pli.mutable_context()->set_received_on("2026-11-20");
    if (registered_mail) pli.mutable_context()->set_registered_mail("1A" + sha256_hex(rank).substr(0, 11));
    const auto key = sha256_hex(lot + "/" + rank);
    pli.add_files()->set_sha256(key);
    pli.add_pages()->set_page(1);
    bus::CallOptions call;
    call.idempotency_key = key;
    call.patience = seconds(30);
    return client.ask<v1::Registered>(pli, call).has_value();
}

// How many plis of others were read while the last of these waited.
long long read_meanwhile(const std::string& home, const std::string& lot) {
    return count_in(home, fmt::format("WITH mine AS (SELECT p.n FROM pli p JOIN lot l ON l.n = p.lot_n WHERE l.lot = "
                                      "'{}'), span AS (SELECT (SELECT "
                                      "max(seq) FROM audit WHERE kind = 'pli.registered' AND pli_n IN mine) AS a, "
                                      "(SELECT max(seq) FROM audit WHERE "
                                      "kind = 'pli.read' AND pli_n IN mine) AS b) SELECT count(*) FROM audit, span "
                                      "WHERE kind = 'pli.read' AND seq "
                                      "BETWEEN a AND b AND pli_n NOT IN mine",
                                      lot));
}

bool sharing(const Options& options) {
    const Scratch scratch(options.folder);
    Chain chain({.bin = options.bin, .home = scratch.path() + "/home", .readers = 2, .lease_ms = 1'500, .work_ms = 15});
    chain.start("hub");
    bus::Client client(chain.work());
    constexpr int kMany = 600;
    constexpr int kFew = 10;
    bool taken = true;
    for (int i = 0; i < kMany; ++i) taken = taken && register_one(client, "MANY", std::to_string(i), "591", false);
    chain.start("reader-1");
    chain.start("reader-2");
    keep_alive(chain, milliseconds(500));
    for (int i = 0; i < kFew; ++i) taken = taken && register_one(client, "FEW", std::to_string(i), "595", false);
    keep_alive(chain, milliseconds(300));
    for (int i = 0; i < 5; ++i) taken = taken && register_one(client, "REGISTERED", std::to_string(i), "591", true);
    const auto until = Chain::Clock::now() + seconds(120);
    while (Chain::Clock::now() < until &&
           count_in(chain.home(), "SELECT count(*) FROM task WHERE state IN ('READY','LEASED','WAITING')") != 0) {
        keep_alive(chain, milliseconds(200));
    }
    const auto few = read_meanwhile(chain.home(), "FEW");
    const auto registered = read_meanwhile(chain.home(), "REGISTERED");
    bool good = figure("plis of a busy caisse, of another, registered mail", fmt::format("{} + {} + 5", kMany, kFew),
                       "taken", taken);
    good &= figure("others read while the other caisse's ten waited", std::to_string(few), "at most 25",
                   few >= 0 && few <= 25);
    good &= figure("others read while registered mail waited", std::to_string(registered), "at most 6",
                   registered >= 0 && registered <= 6);
    return good;
}

bool flood(const Options& options) {
    const Scratch scratch(options.folder);
    Chain chain({.bin = options.bin, .home = scratch.path() + "/home", .readers = 1, .lease_ms = 1'500});
    chain.start_all();
    drop_lot(chain.home(), "FIRST", 20);
    keep_alive(chain, milliseconds(3'000));
    const long before = chain.resident_kb("ingest");
    chain.pause("hub");
    constexpr int kLots = 60;
    for (int i = 0; i < kLots; ++i) drop_lot(chain.home(), fmt::format("FLOOD-{}", i), 25);
    long most = before;
    const auto until = Chain::Clock::now() + seconds(12);
    while (Chain::Clock::now() < until) {
        keep_alive(chain, milliseconds(200));
        most = std::max(most, chain.resident_kb("ingest"));
    }
    chain.resume("hub");
    // As long as mail goes on coming through: how fast is not the question here.
    const auto late = Chain::Clock::now() + seconds(600);
    auto moved_at = Chain::Clock::now();
    long hub_most = 0;
    for (long long last = 0; last < 20 + kLots * 25 && Chain::Clock::now() < late;) {
        keep_alive(chain, milliseconds(300));
        most = std::max(most, chain.resident_kb("ingest"));
        hub_most = std::max(hub_most, chain.resident_kb("hub"));
        const auto now = count_in(chain.home(), "SELECT count(*) FROM pli");
        if (now > last) moved_at = Chain::Clock::now();
        if (Chain::Clock::now() - moved_at > seconds(60)) break;
        last = std::max(last, now);
    }
    const auto there = count_in(chain.home(), "SELECT count(*) FROM pli");
    const double grown = static_cast<double>(most - before) / 1'024;
    bool good =
        figure("ingest's memory grew by, while the hub was away, MiB", fmt::format("{:.1f}", grown), "32", grown <= 32);
    good &= figure("plis of the flood that came through", std::to_string(there), std::to_string(20 + kLots * 25),
                   there == 20 + kLots * 25);
    figure("hub's memory at most, MiB", fmt::format("{:.0f}", static_cast<double>(hub_most) / 1'024), "(shown)", true);
    return good;
}

}  // namespace

bool overload(const Options& options) {
    const bool shared = sharing(options);
    return flood(options) && shared;
}

}  // namespace pleiade::faults
