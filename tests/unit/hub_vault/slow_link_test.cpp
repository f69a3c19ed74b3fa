// A reader whose files come slowly: its lease is kept meanwhile, and what is no longer wanted is not fetched.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "common/bus/worker.h"
#include "common/hub_vault/hub_vault.h"
#include "common/vault/local_file.h"
#include "tests/support/hub_process.h"
#include "tests/unit/hub/running_hub.h"
#include "tests/unit/hub_vault/stored_mail.h"

namespace pleiade::hub_vault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLease{1'500};

// A vault that opens nothing before it is let go.
class SlowLink final : public vault::Vault {
  public:
    explicit SlowLink(const vault::Vault& behind) : behind_(behind) {}

    Result<int> open(const PliId& pli, const std::string& sha256) const override {
        ++opened_;
        std::unique_lock lock(mutex_);
        woken_.wait(lock, [&] { return free_; });
        return behind_.open(pli, sha256);
    }
    Result<void> check(const PliId& pli, const std::string& sha256) const override {
        return behind_.check(pli, sha256);
    }
    Result<StoredFile> put(const PliId&, int, const std::string&) override { return unavailable("", ""); }
    Result<void> remove(const PliId&, const std::string&) override { return unavailable("", ""); }
    Result<void> walk(int, const Visit&) const override { return unavailable("", ""); }

    void let_go() {
        const std::scoped_lock lock(mutex_);
        free_ = true;
        woken_.notify_all();
    }
    int opened() const { return opened_; }

  private:
    const vault::Vault& behind_;
    mutable std::atomic<int> opened_{0};
    mutable std::mutex mutex_;
    mutable std::condition_variable woken_;
    bool free_ = false;  // guarded by mutex_
};

template <class Condition>
bool eventually(const Condition& holds) {
    const auto until = std::chrono::steady_clock::now() + seconds(60);
    while (!holds() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds{20});
    return holds();
}

class SlowFiles : public testing::Test {
  protected:
    static int count_of(bus::Client& desk, const std::string& kind) {
        v1::EventsQuery query;
        query.set_limit(100);
        int count = 0;
        const auto events = desk.ask<v1::Events>(query).value_or(v1::Events{});
        for (const auto& event : events.events()) count += event.kind() == kind ? 1 : 0;
        return count;
    }

    StoredMail mail_;
};

TEST_F(SlowFiles, CostNoReaderItsLease) {
    const test::HubProcess hub(mail_.home("a"), "[hub]\nadmin_port = 0\nlease_ms = " + std::to_string(kLease.count()) +
                                                    "\n[vault]\nurl = \"" + mail_.url() + "\"\n");
    const auto name = mail_.put("page");
    const auto vault = open_hub_vault(hub.work(), {mail_.home("reader-cache"), 0});
    SlowLink link(*vault);
    bus::Client scanner(hub.work());
    ASSERT_TRUE(
        scanner.ask<v1::Registered>(hub::pli_of("L1", "1"), hub::with_key(hub::key_of("L1", "1"), seconds(60))));

    std::atomic<bool> stop{false};
    std::atomic<int> leases{0};
    std::atomic<int> fetched{0};
    std::thread reader([&] {
        bus::run_worker(
            {hub.work(), "reader-1", {"read"}},
            [&](const v1::Lease& lease, bus::TaskContext& context) -> Result<v1::Done> {
                ++leases;
                const auto files = vault::local_files(link, vault::kPli, {name}, [&] { return context.alive(); });
                if (!files) return pass_on(files);
                ++fetched;
                return hub::result_of(lease);
            },
            stop);
    });
    EXPECT_TRUE(eventually([&] { return link.opened() == 1; }));
    std::this_thread::sleep_for(3 * kLease);  // what is shown is that time passes
    EXPECT_EQ(fetched, 0);
    link.let_go();
    bus::Client desk(hub.desk());
    EXPECT_TRUE(eventually([&] { return count_of(desk, "pli.read") == 1; }));
    stop = true;
    reader.join();
    EXPECT_EQ(leases, 1);
    EXPECT_EQ(fetched, 1);
    EXPECT_EQ(count_of(desk, "pli.retry"), 0);
}

TEST_F(SlowFiles, AreNotFetchedForALeaseThatIsLost) {
    const std::vector<std::string> names{mail_.put("page"), mail_.put("other page")};
    SlowLink link(mail_.vault());
    bool asked_again = false;
    bool wanted = true;
    const auto files = vault::local_files(link, vault::kPli, names, [&] {
        asked_again = !wanted;
        wanted = false;
        link.let_go();
        return false;
    });
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code, "ABANDONED");
    EXPECT_EQ(files.error().kind, ErrorKind::Conflict);
    EXPECT_EQ(link.opened(), 1);
    EXPECT_FALSE(asked_again);
}

TEST_F(SlowFiles, ComeInTheirOrderOrWithTheErrorOfTheVault) {
    const std::vector<std::string> names{mail_.put("page"), mail_.put("other page")};
    const auto files = vault::local_files(mail_.vault(), vault::kPli, names, [] { return true; });
    ASSERT_TRUE(files);
    ASSERT_EQ(files->size(), 2u);
    std::string second;
    std::getline(std::ifstream((*files)[1].path()), second);
    EXPECT_EQ(second, "other page");
    const auto missing =
        vault::local_files(mail_.vault(), vault::kPli, {names[0], sha256_hex("never put")}, [] { return true; });
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, "FILE_MISSING");
}

}  // namespace
}  // namespace pleiade::hub_vault
