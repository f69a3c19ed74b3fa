// The number of readers that follows the mail: the rule, a simulated day, and what is measured for it.
#include "services/cli/up/reader_scale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "services/cli/up/reader_watch.h"
#include "services/cli/up/restarts.h"

namespace pleiade::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t kGiB = 1ull << 30;

ReaderLoad load_of(std::int64_t waiting, milliseconds age, int readers) {
    return {.waiting = waiting,
            .oldest_age = age,
            .readers = readers,
            .plis_per_minute = 10,
            .reader_bytes = kGiB / 2,
            .available_bytes = 64 * kGiB};
}

TEST(ReadersNeeded, ReadWhatWaitsWhileTheOldestIsInTime) {
    const ReaderLimits limits{.min = 1, .max = 8};
    EXPECT_EQ(readers_needed(load_of(0, seconds(0), 1), limits), 1);
    EXPECT_EQ(readers_needed(load_of(300, seconds(0), 1), limits), 1) << "10 a minute, half an hour";
    EXPECT_EQ(readers_needed(load_of(301, seconds(0), 1), limits), 2);
    EXPECT_EQ(readers_needed(load_of(301, minutes(40), 1), limits), 4) << "ten minutes left";
    EXPECT_EQ(readers_needed(load_of(1, minutes(59), 1), limits), 1) << "a late letter alone needs one reader";
    EXPECT_EQ(readers_needed(load_of(1, minutes(60), 1), limits), 8) << "the promise is broken: everybody";
    EXPECT_EQ(readers_needed(load_of(1'000'000, seconds(0), 1), limits), 8);
    auto unknown = load_of(1'200, seconds(0), 1);
    unknown.plis_per_minute = 0;
    EXPECT_EQ(readers_needed(unknown, limits), 2) << "a guess, while nothing was measured";
}

TEST(ReadersNeeded, TakeAnEqualShareOnEachOfSeveralMachines) {
    const ReaderLimits limits{.min = 1, .max = 8};
    auto load = load_of(1'200, seconds(0), 1);
    EXPECT_EQ(readers_needed(load, limits), 4);
    load.machines = 2;
    EXPECT_EQ(readers_needed(load, limits), 2);
    load.machines = 3;
    EXPECT_EQ(readers_needed(load, limits), 2) << "rather one too many than too late";
    load.oldest_age = minutes(60);
    EXPECT_EQ(readers_needed(load, limits), 8) << "the promise is broken: everybody, everywhere";
}

TEST(ReadersNeeded, StayWithinTheLimitsAndTheMemory) {
    const ReaderLimits limits{.min = 2, .max = 8};
    EXPECT_EQ(readers_needed(load_of(0, seconds(0), 4), limits), 2);
    auto load = load_of(1'000'000, seconds(0), 3);
    load.available_bytes = kGiB + kGiB / 2;  // half a GiB stays free, two readers fit in the other
    EXPECT_EQ(readers_needed(load, limits), 5);
    load.available_bytes = kGiB / 2;
    EXPECT_EQ(readers_needed(load, limits), 3) << "those that are there, no more";
    load.available_bytes = kGiB / 4;
    EXPECT_EQ(readers_needed(load, limits), 2) << "memory runs out: one fewer";
    load.readers = 0;
    EXPECT_EQ(readers_needed(load, limits), 2) << "never fewer than the minimum";
    EXPECT_EQ(readers_needed(load_of(9, seconds(0), 0), {.min = 0, .max = 0}), 0);
}

TEST(ReaderScaleTest, GrowsAfterTwoLooksAndShrinksOneAtATime) {
    ReaderScale scale({.min = 1, .max = 8});
    ManualClock clock;
    const auto look = [&](std::int64_t waiting, milliseconds after) {
        clock.advance(after);
        return scale.follow(clock.monotonic(), load_of(waiting, seconds(0), 1));
    };
    EXPECT_EQ(look(0, seconds(5)), 1);
    EXPECT_EQ(look(2'000, seconds(5)), 1) << "one look is no peak";
    EXPECT_EQ(look(2'000, seconds(5)), 7);
    EXPECT_EQ(look(0, seconds(5)), 7);
    EXPECT_EQ(look(0, minutes(4)), 7);
    EXPECT_EQ(look(0, minutes(2)), 6);
    EXPECT_EQ(look(0, minutes(2)), 6);
    EXPECT_EQ(look(0, minutes(3)), 5);
    EXPECT_EQ(look(1'500, minutes(4)), 5) << "needed again: the quiet begins anew";
    EXPECT_EQ(look(0, minutes(4)), 5);
    EXPECT_EQ(look(0, minutes(5)), 4);
}

TEST(ReaderScaleTest, ShrinksAtOnceWhenMemoryRunsOut) {
    ReaderScale scale({.min = 1, .max = 8});
    ManualClock clock;
    auto load = load_of(100'000, seconds(0), 4);
    EXPECT_EQ(scale.follow(clock.monotonic(), load), 4);
    load.available_bytes = kGiB / 4;
    EXPECT_EQ(scale.follow(clock.monotonic(), load), 3);
    load.readers = 3;
    EXPECT_EQ(scale.follow(clock.monotonic(), load), 2);
}

TEST(ReaderScaleTest, DoesNotFlapAboutALimit) {
    ReaderScale scale({.min = 1, .max = 8});
    ManualClock clock;
    int changes = 0;
    int before = 1;
    for (int i = 0; i < 720; ++i) {  // an hour about the 300 that part one reader from two
        clock.advance(seconds(5));
        const int now = scale.follow(clock.monotonic(), load_of(i % 2 == 0 ? 280 : 320, seconds(0), before));
        changes += now != before ? 1 : 0;
        before = now;
    }
    EXPECT_LE(changes, 1);
}

// A heap of mail in the morning, a machine that may have one reader and two that may have eight: each looks for itself.
TEST(ReaderScaleTest, SharesAMorningAmongMachines) {
    const std::vector<ReaderLimits> limits = {{.min = 1, .max = 1}, {.min = 1, .max = 8}, {.min = 1, .max = 8}};
    std::vector<ReaderScale> machines(limits.begin(), limits.end());
    std::vector<int> readers(machines.size(), 1);
    ManualClock clock;
    double waiting = 3'000;  // six readers for half an hour
    int most = 0;
    milliseconds age{0};
    for (; waiting > 0 && age < hours(2); age += seconds(5)) {
        clock.advance(seconds(5));
        int all = 0;
        for (std::size_t i = 0; i < machines.size(); ++i) {
            auto load = load_of(static_cast<std::int64_t>(std::ceil(waiting)), age, readers[i]);
            load.machines = static_cast<int>(machines.size());
            readers[i] = machines[i].follow(clock.monotonic(), load);
            all += readers[i];
        }
        most = std::max(most, all);
        waiting -= all * 10.0 * 5 / 60;
    }
    EXPECT_LT(age, hours(1)) << "the share of the machine that is full is read by the others";
    EXPECT_LE(most, 12) << "twice what one machine would have started for all of it, and not three times";
}

// A day of 12 000 plis with peaks at 10 h and 14 h, readers whose speed varies and who take half a minute to start.
TEST(ReaderScaleTest, FollowsADayOfMail) {
    const ReaderLimits limits{.min = 1, .max = 8};
    ReaderScale scale(limits);
    ManualClock clock;
    std::mt19937 random(7);
    const auto peak = [](double hour, double at) { return std::exp(-(hour - at) * (hour - at) / (2 * 0.6 * 0.6)); };
    Arrivals arrivals;
    double came = 0;
    double read = 0;
    std::vector<int> starting;  // seconds until each is at work
    int running = 1;
    int changes = 0;
    int wanted = 1;
    milliseconds oldest{0};
    std::vector<int> by_hour(24, 0);
    constexpr int kStep = 5;
    for (int second = 0; second < 86'400; second += kStep) {
        clock.advance(seconds(kStep));
        const double hour = second / 3'600.0;
        came += kStep * (0.01 + 12'000 / 3'600.0 / 3.0 * (peak(hour, 10) + peak(hour, 14)));
        arrivals.note(clock.monotonic(), static_cast<std::int64_t>(came));
        std::vector<int> still;
        for (const int rest : starting) {
            if (rest > kStep)
                still.push_back(rest - kStep);
            else
                ++running;
        }
        starting = still;
        const double speed = std::uniform_real_distribution<>(8, 12)(random);  // plis a minute
        read = std::min(std::floor(came), read + running * speed * kStep / 60);
        auto load = load_of(static_cast<std::int64_t>(std::floor(came) - std::floor(read)), {}, running);
        load.oldest_age = arrivals.oldest_age(clock.monotonic(), load.waiting);
        load.plis_per_minute = speed;
        oldest = std::max(oldest, load.oldest_age);
        const int now = scale.follow(clock.monotonic(), load);
        if (now != wanted) ++changes;
        wanted = now;
        while (running + static_cast<int>(starting.size()) < wanted) starting.push_back(30);
        running = std::min(running, wanted);
        auto& most = by_hour[static_cast<std::size_t>(hour)];
        most = std::max(most, wanted);
    }
    std::printf("readers by hour:");
    for (const int most : by_hour) std::printf(" %d", most);
    std::printf("; %d changes, the oldest pli was read after %lld minutes\n", changes,
                static_cast<long long>(oldest.count() / 60'000));
    EXPECT_EQ(by_hour[3], 1);
    EXPECT_GE(by_hour[10], 3);
    EXPECT_GE(by_hour[14], 3);
    EXPECT_LT(by_hour[12], by_hour[10]) << "fewer between the peaks";
    EXPECT_EQ(by_hour[20], 1);
    EXPECT_LT(oldest, hours(1)) << "the promise holds";
    EXPECT_LE(changes, 30);
    EXPECT_GE(read + 1, std::floor(came));
}

v1::Workers two_readers(std::uint64_t done, std::uint64_t bytes) {
    v1::Workers workers;
    for (const auto* name : {"reader-1", "reader-2"}) {
        auto& row = *workers.add_workers();
        row.set_worker(name);
        row.set_state("working");
        row.set_task("t");
        row.add_stages("read");
        row.set_done(done);
        row.set_rss_bytes(bytes);
    }
    auto& router = *workers.add_workers();
    router.set_worker("router");
    router.set_state("working");
    router.add_stages("route");
    router.set_done(done * 100);
    auto& gone = *workers.add_workers();
    gone.set_worker("reader-0");
    gone.set_state("gone");
    gone.add_stages("read");
    return workers;
}

TEST(ReaderWatchTest, MeasuresWhatTheRuleNeeds) {
    ReaderWatch watch("lille");
    ManualClock clock;
    v1::Status status;
    status.set_plis_registered(1'000);
    auto& stage = *status.add_tasks();
    stage.set_stage("read");
    stage.set_count(50);
    auto load = watch.look(clock.monotonic(), status, two_readers(7, 400 << 20), 9 * kGiB);
    EXPECT_EQ(load.waiting, 50);
    EXPECT_EQ(load.readers, 2);
    EXPECT_EQ(load.machines, 1) << "names without a machine are of this one";
    EXPECT_EQ(load.plis_per_minute, 0) << "not known after one look";
    EXPECT_EQ(load.available_bytes, 9 * kGiB);
    for (int i = 1; i <= 6; ++i) {
        clock.advance(seconds(10));
        load = watch.look(clock.monotonic(), status, two_readers(7 + static_cast<std::uint64_t>(i), 300 << 20), kGiB);
    }
    EXPECT_NEAR(load.plis_per_minute, 6, 0.01) << "each one in ten seconds";
    EXPECT_EQ(load.reader_bytes, 600ull << 20) << "the most that was seen, and a half more";
    EXPECT_EQ(load.oldest_age, minutes(1));
    clock.advance(seconds(10));
    load = watch.look(clock.monotonic(), status, two_readers(1, 300 << 20), kGiB);  // both began a new life
    EXPECT_NEAR(load.plis_per_minute, 6, 0.01);
}

v1::Workers hub_with(const std::vector<std::pair<std::string, std::int64_t>>& readers_and_last_seen) {
    v1::Workers workers;
    for (const auto& [name, seen_ms] : readers_and_last_seen) {
        auto& row = *workers.add_workers();
        row.set_worker(name);
        row.set_state("working");
        row.add_stages("read");
        row.set_last_seen_ms(seen_ms);
        row.set_done(static_cast<std::uint64_t>(seen_ms));
    }
    return workers;
}

TEST(ReaderWatchTest, KnowsTheMachinesByTheirReaders) {
    ReaderWatch watch("lille");
    const ManualClock clock;
    auto workers = hub_with({{"r:reader-1@lille", 1}, {"r:reader-2@lille", 1}, {"r:reader-1@douai", 1}});
    auto& router = *workers.add_workers();
    router.set_worker("w:router-1@arras");
    router.add_stages("route");
    auto& gone = *workers.add_workers();
    gone.set_worker("r:reader-1@lens");
    gone.set_state("gone");
    gone.add_stages("read");
    const auto load = watch.look(clock.monotonic(), {}, workers, kGiB);
    EXPECT_EQ(load.machines, 2);
    EXPECT_EQ(load.readers, 2) << "the memory of this machine holds its own";
    EXPECT_EQ(ReaderWatch("arras").look(clock.monotonic(), {}, workers, kGiB).machines, 3) << "before its first reader";
}

TEST(ReaderWatchTest, TakesTheWordOfAllHubs) {
    auto first = hub_with({{"r:reader-1@lille", 10}, {"r:reader-1@douai", 20}});
    first.set_readers_wanted(kReadersAuto);
    first.mutable_workers(0)->set_state("gone");  // it went to the other hub
    auto second = hub_with({{"r:reader-1@lille", 30}, {"r:reader-2@douai", 30}});
    second.set_readers_wanted(kReadersAuto);
    for (const auto& all : {together({first, second}), together({second, first, second})}) {
        ASSERT_EQ(all.workers_size(), 3);
        EXPECT_EQ(all.readers_wanted(), kReadersAuto);
        for (const auto& worker : all.workers()) {
            EXPECT_EQ(worker.state(), "working") << worker.worker();
            EXPECT_EQ(worker.done(), worker.worker() == "r:reader-1@douai" ? 20u : 30u);
        }
    }
    EXPECT_EQ(together({}).workers_size(), 0);
}

TEST(ReaderWatchTest, KnowsTheMemoryOfThisMachine) {
    EXPECT_GT(available_memory_bytes(), 1u << 20);
    EXPECT_LT(available_memory_bytes(), 1ull << 50);
}

TEST(RestartsTest, WaitLongerEachTimeAndGiveUpOnWhatDiesAtOnce) {
    Restarts restarts(10);
    Restarts::Time now{};
    milliseconds total{0};
    for (int death = 1; death <= 10; ++death) {
        EXPECT_FALSE(restarts.given_up());
        restarts.started(now);
        now += milliseconds(100);
        restarts.ended(now);
        EXPECT_FALSE(restarts.due(now));
        for (; death < 10 && !restarts.due(now); now += milliseconds(10)) total += milliseconds(10);
    }
    EXPECT_TRUE(restarts.given_up());
    EXPECT_FALSE(restarts.due(now + hours(24)));
    EXPECT_NEAR(static_cast<double>(total.count()), 200 + 400 + 800 + 1'600 + 3'200 + 4 * 5'000, 200);
}

TEST(RestartsTest, ForgiveAfterALifeInHealth) {
    Restarts restarts(3);
    Restarts::Time now{};
    for (int death = 0; death < 20; ++death) {
        restarts.started(now);
        now += death % 2 == 0 ? seconds(1) : seconds(31);
        restarts.ended(now);
    }
    EXPECT_FALSE(restarts.given_up());
    EXPECT_TRUE(restarts.due(now + milliseconds(200)));
    Restarts service;
    for (int death = 0; death < 50; ++death) service.ended(now);
    EXPECT_FALSE(service.given_up()) << "a service is never left down";
}

}  // namespace
}  // namespace pleiade::cli
