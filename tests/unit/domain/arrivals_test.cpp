#include "common/domain/arrivals.h"

#include <gtest/gtest.h>

namespace pleiade {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Arrivals, TellTheAgeOfTheOldestThatWaits) {
    ManualClock clock;
    Arrivals arrivals;
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 5), seconds(0)) << "nothing is known yet";
    arrivals.note(clock.monotonic(), 100);
    clock.advance(minutes(10));
    arrivals.note(clock.monotonic(), 130);
    clock.advance(minutes(10));
    arrivals.note(clock.monotonic(), 130);
    arrivals.note(clock.monotonic(), 131);
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 0), seconds(0));
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 1), seconds(0));
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 2), minutes(10));
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 31), minutes(10));
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 32), minutes(20)) << "it was there when we began to look";
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 500), minutes(20));
}

TEST(Arrivals, BeginAgainWithAStoreThatWasPutBack) {
    ManualClock clock;
    Arrivals arrivals;
    arrivals.note(clock.monotonic(), 1'000);
    clock.advance(hours(1));
    arrivals.note(clock.monotonic(), 900);
    clock.advance(minutes(1));
    EXPECT_EQ(arrivals.oldest_age(clock.monotonic(), 3), minutes(1));
}

// A week of plis, one a second: what is remembered of it is bounded.
TEST(Arrivals, KnowTheLastTwoDays) {
    ManualClock clock;
    Arrivals arrivals;
    std::int64_t total = 0;
    for (int second = 0; second < 7 * 86'400; ++second) {
        clock.advance(seconds(1));
        arrivals.note(clock.monotonic(), ++total);
    }
    const auto age = [&](std::int64_t waiting) {
        return std::chrono::duration<double>(arrivals.oldest_age(clock.monotonic(), waiting)).count();
    };
    for (const int waiting : {1, 100, 3'600, 100'000}) EXPECT_NEAR(age(waiting), waiting + 7, 8) << waiting;
    EXPECT_NEAR(age(600'000), 48 * 3'600, 16) << "or longer";
}

}  // namespace
}  // namespace pleiade
