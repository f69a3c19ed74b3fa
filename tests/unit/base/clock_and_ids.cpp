#include <gtest/gtest.h>

#include <unordered_set>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/strong_id.h"

namespace pleiade {
namespace {

TEST(ManualClock, MovesOnlyWhenTold) {
    ManualClock clock(WallTime{std::chrono::milliseconds{1000}});
    EXPECT_EQ(clock.now(), clock.now());
    clock.advance(std::chrono::milliseconds{5});
    EXPECT_EQ(clock.now().time_since_epoch().count(), 1005);
    EXPECT_EQ(clock.monotonic().time_since_epoch().count(), 5);
    clock.step_wall(std::chrono::milliseconds{-1000});  // the system's clock is set back; monotonic time is not
    EXPECT_EQ(clock.now().time_since_epoch().count(), 5);
    EXPECT_EQ(clock.monotonic().time_since_epoch().count(), 5);
}

TEST(SystemClock, NeverRunsBackwards) {
    const SystemClock clock;
    const auto first = clock.monotonic();
    EXPECT_LE(first, clock.monotonic());
}

TEST(StrongId, ComparesAndHashesItsText) {
    using LotId = StrongId<struct LotIdTag>;
    const LotId a("a"), b("b");
    EXPECT_LT(a, b);
    EXPECT_EQ(a, LotId("a"));
    EXPECT_TRUE(LotId().empty());
    EXPECT_EQ(std::unordered_set<LotId>({a, b, LotId("a")}).size(), 2u);
}

TEST(CheckDeathTest, StopsTheProcessAndSaysWhatCannotBe) {
    EXPECT_DEATH(PLEIADE_CHECK(1 == 2), "1 == 2 is false");
}

}  // namespace
}  // namespace pleiade
