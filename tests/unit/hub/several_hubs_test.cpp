// Two hubs, each a process with its own folder as on two hosts, over one PostgreSQL: hubs are killed, the database is
// restarted and loses its power while mail flows; then one hub dies for good and the other ends everybody's work.
#include <gtest/gtest.h>

#include <map>
#include <random>

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

constexpr int kFaults = 16;

// A hub, its scanner, its worker and a service that asks it.
class Site {
  public:
    Site(const std::string& home, const std::string& store_url)
        : name_(std::filesystem::path(home).filename().string()),
          hub_(home, "[hub]\nadmin_port = 0\nlease_ms = 2000\n[store]\nurl = \"" + store_url + "\"\n") {}
    ~Site() {
        stop_ = true;
        for (auto& thread : people_) thread.join();
    }

    void open() {
        people_.emplace_back([this] { scan(); });
        people_.emplace_back([this] { work(); });
        people_.emplace_back([this] { serve(); });
    }
    test::HubProcess& hub() { return hub_; }
    bool answers() {
        bus::Client client(hub_.desk());
        return client.ask<v1::Status>(v1::StatusQuery{}, {.patience = milliseconds{500}}).has_value();
    }
    void take_no_more() { enough_ = true; }
    bool scanned() const { return scanned_; }
    int registered() const { return registered_; }

  private:
    void scan() {
        bus::Client client(hub_.work());
        for (int i = 0; !enough_ && !stop_; ++i) {
            const std::string rank = std::to_string(i);
            const auto answer =
                client.ask<v1::Registered>(pli_of("L-" + name_, rank), with_key(key_of(name_, rank), seconds(120)));
            ASSERT_TRUE(answer.has_value()) << answer.error().code;
            EXPECT_FALSE(answer->held_duplicate());
            ++registered_;
            std::this_thread::sleep_for(milliseconds{20});
        }
        scanned_ = true;
    }
    void work() {
        bus::run_worker(
            {hub_.work(), "worker@" + name_, {"route", "read"}},
            [](const v1::Lease& lease, bus::TaskContext&) -> Result<v1::Done> { return result_of(lease); }, stop_);
    }
    // The same request until it is answered: a hub or a database that is away is no refusal.
    template <class Answer, class Request>
    std::optional<Answer> insist(bus::Client& client, const Request& request, const std::string& key) {
        while (!stop_) {
            auto answer = client.ask<Answer>(request, with_key(key, seconds(2)));
            if (answer) return *answer;
            EXPECT_EQ(answer.error().kind, ErrorKind::Unavailable) << answer.error().code;
            if (answer.error().kind != ErrorKind::Unavailable) return std::nullopt;
            std::this_thread::sleep_for(milliseconds{20});
        }
        return std::nullopt;
    }
    void serve() {
        bus::Client client(hub_.desk());
        for (int command = 0; !stop_; ++command) {
            v1::Take take;
            take.set_caisse("595");
            take.set_service("IJ");
            take.set_by("ij-" + name_);
            take.set_count(5);
            take.set_lease_seconds(5);
            const auto taken = insist<v1::Taken>(client, take, "take" + name_ + std::to_string(command));
            if (!taken) return;
            for (const auto& document : taken->documents()) {
                v1::Acknowledge receipt;
                receipt.set_document(document.row().id());
                receipt.set_by("ij-" + name_);
                receipt.set_fence(document.fence());
                // Refused when the hub was away for longer than the lease: somebody else has it then.
                client.ask<v1::Acted>(
                    receipt, with_key("ack" + document.delivery_id() + std::to_string(document.fence()), seconds(4)));
            }
            if (taken->documents().empty()) std::this_thread::sleep_for(milliseconds{20});
        }
    }

    const std::string name_;
    test::HubProcess hub_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> enough_{false};
    std::atomic<bool> scanned_{false};
    std::atomic<int> registered_{0};
    std::vector<std::thread> people_;
};

template <class Condition>
bool eventually(seconds patience, const Condition& holds) {
    const auto until = Steady::now() + patience;
    while (Steady::now() < until) {
        if (holds()) return true;
        std::this_thread::sleep_for(milliseconds{20});
    }
    return false;
}

void expect_each_closed_once(ledger::LedgerReader& reader) {
    std::map<std::string, int> closings;
    for (std::int64_t after = 0;;) {
        const auto events = reader.events(after, 1000);
        for (const auto& event : events.events()) closings[event.document_id()] += event.kind() == "delivery.closed";
        if (events.events().empty()) break;
        after = events.last();
    }
    closings.erase("");
    for (const auto& [document, count] : closings) EXPECT_EQ(count, 1) << document;
}

TEST(SeveralHubs, LoseNothingWhenHubsAreKilledAndTheDatabaseIsRestarted) {
    if (!test::PostgresServer::available()) GTEST_SKIP() << "SKIPPED: PostgreSQL 15 is not installed";
    const unsigned seed = 20'261'122;
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    test::PostgresServer server;
    const std::string url = server.url(server.create_database());
    const test::TemporaryFolder folder;
    const auto a = std::make_unique<Site>(folder / "a", url);
    ASSERT_TRUE(eventually(seconds(60), [&] { return a->answers(); }));
    // The key of the installation goes with a hub to its host.
    std::filesystem::create_directories(folder / "b/ledger");
    std::filesystem::copy(folder / "a/ledger/nir.key", folder / "b/ledger/nir.key");
    const auto b = std::make_unique<Site>(folder / "b", url);
    ASSERT_TRUE(eventually(seconds(60), [&] { return b->answers(); }));
    a->open();
    b->open();
    std::map<std::string, int> done;
    milliseconds longest{0};
    for (int fault = 0; fault < kFaults; ++fault) {
        std::this_thread::sleep_for(milliseconds{static_cast<int>(random() % 300)});
        switch (fault % 4) {
            case 0:
            case 2: {
                Site& hub = fault % 4 == 0 ? *a : *b;
                Site& other = fault % 4 == 0 ? *b : *a;
                const int before = other.registered();
                const auto killed_at = Steady::now();
                hub.hub().kill_now();
                // The one that lives goes on meanwhile.
                EXPECT_TRUE(eventually(seconds(30), [&] { return other.registered() > before; }));
                longest = std::max(longest, std::chrono::duration_cast<milliseconds>(Steady::now() - killed_at));
                hub.hub().start();
                ++done["hub killed"];
                break;
            }
            case 1:
                server.stop();
                server.start();
                ++done["database restarted"];
                break;
            default:
                server.kill();
                server.start();
                ++done["database killed"];
        }
        const int from_a = a->registered();
        const int from_b = b->registered();
        EXPECT_TRUE(eventually(seconds(60),
                               [&] {
                                   a->hub().start_if_ended();
                                   b->hub().start_if_ended();
                                   return a->registered() > from_a && b->registered() > from_b;
                               }))
            << "mail does not flow again after fault " << fault;
    }
    a->take_no_more();
    b->take_no_more();
    ASSERT_TRUE(eventually(seconds(60), [&] { return a->scanned() && b->scanned(); }));
    a->hub().kill_now();  // for good, with whatever its worker and its service hold
    const int plis = a->registered() + b->registered();
    const SystemClock clock;
    const auto reader = ledger::open_reader(url, folder / "b/ledger", clock);
    EXPECT_TRUE(eventually(seconds(90), [&] { return reader->status().closed() == plis; }))
        << reader->status().closed() << " of " << plis << " closed";
    const auto verified = ledger::verify(url, folder / "b/ledger", nullptr);
    ASSERT_TRUE(verified.has_value()) << verified.error().message;
    EXPECT_EQ(verified->plis, plis);
    EXPECT_EQ(verified->documents, plis);
    expect_each_closed_once(*reader);
    for (const auto& [what, times] : done) std::printf("%s: %d times\n", what.c_str(), times);
    std::printf("seed %u: %d plis, the other hub went on after %lld ms at most, %lld audit entries in one chain\n",
                seed, plis, static_cast<long long>(longest.count()), static_cast<long long>(verified->audit_entries));
}

}  // namespace
}  // namespace pleiade::hub
