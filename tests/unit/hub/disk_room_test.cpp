#include "services/hub/disk_room.h"

#include <gtest/gtest.h>
#include <sys/statvfs.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace pleiade::hub {
namespace {

std::uint64_t free_bytes(const std::string& folder) {
    struct statvfs disk {};
    ::statvfs(folder.c_str(), &disk);
    return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

TEST(DiskRoom, TakesMailAndKeepsABallastWhileThereIsPlenty) {
    const test::TemporaryFolder folder;
    ManualClock clock;
    DiskRoom room(folder.path().string(), 1 << 20, clock);
    EXPECT_FALSE(room.full());
    EXPECT_EQ(std::filesystem::file_size(folder / "ballast"), 1u << 20);
}

TEST(DiskRoom, RefusesMailUnderItsThresholdAndLooksAgainOnceASecond) {
    const test::TemporaryFolder folder;
    ManualClock clock;
    DiskRoom room(folder.path().string(), free_bytes(folder.path().string()) * 2, clock);
    EXPECT_TRUE(room.full());
    EXPECT_FALSE(std::filesystem::exists(folder / "ballast"));
    clock.advance(std::chrono::seconds{2});
    EXPECT_TRUE(room.full());
}

TEST(DiskRoom, WithoutAThresholdKeepsNoBallast) {
    const test::TemporaryFolder folder;
    ManualClock clock;
    DiskRoom room(folder.path().string(), 0, clock);
    EXPECT_FALSE(room.full());
    EXPECT_FALSE(std::filesystem::exists(folder / "ballast"));
}

TEST(DiskRoom, OfALedgerThatIsNotMadeYetIsNotFull) {
    const test::TemporaryFolder folder;
    ManualClock clock;
    DiskRoom room(folder / "ledger", 1 << 20, clock);
    EXPECT_FALSE(room.full());
}

}  // namespace
}  // namespace pleiade::hub
