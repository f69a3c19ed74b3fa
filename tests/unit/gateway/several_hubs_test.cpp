// A gateway that knows two hubs over one PostgreSQL follows the second when the first is gone: questions and live
// events.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "services/gateway/api/events.h"
#include "services/gateway/bus_desk.h"
#include "services/hub/hub.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::gateway {
namespace {

// The journal as a live page gets it.
class Page final : public StreamSink {
  public:
    using StreamSink::send;
    bool send(SharedBytes bytes) override {
        const std::lock_guard lock(mutex_);
        text_ += *bytes;
        return true;
    }
    std::size_t pending_bytes() const override { return 0; }
    bool shows(const std::string& what) const {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        while (std::chrono::steady_clock::now() < until) {
            {
                const std::lock_guard lock(mutex_);
                if (text_.find(what) != std::string::npos) return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }

  private:
    mutable std::mutex mutex_;
    std::string text_;
};

class OneHub {
  public:
    OneHub(std::string home, const std::string& url) : home_(std::move(home)) {
        hub::HubOptions options;
        options.ledger.folder = home_ + "/ledger";
        options.ledger.url = url;
        options.ledger.clock = &clock_;
        options.work_endpoints = {work()};
        options.desk_endpoints = {desk()};
        options.disk_free_bytes_min = 0;
        hub_ = std::make_unique<hub::Hub>(options);
        thread_ = std::thread([this] { hub_->run(stop_); });
    }
    ~OneHub() {
        stop_ = true;
        thread_.join();
    }
    std::string work() const { return "ipc://" + home_ + "/run/work"; }
    std::string desk() const { return "ipc://" + home_ + "/run/desk"; }
    std::string receive(const std::string& rank) const {
        v1::Register pli;
        pli.mutable_context()->set_lot("L1");
        pli.mutable_context()->set_pli(rank);
        pli.mutable_context()->set_caisse("595");
        pli.add_files()->set_sha256(sha256_hex("content of " + rank));
        pli.add_pages()->set_page(1);
        bus::Client client(work());
        const auto registered = client.ask<v1::Registered>(pli, {.idempotency_key = sha256_hex("key of " + rank)});
        EXPECT_TRUE(registered) << registered.error().code;
        return registered->pli_id();
    }

  private:
    const std::string home_;
    SystemClock clock_;
    std::unique_ptr<hub::Hub> hub_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

TEST(GatewayOfSeveralHubs, FollowsTheOneThatIsLeft) {
    if (!test::PostgresServer::available()) GTEST_SKIP() << "SKIPPED: PostgreSQL 15 is not installed";
    test::PostgresServer server;
    const std::string url = server.url(server.create_database());
    const test::TemporaryFolder folder;
    auto a = std::make_unique<OneHub>(folder / "a", url);
    std::filesystem::create_directories(folder / "b/ledger");
    std::filesystem::copy(folder / "a/ledger/nir.key", folder / "b/ledger/nir.key");
    const OneHub b(folder / "b", url);

    const auto desk = bus_desk(a->desk() + "," + b.desk());
    EventFeed feed(*desk, {.poll_every = std::chrono::milliseconds(20)});
    const auto page = std::make_shared<Page>();
    feed.subscribe(page, 0);
    EXPECT_TRUE(page->shows(a->receive("1")));
    ASSERT_TRUE(desk->status());
    a.reset();
    const auto second = b.receive("2");
    EXPECT_TRUE(page->shows(second));
    const auto status = desk->status();
    ASSERT_TRUE(status) << status.error().code;
    EXPECT_EQ(status->plis_registered(), 2);
    feed.stop();
}

}  // namespace
}  // namespace pleiade::gateway
