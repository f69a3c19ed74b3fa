// Two hub processes over one PostgreSQL, and people who know both: when the one that they speak to is killed or hangs,
// they go on with the other, and what the first had leased is ended there.
#include <gtest/gtest.h>

#include <map>

#include "common/bus/worker.h"
#include "common/ledger/verify.h"
#include "tests/support/hub_process.h"
#include "tests/support/postgres_server.h"
#include "tests/unit/hub/running_hub.h"

namespace pleiade::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

// Noticed within 5 s; the other hub may then have to wait as long for the store, which a hub that hangs keeps until
// PostgreSQL ends its transaction.
constexpr seconds kNoticed{5};
constexpr seconds kStoreGivenUp{6};

template <class Condition>
bool eventually(milliseconds patience, const Condition& holds) {
    const auto until = Steady::now() + patience;
    while (Steady::now() < until) {
        if (holds()) return true;
        std::this_thread::sleep_for(milliseconds{10});
    }
    return holds();
}

class TwoHubs : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!test::PostgresServer::available()) GTEST_SKIP() << "SKIPPED: PostgreSQL 15 is not installed";
        server_ = std::make_unique<test::PostgresServer>();
        url_ = server_->url(server_->create_database());
        a_ = std::make_unique<test::HubProcess>(folder_ / "a", settings());
        ASSERT_TRUE(eventually(seconds(60), [&] { return answers(*a_); }));
        // The key of the installation goes with a hub to its host.
        std::filesystem::create_directories(folder_ / "b/ledger");
        std::filesystem::copy(folder_ / "a/ledger/nir.key", folder_ / "b/ledger/nir.key");
        b_ = std::make_unique<test::HubProcess>(folder_ / "b", settings());
        ASSERT_TRUE(eventually(seconds(60), [&] { return answers(*b_); }));
    }
    std::string settings() const {
        return "[hub]\nadmin_port = 0\nlease_ms = 20000\n[store]\nurl = \"" + url_ + "\"\n";
    }
    static bool answers(const test::HubProcess& hub) {
        bus::Client client(hub.desk());
        return client.ask<v1::Status>(v1::StatusQuery{}, {.patience = milliseconds{500}}).has_value();
    }
    HubAddress work() const { return a_->work() + "," + b_->work(); }
    HubAddress desk() const { return a_->desk() + "," + b_->desk(); }
    bool register_one(bus::Client& client, int rank, milliseconds patience) const {
        const std::string name = std::to_string(rank);
        return client.ask<v1::Registered>(pli_of("L1", name), with_key(key_of("L1", name), patience)).has_value();
    }
    std::map<std::string, int> events() const {
        const SystemClock clock;
        const auto reader = ledger::open_reader(url_, folder_ / "b/ledger", clock);
        std::map<std::string, int> kinds;
        for (std::int64_t after = 0;;) {
            const auto events = reader->events(after, 1000);
            for (const auto& event : events.events()) ++kinds[event.kind()];
            if (events.events().empty()) return kinds;
            after = events.last();
        }
    }

    test::TemporaryFolder folder_;
    std::unique_ptr<test::PostgresServer> server_;
    std::string url_;
    std::unique_ptr<test::HubProcess> a_;
    std::unique_ptr<test::HubProcess> b_;
};

TEST_F(TwoHubs, EndEachOthersLeasesWhenOneIsKilled) {
    std::atomic<bool> stop{false};
    std::atomic<int> begun{0};
    std::atomic<int> done{0};
    std::thread worker([&] {
        bus::run_worker(
            {work(), "worker-1@test", {"route", "read"}},
            [&](const v1::Lease& lease, bus::TaskContext& context) -> Result<v1::Done> {
                ++begun;
                const auto until = Steady::now() + seconds(lease.stage() == "read" ? 3 : 0);
                while (context.alive() && Steady::now() < until) std::this_thread::sleep_for(milliseconds{5});
                ++done;
                return result_of(lease);
            },
            stop);
    });
    bus::Client scanner(work());
    EXPECT_TRUE(register_one(scanner, 0, seconds(10)));
    ASSERT_TRUE(eventually(seconds(10), [&] { return begun == 1; }));
    a_->kill_now();  // while its task is being worked on, for good
    const auto killed_at = Steady::now();
    EXPECT_TRUE(register_one(scanner, 1, kNoticed));
    std::printf("the scanner was answered by the other hub %lld ms after the kill\n",
                static_cast<long long>(std::chrono::duration_cast<milliseconds>(Steady::now() - killed_at).count()));
    bus::Client service(desk());
    EXPECT_TRUE(eventually(seconds(20), [&] {
        const auto status = service.ask<v1::Status>(v1::StatusQuery{}, {.patience = seconds(5)});
        return status && status->queued() == 2;
    }));
    stop = true;
    worker.join();
    // Nothing was leased twice: the first task was begun at one hub and ended at the other.
    EXPECT_EQ(begun, 4);
    EXPECT_EQ(done, 4);
    const auto kinds = events();
    EXPECT_EQ(kinds.count("pli.retry"), 0u);
    const auto verified = ledger::verify(url_, folder_ / "b/ledger", nullptr);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(verified->plis, 2);
}

TEST_F(TwoHubs, AreLeftForEachOtherWhenOneHangs) {
    bus::Client scanner(work());
    bus::Client service(desk());
    int rank = 0;
    milliseconds longest{0};
    for (int round = 0; round < 2; ++round) {
        const auto& hung = round == 0 ? *a_ : *b_;
        EXPECT_TRUE(register_one(scanner, rank++, seconds(10)));
        EXPECT_TRUE(service.ask<v1::Status>(v1::StatusQuery{}, {.patience = seconds(10)}));
        hung.freeze();
        const auto froze_at = Steady::now();
        EXPECT_TRUE(service.ask<v1::Status>(v1::StatusQuery{}, {.patience = kNoticed}));
        EXPECT_TRUE(register_one(scanner, rank++, kNoticed + kStoreGivenUp));
        longest = std::max(longest, std::chrono::duration_cast<milliseconds>(Steady::now() - froze_at));
        hung.thaw();
        EXPECT_TRUE(eventually(seconds(20), [&] { return answers(hung); }));
    }
    std::printf("a hub that hangs: mail went on at the other after %lld ms at most\n",
                static_cast<long long>(longest.count()));
    EXPECT_EQ(events()["pli.registered"], rank);
}

}  // namespace
}  // namespace pleiade::hub
