// `pleiade keys bus`: what its verbs do to the files, and what a hub makes of them.
#include "services/cli/bus_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/base/hub_address.h"
#include "common/bus/keys.h"
#include "common/runtime/service.h"
#include "services/cli/commands.h"
#include "services/cli/replace_file.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::cli {
namespace {

class BusKeyRingTest : public ::testing::Test {
  protected:
    std::string states_of(const std::string& name) const {
        std::string states;
        const auto keys = ring_.list();
        if (!keys) return keys.error().code;
        for (const auto& key : *keys) {
            if (key.name == name) states += key.state + " ";
        }
        return states;
    }
    mode_t mode_of(const std::string& path) const {
        struct stat status {};
        return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
    }
    std::string public_in(const std::string& file) const {
        const auto pair = bus::read_key_pair(file);
        return pair ? pair->public_key : pair.error().code;
    }
    bool hub_takes() const {
        return bus::check_keys({"tcp://*:7101"}, {folder_ / "bus/hub.key", folder_ / "bus/allowed.csv"}).has_value();
    }

    test::TemporaryFolder folder_;
    ManualClock clock_{WallTime{std::chrono::seconds(1'795'000'000)}};
    BusKeyRing ring_{folder_ / "bus", folder_ / "bus/allowed.csv", clock_};
};

TEST_F(BusKeyRingTest, MakesAPairThatItsOwnerAloneCanRead) {
    const auto made = ring_.create("scan-lille", "scanner", "");
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->file, folder_ / "bus/scanner.key");
    EXPECT_EQ(mode_of(made->file), 0600u);
    EXPECT_EQ(mode_of(folder_ / "bus"), 0700u);
    EXPECT_EQ(mode_of(folder_ / "bus/allowed.csv") & 0022u, 0u);
    EXPECT_EQ(public_in(made->file), made->key.public_key);
    EXPECT_EQ(made->key.created, "2026-11-18T11:06:40Z");
    const auto keys = ring_.list();
    ASSERT_TRUE(keys);
    ASSERT_EQ(keys->size(), 1u);
    EXPECT_EQ(keys->front().role, "scanner");
    ASSERT_TRUE(ring_.create("hub-1", "hub", ""));
    EXPECT_TRUE(hub_takes());
}

TEST_F(BusKeyRingTest, NeverGivesANameTwiceNorWritesOverASecret) {
    ASSERT_TRUE(ring_.create("scan-lille", "scanner", ""));
    EXPECT_EQ(ring_.create("scan-lille", "reader", "").error().code, "BUS_KEY_EXISTS");
    EXPECT_EQ(ring_.create("scan-douai", "scanner", "").error().code, "BUS_KEY_EXISTS");
    EXPECT_TRUE(ring_.create("scan-douai", "scanner", folder_ / "douai.key"));
    EXPECT_EQ(ring_.create("Scan", "gateway", "").error().code, "BUS_KEY_NAME_INVALID");
    EXPECT_EQ(public_in(folder_ / "bus/gateway.key"), "BUS_KEYS_MISSING") << "no secret is left behind";
    ASSERT_TRUE(ring_.revoke("scan-lille"));
    EXPECT_EQ(ring_.create("scan-lille", "ops", "").error().code, "BUS_KEY_EXISTS");
}

TEST_F(BusKeyRingTest, LetsInAPairThatWasMadeElsewhere) {
    const auto pair = bus::make_key_pair();
    ASSERT_TRUE(ring_.allow(pair.public_key, "reader-2", "reader"));
    EXPECT_EQ(ring_.allow(pair.public_key, "reader-3", "reader").error().code, "BUS_KEY_EXISTS");
    EXPECT_EQ(ring_.allow("short", "reader-3", "reader").error().code, "BUS_KEY_INVALID");
    EXPECT_EQ(ring_.rotate("reader-2", "").error().code, "BUS_KEY_ROTATED_ELSEWHERE");
    ASSERT_TRUE(ring_.rotate("reader-2", bus::make_key_pair().public_key));
    EXPECT_EQ(states_of("reader-2"), "good good ");
    ASSERT_TRUE(ring_.finish("reader-2"));
    EXPECT_EQ(states_of("reader-2"), "revoked good ");
}

TEST_F(BusKeyRingTest, RotatesWithBothKeysGoodUntilItIsFinished) {
    const auto first = ring_.create("reader-1", "reader", "");
    ASSERT_TRUE(first);
    EXPECT_EQ(ring_.finish("reader-1").error().code, "BUS_KEY_ROTATING");
    const auto second = ring_.rotate("reader-1", "");
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_NE(second->key.public_key, first->key.public_key);
    EXPECT_EQ(public_in(folder_ / "bus/reader.key"), second->key.public_key);
    EXPECT_EQ(mode_of(folder_ / "bus/reader.key"), 0600u);
    EXPECT_EQ(states_of("reader-1"), "good good ");
    EXPECT_EQ(ring_.rotate("reader-1", "").error().code, "BUS_KEY_ROTATING");
    ASSERT_TRUE(ring_.finish("reader-1"));
    EXPECT_EQ(states_of("reader-1"), "revoked good ");
    EXPECT_TRUE(ring_.rotate("reader-1", "")) << "and again";
}

TEST_F(BusKeyRingTest, LeavesAHubItsFirstKeyUntilTheRotationIsFinished) {
    const auto first = ring_.create("hub-1", "hub", "");
    ASSERT_TRUE(first);
    const auto second = ring_.rotate("hub-1", "");
    ASSERT_TRUE(second);
    EXPECT_EQ(public_in(folder_ / "bus/hub.key"), first->key.public_key);
    EXPECT_TRUE(hub_takes()) << "a hub that starts again meanwhile";
    ASSERT_TRUE(ring_.finish("hub-1"));
    EXPECT_EQ(public_in(folder_ / "bus/hub.key"), second->key.public_key);
    EXPECT_TRUE(hub_takes());
    ASSERT_TRUE(ring_.revoke("hub-1"));
    EXPECT_FALSE(hub_takes());
}

TEST_F(BusKeyRingTest, RevokesBothKeysOfARotation) {
    ASSERT_TRUE(ring_.create("reader-1", "reader", ""));
    ASSERT_TRUE(ring_.rotate("reader-1", ""));
    ASSERT_TRUE(ring_.revoke("reader-1"));
    EXPECT_EQ(states_of("reader-1"), "revoked revoked ");
    EXPECT_EQ(ring_.revoke("reader-1").error().code, "BUS_KEY_UNKNOWN");
    EXPECT_EQ(ring_.rotate("reader-1", "").error().code, "BUS_KEY_UNKNOWN");
}

TEST_F(BusKeyRingTest, TouchesNothingWhenTheListCannotBeUnderstood) {
    test::write_file(folder_ / "bus/allowed.csv", "no table\n");
    EXPECT_EQ(ring_.create("reader-1", "reader", "").error().code, "CONFIG_INVALID");
    EXPECT_EQ(public_in(folder_ / "bus/reader.key"), "BUS_KEYS_MISSING");
}

TEST(BusKeyCommands, AnswerWithTheExitCodesOfTheContract) {
    const test::TemporaryFolder folder;
    runtime::Settings settings;
    settings.home = folder.path().string();
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(bus_keys_create(settings, {.name = "ops-1", .role = "ops"}), runtime::kExitDone);
    EXPECT_EQ(bus_keys_list(settings, false), runtime::kExitDone);
    EXPECT_EQ(bus_keys_list(settings, true), runtime::kExitDone);
    const std::string said = ::testing::internal::GetCapturedStdout();
    const auto pair = bus::read_key_pair(settings.bus_key_file("ops"));
    ASSERT_TRUE(pair);
    EXPECT_EQ(said.rfind(pair->public_key + "\n", 0), 0u) << "the public half, alone on its line";
    EXPECT_EQ(said.find(pair->secret_key), std::string::npos);
    EXPECT_NE(said.find(bus::fingerprint_of(pair->public_key)), std::string::npos);
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(bus_keys_create(settings, {.name = "ops-1", .role = "ops"}), runtime::kExitNo);
    EXPECT_EQ(bus_keys_allow(settings, {.name = "x", .role = "ops", .public_key = "short"}),
              runtime::kExitConfiguration);
    EXPECT_EQ(bus_keys_rotate(settings, {.name = "nobody"}), runtime::kExitNo);
    EXPECT_EQ(bus_keys_revoke(settings, "ops-1"), runtime::kExitDone);
    EXPECT_EQ(bus_keys_revoke(settings, "ops-1"), runtime::kExitNo);
    ::testing::internal::GetCapturedStdout();
    // A command that cannot speak to the hubs says which command makes the key.
    settings.bus.desk_endpoints = {"tcp://127.0.0.1:9"};
    settings.home = folder / "other";
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(status(settings, true), runtime::kExitConfiguration);
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("pleiade keys bus create"), std::string::npos);
}

}  // namespace
}  // namespace pleiade::cli
