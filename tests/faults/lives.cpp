#include "tests/faults/lives.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/sha256.h"
#include "tests/faults/own_time.h"
#include "tests/faults/stub_result.h"

namespace pleiade::faults {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kGroup = 8;  // messages of one batch: fewer than at the peak, so that waiting is not flattered
constexpr int kBefore = 20;

double p99(std::vector<double> waits) {
    if (waits.empty()) return 0;
    std::sort(waits.begin(), waits.end());
    return waits.at(waits.size() * 99 / 100);
}

}  // namespace

template <class Step>
void Lives::batch(const char* what, Step step) {
    const OwnTime own;
    ledger_.begin();
    for (int i = 0; i < kGroup; ++i) step(i);
    ledger_.commit();
    auto& waits = waits_ms_[what];
    waits.insert(waits.end(), kGroup, own.seconds() * 1e3);
}

void Lives::eight() {
    std::vector<std::string> ranks;
    for (int i = 0; i < kGroup; ++i) ranks.push_back(std::to_string(++rank_));
    batch("register", [&](int i) {
        v1::Register pli;
        pli.mutable_context()->set_lot(lot_);
        pli.mutable_context()->set_pli(ranks.at(static_cast<std::size_t>(i)));
        pli.mutable_context()->set_caisse("000");
        const auto key = sha256_hex(lot_ + ranks.at(static_cast<std::size_t>(i)));
        pli.add_files()->set_sha256(key);
        pli.add_pages()->set_page(1);
        ledger_.register_pli({"ingest", key, ""}, pli).value();
    });
    for (const char* stage : {"read", "route"}) {
        std::vector<ledger::GrantedTask> tasks(kGroup);
        batch("lease", [&](int i) {
            tasks.at(static_cast<std::size_t>(i)) = *ledger_.lease(
                {fmt::format("worker-{}-{}", lot_, i), 1, fmt::format("{} {}", stage, ++said_), {stage}});
        });
        batch("finish", [&](int i) {
            const auto& task = tasks.at(static_cast<std::size_t>(i));
            const v1::Done done = result_of(task.lease);
            ledger_.finish(task.task_id, task.fence, sha256_hex(done.SerializeAsString()), done).value();
        });
    }
}

void Lives::for_a_while(std::chrono::milliseconds time) {
    const auto start = Steady::now();
    const OwnTime own;
    while (Steady::now() - start < time) eight();
    seconds_ += own.seconds();
    by_the_clock_ += std::chrono::duration<double>(Steady::now() - start).count();
}

Speed Lives::speed() {
    std::vector<double> all;
    for (const auto& [what, waits] : waits_ms_) all.insert(all.end(), waits.begin(), waits.end());
    return {static_cast<double>(all.size()) / seconds_, p99(all), p99(waits_ms_["lease"]), seconds_ / by_the_clock_};
}

Speed measure_lives(ledger::Ledger& ledger, const std::string& lot, std::chrono::milliseconds time) {
    Lives before(ledger, lot + "-BEFORE");
    for (int i = 0; i < kBefore; ++i) before.eight();
    Lives measured(ledger, lot);
    measured.for_a_while(time);
    return measured.speed();
}

}  // namespace pleiade::faults
