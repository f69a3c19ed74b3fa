#include <gtest/gtest.h>

#include "common/bus/worker.h"
#include "common/domain/readers_wanted.h"
#include "common/ledger/verify.h"
#include "tests/unit/hub/running_hub.h"

namespace pleiade::hub {
namespace {

using std::chrono::milliseconds;

class HubTest : public ::testing::Test {
  protected:
    HubTest() : hub_(std::make_unique<RunningHub>(home(), registry_)) {}

    std::string home() const { return folder_.path().string(); }
    std::string work() const { return RunningHub::work(home()); }
    std::string desk() const { return RunningHub::desk(home()); }

    // One process that reads and routes, as two would.
    void work_until(const std::function<bool()>& over) {
        std::atomic<bool> stop{false};
        std::thread worker([&] {
            bus::run_worker(
                {work(), "worker-1@test", {"read", "route"}},
                [](const v1::Lease& lease, bus::TaskContext&) -> Result<v1::Done> { return result_of(lease); }, stop);
        });
        eventually(over);
        stop = true;
        worker.join();
    }
    // What becomes true by itself, a busy machine's patience included.
    static bool eventually(const std::function<bool()>& holds) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!holds()) {
            if (std::chrono::steady_clock::now() >= until) return false;
            std::this_thread::sleep_for(milliseconds{10});
        }
        return true;
    }
    v1::Status status() {
        bus::Client client(desk());
        return client.ask<v1::Status>(v1::StatusQuery{}).value_or(v1::Status{});
    }

    test::TemporaryFolder folder_;
    std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
    std::unique_ptr<RunningHub> hub_;
};

TEST_F(HubTest, LeadsAPliFromTheScannerToTheServicesReceipt) {
    bus::Client ingest(work());
    v1::OpenLot lot;
    lot.set_lot("L1");
    lot.set_content_sha256("c");
    lot.set_announced_plis(1);
    ASSERT_TRUE(ingest.ask<v1::LotOpened>(lot).has_value());
    const auto registered = ingest.ask<v1::Registered>(pli_of("L1", "0001"), with_key(key_of("L1", "0001")));
    ASSERT_TRUE(registered.has_value()) << registered.error().message;
    EXPECT_EQ(registered->pli_id(), key_of("L1", "0001").substr(0, 32));

    work_until([&] { return status().queued() == 1; });

    bus::Client service(desk());
    v1::Take take;
    take.set_caisse("595");
    take.set_service("IJ");
    take.set_by("ij-1");
    const auto taken = service.ask<v1::Taken>(take, with_key("t1"));
    ASSERT_TRUE(taken.has_value()) << taken.error().message;
    ASSERT_EQ(taken->documents_size(), 1);
    v1::Acknowledge receipt;
    receipt.set_document(taken->documents(0).row().id());
    receipt.set_by("ij-1");
    receipt.set_fence(taken->documents(0).fence());
    EXPECT_EQ(service.ask<v1::Acted>(receipt, with_key("a1")).value().row().state(), "CLOSED");

    // A status may be shared for a while where it is costly.
    ASSERT_TRUE(eventually([&] { return status().closed() == 1; }));
    const auto now = status();
    EXPECT_EQ(now.plis_in_flight(), 0);
    EXPECT_EQ(now.difference_plis() + now.difference_documents() + now.difference_pages(), 0);
    v1::DocumentQuery query;
    query.set_id(taken->documents(0).row().id());
    EXPECT_EQ(service.ask<v1::DocumentView>(query).value().row().state(), "CLOSED");
    EXPECT_TRUE(ledger::verify(home() + "/ledger", nullptr).has_value());
}

TEST_F(HubTest, RefusesWhatItDoesNotUnderstandAndGoesOn) {
    bus::Client ingest(work());
    bus::Client service(desk());
    EXPECT_EQ(ingest.call("SomethingOfTomorrow", "", {}).error().code, "UNKNOWN_TYPE");
    EXPECT_EQ(service.call("SomethingOfTomorrow", "", {}).error().code, "UNKNOWN_TYPE");
    EXPECT_EQ(ingest.call("StatusQuery", "", {}).error().code, "UNKNOWN_TYPE");  // asked at the wrong door
    for (const char* const type : {"OpenLot", "Register", "Reject", "Ready", "Done", "Nack"}) {
        EXPECT_EQ(ingest.call(type, "\xff\xff\xff", {}).error().code, "BODY_MALFORMED") << type;
    }
    for (const char* const type :
         {"Take", "Acknowledge", "ReturnToPlatform", "Release", "DrainWorker", "WantReaders", "DocumentsQuery",
          "DocumentQuery", "PliQuery", "AsideQuery", "EventsQuery", "RejectionsQuery"}) {
        EXPECT_EQ(service.call(type, "\xff\xff\xff", {}).error().code, "BODY_MALFORMED") << type;
    }
    v1::Done done;
    bus::CallOptions lying;
    lying.content_sha256 = "not its digest";
    EXPECT_EQ(ingest.call("Done", "", lying).error().code, "DIGEST_MISMATCH");
    EXPECT_EQ(ingest.ask<v1::Stale>(v1::Renew{}).has_value(), true);
    EXPECT_TRUE(ingest.ask<v1::Registered>(pli_of("L1", "0001"), with_key(key_of("L1", "0001"))).has_value());
}

TEST_F(HubTest, DoesACommandOnceThatIsSaidAgain) {
    bus::Client ingest(work());
    for (const char* const rank : {"1", "2", "3"}) {
        ASSERT_TRUE(ingest.ask<v1::Registered>(pli_of("L1", rank), with_key(key_of("L1", rank))).has_value());
    }
    work_until([&] { return status().queued() == 3; });
    bus::Client service(desk());
    v1::Take take;
    take.set_caisse("595");
    take.set_service("IJ");
    take.set_by("ij-1");
    const auto first = service.ask<v1::Taken>(take, with_key("k"));
    const auto again = service.ask<v1::Taken>(take, with_key("k"));
    ASSERT_TRUE(first && again);
    EXPECT_EQ(first->documents(0).row().id(), again->documents(0).row().id());
    EXPECT_TRUE(eventually([&] { return status().taken() == 1; }));
}

TEST_F(HubTest, KeepsEverythingThroughARestart) {
    bus::Client ingest(work());
    ASSERT_TRUE(ingest.ask<v1::Registered>(pli_of("L1", "0001"), with_key(key_of("L1", "0001"))).has_value());
    hub_.reset();
    hub_ = std::make_unique<RunningHub>(home());
    const auto again = ingest.ask<v1::Registered>(pli_of("L1", "0001"), with_key(key_of("L1", "0001")));
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(again->seen_before());
    EXPECT_EQ(status().epoch(), 2u);
}

TEST_F(HubTest, ListsDrainsAndCountsItsWorkers) {
    bus::Client service(desk());
    std::atomic<bool> stop{false};
    std::thread worker([&] {
        bus::run_worker(
            {work(), "reader-7@test", {"read"}},
            [](const v1::Lease& lease, bus::TaskContext&) -> Result<v1::Done> { return result_of(lease); }, stop);
    });
    v1::Workers workers;
    const auto listed = [&] { return workers = service.ask<v1::Workers>(v1::WorkersQuery{}).value(); };
    ASSERT_TRUE(eventually([&] { return listed().workers_size() == 1; }));
    EXPECT_EQ(workers.workers(0).worker(), "reader-7@test");
    EXPECT_EQ(workers.workers(0).state(), "idle");

    v1::DrainWorker drain;
    drain.set_worker("nobody");
    EXPECT_EQ(service.ask<v1::Ok>(drain).error().code, "WORKER_UNKNOWN");
    drain.set_worker("reader-7@test");
    EXPECT_TRUE(service.ask<v1::Ok>(drain).has_value());
    worker.join();  // without having been told to stop
    // A worker that leaves does not wait for long to be heard.
    EXPECT_TRUE(eventually([&] { return listed().workers(0).state() == "gone"; }));

    v1::WantReaders wanted;
    wanted.set_readers(4);
    EXPECT_EQ(service.ask<v1::Wanted>(wanted).value().readers(), 4);
    EXPECT_EQ(service.ask<v1::Workers>(v1::WorkersQuery{}).value().readers_wanted(), 4);
    wanted.set_readers(kReadersAuto);
    EXPECT_EQ(service.ask<v1::Wanted>(wanted).value().readers(), kReadersAuto);
    for (const int none : {kReadersAuto - 1, kReadersMax + 1}) {
        wanted.set_readers(none);
        const auto refused = service.ask<v1::Wanted>(wanted);
        ASSERT_FALSE(refused.has_value()) << none;
        EXPECT_EQ(refused.error().code, "READERS_INVALID");
    }
}

TEST_F(HubTest, TellsItsFiguresWithoutAnyPli) {
    bus::Client ingest(work());
    const auto pli = ingest.ask<v1::Registered>(pli_of("L1", "0001"), with_key(key_of("L1", "0001")));
    work_until([&] { return status().queued() == 1; });
    std::string text;
    const auto tells = [&](const std::string& figure) {
        text = runtime::metrics_text(*registry_);
        return text.find(figure) != std::string::npos;
    };
    for (const char* const figure :
         {"pleiade_queue_items{caisse=\"595\",priority=\"P1\",service=\"IJ\"} 1",
          "pleiade_conservation_remainder{of=\"plis\"} 0", "pleiade_plis_received_total{outcome=\"registered\"} 1",
          "pleiade_commit_duration_seconds_bucket",
          "pleiade_worker_tasks_total{outcome=\"done\",worker=\"worker-1@test\"}"}) {
        EXPECT_TRUE(eventually([&] { return tells(figure); })) << figure << "\n" << text;
    }
    EXPECT_EQ(text.find(pli->pli_id()), std::string::npos);
    for (const auto& check : hub_->hub().ready_checks()) EXPECT_TRUE(check.ok) << check.name;
}

TEST(HubWithAFullDisk, RefusesNewMailAndKeepsWorking) {
    const test::TemporaryFolder folder;
    const std::string home = folder.path().string();
    RunningHub hub(home, nullptr, UINT64_MAX);
    bus::Client ingest(RunningHub::work(home));
    const auto refused = ingest.ask<v1::Registered>(pli_of("L1", "0001"), with_key("k"));
    EXPECT_EQ(refused.error().code, "STORE_NEARLY_FULL");
    EXPECT_EQ(refused.error().kind, ErrorKind::Unavailable);
    bus::Client service(RunningHub::desk(home));
    EXPECT_TRUE(service.ask<v1::Status>(v1::StatusQuery{}).has_value());
    bool full = false;
    for (const auto& check : hub.hub().ready_checks()) full = full || (check.name == "disk" && !check.ok);
    EXPECT_TRUE(full);
}

}  // namespace
}  // namespace pleiade::hub
