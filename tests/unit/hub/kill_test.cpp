// kill -9 of the real program, again and again, while a scanner registers, a worker works and a service takes and
// acknowledges: nothing is lost, nothing is closed twice.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "common/bus/worker.h"
#include "common/ledger/verify.h"
#include "tests/support/hub_process.h"
#include "tests/unit/hub/running_hub.h"

namespace pleiade::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::HubProcess;

constexpr int kKills = 20;

// Each third pli waits for a person, until she has settled it.
constexpr int kDoubtfulOneIn = 3;

v1::Done result_with_doubts(const v1::Lease& lease) {
    v1::Done done = result_of(lease);
    if (lease.stage() != "route" || std::stoi(lease.context().pli()) % kDoubtfulOneIn != 0) return done;
    for (int i = 0; i < done.decisions().decisions_size(); ++i) {
        if (lease.reading().documents(i).settled().empty()) {
            done.mutable_decisions()->mutable_decisions(i)->set_kind("keying");
        }
    }
    return done;
}

// Everybody who speaks to the hub, each in a thread: mail goes on until `enough`, and is over when all of it is closed.
class Office {
  public:
    explicit Office(std::string home)
        : home_(std::move(home)),
          scanner_([this] { scan(); }),
          worker_([this] { work(); }),
          service_([this] { serve(); }),
          keyer_([this] { key(); }) {}
    ~Office() { finish(); }
    // Everybody ends what they were saying, while the hub still answers.
    void finish() {
        stop_ = true;
        for (std::thread* const thread : {&scanner_, &worker_, &service_, &keyer_}) {
            if (thread->joinable()) thread->join();
        }
    }
    int keyed() const { return keyed_; }
    int registered() const { return registered_; }
    bool over() const { return scanned_ && closed_ == registered_; }
    const std::set<std::string>& closed_documents() const { return closed_documents_; }  // once all threads are done
    std::atomic<bool> stop_{false};
    std::atomic<bool> enough_{false};

  private:
    void scan() {
        bus::Client client(RunningHub::work(home_));
        for (int i = 0; !enough_ && !stop_; ++i) {
            const std::string rank = std::to_string(i);
            const auto answer =
                client.ask<v1::Registered>(pli_of("L1", rank), with_key(key_of("L1", rank), seconds(60)));
            ASSERT_TRUE(answer.has_value()) << answer.error().code;
            ++registered_;
            std::this_thread::sleep_for(milliseconds{5});
        }
        scanned_ = true;
    }
    void work() {
        bus::run_worker(
            {RunningHub::work(home_), "worker-1@test", {"route", "read"}},
            [](const v1::Lease& lease, bus::TaskContext&) -> Result<v1::Done> { return result_with_doubts(lease); },
            stop_);
    }
    // Pulls, validates and says nothing twice; each answer may come from another hub than the one that was asked.
    void key() {
        bus::Client client(RunningHub::desk(home_));
        int command = 0;
        while (!stop_ && !over()) {
            v1::NextToKey next;
            next.set_by("ann");
            next.set_medical(true);
            const auto jobs =
                client.ask<v1::KeyingJobs>(next, with_key("next" + std::to_string(++command), seconds(60)));
            ASSERT_TRUE(jobs.has_value()) << jobs.error().code;
            for (const auto& job : jobs->jobs()) {
                v1::ValidateKeying keyed;
                keyed.set_id(job.lease().id());
                keyed.set_by("ann");
                keyed.set_fence(job.lease().fence());
                for (const auto& document : job.documents()) {
                    v1::KeyedDocument& said = *keyed.add_documents();
                    said.set_number(document.reading().id());
                    said.set_type("AAT");
                    *said.mutable_pages() = document.reading().pages();
                    said.set_skip_doubts(true);
                }
                const std::string key = "validate" + std::to_string(job.lease().fence());
                const auto validated = client.ask<v1::KeyingValidated>(keyed, with_key(key, seconds(60)));
                ASSERT_TRUE(validated.has_value()) << validated.error().code;
                EXPECT_EQ(validated->problems_size(), 0);
                ++keyed_;
            }
            if (jobs->jobs().empty()) std::this_thread::sleep_for(milliseconds{5});
        }
    }
    void serve() {
        bus::Client client(RunningHub::desk(home_));
        int command = 0;
        while (!stop_ && !over()) {
            v1::Take take;
            take.set_caisse("595");
            take.set_service("IJ");
            take.set_by("ij-1");
            take.set_count(5);
            const auto taken = client.ask<v1::Taken>(take, with_key("take" + std::to_string(++command), seconds(60)));
            ASSERT_TRUE(taken.has_value()) << taken.error().code;
            for (const auto& document : taken->documents()) {
                v1::Acknowledge receipt;
                receipt.set_document(document.row().id());
                receipt.set_by("ij-1");
                receipt.set_fence(document.fence());
                const auto acted = client.ask<v1::Acted>(
                    receipt, with_key("ack" + document.delivery_id() + std::to_string(document.fence()), seconds(60)));
                ASSERT_TRUE(acted.has_value()) << acted.error().code;
                EXPECT_TRUE(closed_documents_.insert(document.row().id()).second) << "delivered twice";
                ++closed_;
            }
            if (taken->documents().empty()) std::this_thread::sleep_for(milliseconds{5});
        }
    }

    std::string home_;
    std::atomic<bool> scanned_{false};
    std::atomic<int> registered_{0};
    std::atomic<int> closed_{0};
    std::atomic<int> keyed_{0};
    std::set<std::string> closed_documents_;
    std::thread scanner_;
    std::thread worker_;
    std::thread service_;
    std::thread keyer_;
};

void expect_all_closed_once(const std::string& home, int plis, int keyed) {
    const auto verified = ledger::verify(home + "/ledger", nullptr);
    ASSERT_TRUE(verified.has_value()) << verified.error().message;
    EXPECT_EQ(verified->plis, plis);
    EXPECT_EQ(verified->documents, plis);
    const SystemClock clock;
    const auto reader = ledger::open_sqlite_reader(home + "/ledger", clock);
    EXPECT_EQ(reader->status().closed(), plis);
    std::map<std::string, int> closings;
    std::map<std::string, int> keyings;
    for (std::int64_t after = 0;;) {
        const auto events = reader->events(after, 1000);
        for (const auto& event : events.events()) {
            closings[event.document_id()] += event.kind() == "delivery.closed" ? 1 : 0;
            if (event.kind() == "pli.keyed") ++keyings[event.pli_id()];
        }
        if (events.events().empty()) break;
        after = events.last();
    }
    // Each doubtful pli was keyed, once, and nobody's work was done twice.
    EXPECT_GT(keyed, 0);
    EXPECT_EQ(static_cast<int>(keyings.size()), keyed);
    EXPECT_EQ(keyed, (plis + kDoubtfulOneIn - 1) / kDoubtfulOneIn);
    for (const auto& [pli, count] : keyings) EXPECT_EQ(count, 1) << pli;
    for (const auto& [document, count] : closings) {
        if (!document.empty()) {
            EXPECT_EQ(count, 1) << document;
        }
    }
}

void wait_until_over(Office& office, HubProcess& hub, seconds patience) {
    office.enough_ = true;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!office.over() && std::chrono::steady_clock::now() < until) {
        if (hub.ended()) hub.start();
        std::this_thread::sleep_for(milliseconds{10});
    }
    EXPECT_TRUE(office.over());
}

constexpr char kSettings[] = "[hub]\nadmin_port = 0\n";

TEST(HubUnderKills, LosesNothingAndClosesNothingTwice) {
    const unsigned seed = 20'261'120;
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    const test::TemporaryFolder folder;
    const std::string home = folder.path().string();
    HubProcess hub(home, kSettings);
    Office office(home);
    for (int kill = 0; kill < kKills; ++kill) {
        // Mail moves between two kills, however busy the machine is: a hub that only ever recovers proves nothing.
        const int before = office.registered();
        const auto until = std::chrono::steady_clock::now() + seconds(10);
        while (office.registered() == before && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(milliseconds{5});
        }
        std::this_thread::sleep_for(milliseconds{static_cast<int>(random() % 200)});
        hub.kill_now();
        hub.start();
    }
    wait_until_over(office, hub, seconds(90));
    office.finish();
    hub.kill_now();
    EXPECT_GE(office.registered(), kKills);
    std::printf("seed %u: %d kills, %d plis, %d keyed by a person, 0 lost, 0 closed twice unless said above\n", seed,
                kKills, office.registered(), office.keyed());
    expect_all_closed_once(home, office.registered(), office.keyed());
}

TEST(HubUnderKills, SurvivesADeathAtEachOfItsCrashPoints) {
    const char* const points[] = {
        "hub.received:crash@40",          "ledger.begin:crash@60",         "ledger.after_state:crash@30",
        "ledger.before_audit:crash@90",   "ledger.before_commit:crash@25", "ledger.after_commit:crash@25",
        "hub.before_answer:crash@25",     "ledger.recovery:crash",         "ledger.before_commit:eio@30",
        "ledger.before_commit:enospc@35", "ledger.keyed:crash@3"};
    const test::TemporaryFolder folder;
    const std::string home = folder.path().string();
    HubProcess hub(home, kSettings, "ledger.mid_migration:crash");
    Office office(home);
    const auto dies = [&] {
        const auto until = std::chrono::steady_clock::now() + seconds(30);
        while (std::chrono::steady_clock::now() < until) {
            if (hub.ended()) return true;
            std::this_thread::sleep_for(milliseconds{5});
        }
        return false;
    };
    EXPECT_TRUE(dies()) << "ledger.mid_migration:crash";
    for (const char* const point : points) {
        hub.start(point);
        EXPECT_TRUE(dies()) << point;
    }
    hub.start();
    wait_until_over(office, hub, seconds(90));
    office.finish();
    hub.kill_now();
    expect_all_closed_once(home, office.registered(), office.keyed());
}

}  // namespace
}  // namespace pleiade::hub
