// Files from hubs: what a fetch survives, and what it refuses to give.
#include "common/hub_vault/hub_vault.h"

#include <atomic>
#include <thread>

#include "common/bus/client.h"
#include "common/bus/limits.h"
#include "common/hub_vault/open.h"
#include "common/wire/file_messages.h"
#include "tests/support/hub_process.h"
#include "tests/unit/bus/fake_hub.h"
#include "tests/unit/hub/running_hub.h"
#include "tests/unit/hub_vault/stored_mail.h"

namespace pleiade::hub_vault {
namespace {

using hub::RunningHub;
using std::chrono::milliseconds;
using test::HubProcess;
using vault::kPli;

constexpr std::size_t kLarge = 10 * bus::kChunkBytesMax + 17;

class HubVault : public testing::Test {
  protected:
    vault::CacheOptions cache(std::uint64_t bytes_max) const { return {mail_.home("reader-cache"), bytes_max}; }
    std::unique_ptr<vault::Vault> reading(const HubAddress& hubs, std::uint64_t cache_bytes_max = 0) const {
        return open_hub_vault(hubs, cache(cache_bytes_max));
    }
    std::string settings() const { return "[hub]\nadmin_port = 0\n[vault]\nurl = \"" + mail_.url() + "\"\n"; }
    std::size_t copies() const {
        std::error_code error;
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(mail_.home("reader-cache"), error)) {
            count += entry.is_regular_file() ? 1 : 0;
        }
        return count;
    }

    StoredMail mail_;
};

TEST_F(HubVault, GoesOnWithTheNextHubWhenOneDiesInTheMiddleOfAFile) {
    const auto bytes = random_bytes(kLarge, 1);
    const auto name = mail_.put(bytes);
    HubProcess first(mail_.home("a"), settings(), "hub.before_chunk:crash@4");
    HubProcess second(mail_.home("b"), settings());
    // Whoever is there first is asked: the second may only come once the first has cut the file in the middle.
    second.kill_now();
    std::atomic<bool> fetched{false}, cut{false};
    std::thread supervisor([&] {
        while (!fetched && !cut) {
            cut = first.ended();
            if (cut) second.start();
            std::this_thread::sleep_for(milliseconds{10});
        }
    });
    const auto got = got_from(*reading(first.work() + "," + second.work()), name);
    fetched = true;
    supervisor.join();
    EXPECT_TRUE(got == bytes);
    EXPECT_TRUE(cut) << "the file was not cut in the middle";
}

TEST_F(HubVault, WaitsForTheOnlyHubThatIsStartedAgain) {
    const auto bytes = random_bytes(kLarge, 2);
    const auto name = mail_.put(bytes);
    HubProcess hub(mail_.home("a"), settings(), "hub.before_chunk:crash@4");
    std::atomic<bool> fetched{false};
    std::atomic<int> lives{1};
    std::thread supervisor([&] {
        while (!fetched) {
            if (hub.ended()) {
                hub.start();
                ++lives;
            }
            std::this_thread::sleep_for(milliseconds{10});
        }
    });
    const auto got = got_from(*reading(hub.work()), name);
    fetched = true;
    supervisor.join();
    EXPECT_TRUE(got == bytes);
    EXPECT_EQ(lives, 2);
}

TEST_F(HubVault, AsksAgainForAChunkThatWasLost) {
    const auto bytes = random_bytes(kLarge, 3);
    const auto name = mail_.put(bytes);
    const HubProcess hub(mail_.home("a"), settings(), "bus.answer:drop@3,bus.answer:duplicate@5");
    EXPECT_TRUE(got_from(*reading(hub.desk()), name) == bytes);
}

TEST_F(HubVault, SaysWhatTheDiskOfTheVaultSays) {
    const auto name = mail_.put("page");
    const HubProcess hub(mail_.home("a"), settings(), "hub.before_chunk:eio");
    const auto vault = reading(hub.work());
    const auto opened = vault->open(kPli, name);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(opened.error().code, "VAULT_IO");
    EXPECT_EQ(got_from(*vault, name), "page") << "once the disk is well";
}

TEST_F(HubVault, RefusesAFileThatIsAlteredWhileAHubHoldsIt) {
    const RunningHub hub(mail_.home("a"), nullptr, 0, &mail_.vault());
    const auto vault = reading(RunningHub::work(mail_.home("a")), 1 << 24);
    const auto without_copies = reading(RunningHub::work(mail_.home("a")));
    const auto bytes = random_bytes(kLarge, 4);
    const auto name = mail_.put(bytes);
    EXPECT_TRUE(got_from(*without_copies, name) == bytes);
    mail_.flip_a_bit(kPli, name);
    EXPECT_EQ(got_from(*vault, name), "FILE_ALTERED");
    EXPECT_EQ(copies(), 0u);
    EXPECT_EQ(vault->check(kPli, name).error().code, "FILE_ALTERED");
}

TEST_F(HubVault, RefusesAFileThatIsCutShortWhileAHubHoldsIt) {
    const RunningHub hub(mail_.home("a"), nullptr, 0, &mail_.vault());
    const auto vault = reading(RunningHub::desk(mail_.home("a")));
    const auto name = mail_.put(random_bytes(kLarge, 5));
    ::close(vault->open(kPli, name).value());
    mail_.cut_short(name, bus::kChunkBytesMax + 1);
    EXPECT_EQ(got_from(*vault, name), "FILE_ALTERED");
}

TEST_F(HubVault, KeepsACopyAndAsksTheStoreWhetherItIsWhole) {
    auto hub = std::make_unique<RunningHub>(mail_.home("a"), nullptr, 0, &mail_.vault());
    const auto vault = open_hub_vault(RunningHub::work(mail_.home("a")), cache(1 << 20),
                                      {.chunk = milliseconds{300}, .check = milliseconds{300}});
    const auto name = mail_.put("page");
    const auto other = mail_.put("other page");
    EXPECT_EQ(got_from(*vault, name), "page");
    EXPECT_TRUE(vault->check(kPli, name));
    hub.reset();
    EXPECT_EQ(got_from(*vault, name), "page");
    EXPECT_EQ(got_from(*vault, other), "HUB_UNREACHABLE");
    EXPECT_EQ(vault->check(kPli, name).error().code, "HUB_UNREACHABLE") << "a copy is not the store";
}

TEST_F(HubVault, FetchesIntoMemoryWhereNoCopyCanBeKept) {
    const RunningHub hub(mail_.home("a"), nullptr, 0, &mail_.vault());
    std::ofstream(mail_.home("reader-cache")) << "not a folder";
    const auto bytes = random_bytes(kLarge, 6);
    EXPECT_TRUE(got_from(*reading(RunningHub::work(mail_.home("a")), 1 << 24), mail_.put(bytes)) == bytes);
}

TEST_F(HubVault, OnlyReads) {
    const RunningHub hub(mail_.home("a"), nullptr, 0, &mail_.vault());
    const auto vault = reading(RunningHub::work(mail_.home("a")));
    const auto name = mail_.put("page");
    const int fd = vault::file_with("other page");
    EXPECT_EQ(vault->put(kPli, fd, "a").error().code, "VAULT_READ_ONLY");
    ::close(fd);
    EXPECT_EQ(vault->remove(kPli, name).error().code, "VAULT_READ_ONLY");
    EXPECT_EQ(vault->walk(0, [](const PliId&, const std::string&) { return true; }).error().code, "VAULT_READ_ONLY");
    EXPECT_EQ(got_from(*vault, name), "page");
}

TEST_F(HubVault, IsNoPlaceToWriteTo) {
    const vault::VaultOptions options{"hub:", mail_.home("reader")};
    EXPECT_EQ(vault::open_vault(options).error().code, "CONFIG_INVALID") << "ingest and hub open the store itself";
    EXPECT_TRUE(hub_vault::open_vault(options, {"tcp://hub:7101"}));
    EXPECT_TRUE(hub_vault::open_vault({"file:", mail_.home("reader")}, {"tcp://hub:7101"}));
    EXPECT_EQ(hub_vault::open_vault({"hub:7101", ""}, {"tcp://hub:7101"}).error().code, "CONFIG_INVALID");
}

// A hub that answers what it wants about one file.
class Liar : public HubVault {
  protected:
    std::string endpoint() const { return "ipc://" + mail_.home("run") + "/work"; }
    static v1::Envelope chunk_to(const v1::Envelope& request, const std::string& bytes, std::uint64_t total) {
        v1::FileChunk chunk;
        chunk.set_bytes(bytes);
        chunk.set_total_bytes(total);
        return bus::answer_to(request, chunk, 1);
    }
    static v1::FetchFile asked_in(const v1::Envelope& request) {
        v1::FetchFile asked;
        EXPECT_TRUE(asked.ParseFromString(request.body()));
        return asked;
    }
};

TEST_F(Liar, IsNotBelieved) {
    const bus::FakeHub hub(endpoint(),
                           [](const bus::Incoming& incoming) { return chunk_to(incoming.envelope, "pages", 5); });
    EXPECT_EQ(got_from(*reading(endpoint(), 1 << 20), sha256_hex("page")), "FILE_ALTERED");
    EXPECT_EQ(copies(), 0u);
}

TEST_F(Liar, IsLeftWhenItsFileWouldNeverEnd) {
    std::atomic<int> answers{0};
    const bus::FakeHub hub(endpoint(), [&](const bus::Incoming& incoming) {
        const auto at = asked_in(incoming.envelope).offset();
        return chunk_to(incoming.envelope, "page", at + 8 + static_cast<std::uint64_t>(++answers));
    });
    EXPECT_EQ(got_from(*reading(endpoint()), sha256_hex("page")), "VAULT_IO");
    EXPECT_LE(answers, 3);
    const bus::FakeHub empty(endpoint() + "-empty",
                             [](const bus::Incoming& incoming) { return chunk_to(incoming.envelope, "", 4); });
    EXPECT_EQ(got_from(*reading(endpoint() + "-empty"), sha256_hex("page")), "VAULT_IO");
    const bus::FakeHub long_one(endpoint() + "-long",
                                [](const bus::Incoming& incoming) { return chunk_to(incoming.envelope, "pages", 4); });
    EXPECT_EQ(got_from(*reading(endpoint() + "-long"), sha256_hex("page")), "VAULT_IO");
}

TEST_F(Liar, IsAskedAgainWhenItHasTooMuchToDo) {
    std::atomic<int> asked{0};
    const bus::FakeHub hub(endpoint(), [&](const bus::Incoming& incoming) {
        if (++asked > 2) return chunk_to(incoming.envelope, "page", 4);
        v1::Refused busy;
        busy.set_kind("unavailable");
        busy.set_code(asked == 1 ? "FILES_BUSY" : "STORE_UNAVAILABLE");
        return bus::answer_to(incoming.envelope, busy, 1);
    });
    EXPECT_EQ(got_from(*reading(endpoint()), sha256_hex("page")), "page");
    EXPECT_EQ(asked, 3);
}

}  // namespace
}  // namespace pleiade::hub_vault
