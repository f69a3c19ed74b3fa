// The files of the bus's keys: what is good, what is refused, and what is noticed when it changes.
#include "common/bus/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/bus/client.h"
#include "common/bus/router_server.h"
#include "common/bus/worker.h"
#include "tests/support/bus_keyring.h"

namespace pleiade::bus {
namespace {

class Keys : public ::testing::Test {
  protected:
    std::string refusal(const HubAddress& hubs) const {
        const auto checked = check_keys(hubs);
        return checked ? "" : checked.error().code;
    }

    test::TemporaryFolder folder_;
    test::BusKeyring ring_{folder_ / "keys", {{"scan-1", "scanner"}}};
    const std::string endpoint_ = "tcp://127.0.0.1:7101";
};

TEST_F(Keys, AreReadAsTheyWereWritten) {
    const auto pair = make_key_pair();
    test::write_file(folder_ / "a.key", text_of(pair));
    ::chmod((folder_ / "a.key").c_str(), 0400);
    const auto read = read_key_pair(folder_ / "a.key");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->public_key, pair.public_key);
    EXPECT_EQ(read->secret_key, pair.secret_key);
    EXPECT_EQ(fingerprint_of(pair.public_key).size(), 8u);
}

TEST_F(Keys, AreRefusedWhenOthersCanReadThem) {
    for (const mode_t mode : {0604, 0620, 0660, 0644}) {
        ::chmod(ring_.file("scan-1").c_str(), mode);
        if (::geteuid() == 0 && (mode & 0027) == 0) continue;  // root's may be read by its group
        EXPECT_EQ(refusal(ring_.address(endpoint_, "scan-1")), "BUS_KEY_OPEN_TO_OTHERS") << std::oct << mode;
    }
    ::chmod(ring_.file("scan-1").c_str(), 0400);
    EXPECT_EQ(refusal(ring_.address(endpoint_, "scan-1")), "");
}

TEST_F(Keys, AreRefusedWhenTheyAreNotThereOrNotWhole) {
    HubAddress hubs = ring_.address(endpoint_, "scan-1");
    hubs.hub_keys.clear();
    EXPECT_EQ(refusal(hubs), "BUS_KEYS_MISSING");
    hubs = ring_.address(endpoint_, "scan-1");
    hubs.hub_keys.push_back("short");
    EXPECT_EQ(refusal(hubs), "BUS_KEY_INVALID");
    hubs = ring_.address(endpoint_, "scan-1");
    hubs.key_file = folder_ / "nothing.key";
    EXPECT_EQ(refusal(hubs), "BUS_KEYS_MISSING");
    EXPECT_NE(check_keys(hubs).error().message.find("pleiade keys bus create"), std::string::npos);
    KeyPair mixed = make_key_pair();
    mixed.public_key = make_key_pair().public_key;
    test::write_file(folder_ / "mixed.key", text_of(mixed));
    ::chmod((folder_ / "mixed.key").c_str(), 0600);
    hubs.key_file = folder_ / "mixed.key";
    EXPECT_EQ(refusal(hubs), "BUS_KEY_INVALID");
    hubs.endpoints = {"ipc:///run/work"};
    EXPECT_EQ(refusal(hubs), "") << "ipc:// needs no key";
}

TEST_F(Keys, AreNeededBeforeAnEndOfTcpExists) {
    EXPECT_THROW(RouterServer({"tcp://127.0.0.1:*"}), std::runtime_error);
    HubAddress hubs(endpoint_);
    Client client(hubs);
    const auto began_at = std::chrono::steady_clock::now();
    const auto answer = client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = std::chrono::minutes(5)});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "BUS_KEYS_MISSING");
    EXPECT_LT(std::chrono::steady_clock::now() - began_at, std::chrono::minutes(1));
    const std::atomic<bool> stop{false};
    const auto ran = run_worker(
        {hubs, "reader-1", {"read"}}, [](const v1::Lease&, TaskContext&) -> Result<v1::Done> { return v1::Done{}; },
        stop);
    ASSERT_FALSE(ran);
    EXPECT_EQ(ran.error().code, "BUS_KEYS_MISSING");
}

TEST_F(Keys, OfAHubMustBeGoodToo) {
    const std::vector<std::string> endpoints = {"ipc:///run/work", "tcp://*:7101"};
    EXPECT_TRUE(check_keys(endpoints, ring_.hub()));
    EXPECT_TRUE(check_keys({"ipc:///run/work"}, HubKeys{}));
    EXPECT_EQ(check_keys(endpoints, HubKeys{}).error().code, "BUS_KEYS_MISSING");
    EXPECT_EQ(check_keys(endpoints, {ring_.hub().key_file, folder_ / "none.csv"}).error().code, "BUS_KEYS_MISSING");
    ::chmod(ring_.hub().allowed_file.c_str(), 0666);
    EXPECT_EQ(check_keys(endpoints, ring_.hub()).error().code, "BUS_KEY_OPEN_TO_OTHERS");
    ring_.set_state("hub", "revoked");
    EXPECT_EQ(check_keys(endpoints, ring_.hub()).error().code, "BUS_KEY_INVALID");
}

TEST(AllowedList, IsReadAsItWasWritten) {
    const std::vector<AllowedKey> keys = {
        {"scan-1", "scanner", "2026-11-22T20:00:00Z", "good", make_key_pair().public_key},
        {"r.2", "reader", "", "revoked", make_key_pair().public_key}};
    const auto read = parse_allowed("allowed.csv", text_of(keys));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 2u);
    EXPECT_EQ((*read)[0].public_key, keys[0].public_key);
    EXPECT_EQ((*read)[1].name, "r.2");
    EXPECT_TRUE((*read)[0].good());
    EXPECT_FALSE((*read)[1].good());
}

TEST(AllowedList, NamesWhatIsWrong) {
    const std::string key = make_key_pair().public_key;
    const std::string head = "name;role;created;state;public_key\n";
    for (const std::string& row :
         {"Scan;scanner;;good;" + key, "scan;king;;good;" + key, "scan;reader;;fine;" + key,
          "scan;reader;;good;" + key.substr(1), "a;reader;;good;" + key + "\nb;reader;;good;" + key}) {
        const auto read = parse_allowed("allowed.csv", head + row + "\n");
        ASSERT_FALSE(read) << row;
        EXPECT_NE(read.error().message.find("allowed.csv:"), std::string::npos) << read.error().message;
    }
    EXPECT_FALSE(is_key_name("a:b"));
    EXPECT_FALSE(is_key_name(""));
    EXPECT_FALSE(is_key_name(std::string(49, 'a')));
}

TEST(AllowedList, KeepsItsLastGoodStateAndSaysSo) {
    const test::TemporaryFolder folder;
    test::BusKeyring ring(folder / "keys", {{"scan-1", "scanner"}});
    AllowedKeys allowed(ring.hub().allowed_file);
    const std::string key = ring.pair("scan-1").public_key;
    const auto within = [](const auto& holds) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!holds() && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return holds();
    };
    ASSERT_TRUE(allowed.find(key) && allowed.find(key)->good());
    ring.set_state("scan-1", "revoked");
    EXPECT_TRUE(within([&] { return !allowed.find(key)->good(); }));
    test::write_file(ring.hub().allowed_file, "no table\n");
    EXPECT_TRUE(within([&] { return allowed.find(key) && !allowed.problem().empty(); }));
    EXPECT_FALSE(allowed.find(key)->good()) << "a list that cannot be read lets nobody back in";
    ring.set_state("scan-1", "good");
    EXPECT_TRUE(within([&] { return allowed.find(key)->good(); }));
    EXPECT_EQ(allowed.problem(), "");
}

TEST(Refusals, AreBoundedAndCounted) {
    Refusals refusals;
    for (int i = 0; i < 10'000; ++i) refusals.note(refused::kUnknownKey, "10.0." + std::to_string(i), "aaaa");
    const auto taken = refusals.take();
    EXPECT_LE(taken.size(), 257u);
    std::uint64_t total = 0;
    for (const auto& one : taken) total += one.count;
    EXPECT_EQ(total, 10'000u);
    EXPECT_TRUE(refusals.take().empty());
}

}  // namespace
}  // namespace pleiade::bus
