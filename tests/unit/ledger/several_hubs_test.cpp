// Several hubs on one PostgreSQL: each pli is leased once, the journal stays one chain, and who dies or stops leaves
// the others at work.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "common/ledger/verify.h"
#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

class SeveralHubs : public MailRoom {
  protected:
    std::unique_ptr<Ledger> another_hub() { return open_ledger(options_); }

    // A process of its own, which does that and is killed.
    void in_a_process_that_dies(const std::function<void(Ledger&)>& act) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            const auto hub = another_hub();
            act(*hub);
            ::kill(::getpid(), SIGKILL);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    static std::optional<GrantedTask> lease_from(Ledger& hub, const std::string& worker, const std::string& request) {
        hub.begin();
        auto task = hub.lease({worker, 1, request, {"read"}});
        hub.commit();
        return task;
    }
    static Expired expire_of(Ledger& hub) {
        hub.begin();
        const Expired expired = hub.expire();
        hub.commit();
        return expired;
    }
};

TEST_P(SeveralHubs, LeaseEachPliOnce) {
    constexpr int kPlis = 60;
    for (int i = 0; i < kPlis; ++i) register_new("L1", std::to_string(i));
    std::mutex mutex;
    std::multiset<std::string> leased;
    const auto work = [&](const std::string& worker) {
        const auto hub = another_hub();
        for (int i = 0;; ++i) {
            const auto task = lease_from(*hub, worker, worker + std::to_string(i));
            if (!task) return;
            {
                const std::lock_guard lock(mutex);
                leased.insert(task->lease.pli_id());
            }
            EXPECT_EQ(task->fence, 1u);
            const v1::Done done = reading_of({{1}});
            hub->begin();
            EXPECT_EQ(hub->finish(task->task_id, task->fence, digest("r"), done).value(), Verdict::Accepted);
            hub->commit();
        }
    };
    std::thread one(work, "reader-1");
    std::thread two(work, "reader-2");
    std::thread three(work, "reader-3");
    one.join();
    two.join();
    three.join();
    EXPECT_EQ(leased.size(), static_cast<std::size_t>(kPlis));
    EXPECT_EQ(std::set<std::string>(leased.begin(), leased.end()).size(), static_cast<std::size_t>(kPlis));
    EXPECT_EQ(status().epoch(), 4u);
    expect_whole();
}

TEST_P(SeveralHubs, GoOnAtOnceWhenOneIsKilledWhileItLeases) {
    register_new("L1", "0001");
    in_a_process_that_dies([](Ledger& hub) {
        hub.begin();
        ASSERT_TRUE(hub.lease({"reader-9", 1, "r", {"read"}}).has_value());
    });
    const auto before = Steady::now();
    const auto task = lease("reader-1", {"read"});
    EXPECT_LT(Steady::now() - before, seconds(5));
    ASSERT_TRUE(task.has_value());
    EXPECT_EQ(task->fence, 1u) << "what the dead hub had not committed never was";
    expect_whole();
}

TEST_P(SeveralHubs, EndTheLeasesOfOneThatDied) {
    const std::string pli = register_new("L1", "0001");
    in_a_process_that_dies([](Ledger& hub) { ASSERT_TRUE(lease_from(hub, "reader-9", "r").has_value()); });
    expire();  // this hub sees it from now on
    clock_.advance(options_.read_lease - seconds(1));
    EXPECT_EQ(expire().tasks, 0);
    EXPECT_EQ(pli_state(pli), "READING");
    clock_.advance(seconds(3));
    EXPECT_EQ(expire().tasks, 1);
    const auto task = lease("reader-1", {"read"});
    ASSERT_TRUE(task.has_value());
    EXPECT_EQ(task->fence, 2u);
    expect_whole();
}

TEST_P(SeveralHubs, LetALeaseLiveThatIsRenewedThroughAnyOfThem) {
    register_new("L1", "0001");
    const auto other = another_hub();
    const auto task = lease("reader-1", {"read"});
    for (int third = 0; third < 9; ++third) {
        clock_.advance(options_.read_lease / 3);
        other->begin();
        EXPECT_EQ(other->renew(task->task_id, task->fence), Verdict::Accepted);
        other->commit();
        EXPECT_EQ(expire().tasks, 0);
    }
    // Its result goes through the other hub too.
    other->begin();
    EXPECT_EQ(other->finish(task->task_id, task->fence, digest("r"), reading_of({{1}})).value(), Verdict::Accepted);
    other->commit();
    clock_.advance(options_.read_lease * 2);
    EXPECT_EQ(expire().tasks + expire_of(*other).tasks, 0);
    expect_whole();
}

TEST_P(SeveralHubs, DoACommandOnceThatIsSaidToTwo) {
    queue_one("L1", "0001");
    const auto other = another_hub();
    const v1::Take message = from_queue("595", "IJ");
    const auto first = take(message, "k1").value();
    other->begin();
    const auto second = other->take({message.by(), "k1", digest(message.SerializeAsString())}, message).value();
    other->commit();
    EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
    expect_whole();
}

TEST_P(SeveralHubs, EndAServicesLeaseOnceThoughAllWatchIt) {
    const std::string document = queue_one("L1", "0001");
    const auto other = another_hub();
    take(from_queue("595", "IJ")).value();
    expire_of(*other);
    clock_.advance(options_.service_lease + seconds(3));
    EXPECT_EQ(expire().documents + expire_of(*other).documents, 1);
    EXPECT_EQ(state_of(document), "QUEUED");
    expect_whole();
}

TEST_P(SeveralHubs, ResumeABackOffThatAnotherHubBegan) {
    register_new("L1", "0001");
    const auto task = lease("reader-1", {"read"});
    EXPECT_EQ(give_up(*task, "transient"), Verdict::Accepted);
    const auto other = another_hub();
    EXPECT_FALSE(lease_from(*other, "reader-2", "early").has_value());
    clock_.advance(seconds(2));
    EXPECT_EQ(expire_of(*other).resumed, 1);
    EXPECT_TRUE(lease_from(*other, "reader-2", "late").has_value());
    expect_whole();
}

// A hub that is stopped inside a batch holds everybody up for five seconds, not for ever; what it then says is lost.
TEST_P(SeveralHubs, TakeTheStoreFromOneThatStaysSilent) {
    const auto silent = another_hub();
    silent->begin();
    ASSERT_TRUE(silent->register_pli({"ingest", digest("k"), ""}, pli_of("L1", "0001", 1, "a")).has_value());
    const auto before = Steady::now();
    register_new("L1", "0002");
    EXPECT_LT(Steady::now() - before, seconds(9));
    EXPECT_THROW(silent->commit(), StoreAway);
    silent->abandon();
    EXPECT_TRUE(in_one_batch(*silent, [&] {
                    silent->register_pli({"ingest", digest("k"), ""}, pli_of("L1", "0001", 1, "a")).value();
                }).value());
    EXPECT_EQ(status().plis_registered(), 2);
    expect_whole();
}

TEST_P(SeveralHubs, RefuseOneWithTheKeyOfAnotherInstallation) {
    LedgerOptions stranger = options_;
    stranger.folder = folder_ / "another-host";
    EXPECT_THROW(open_ledger(stranger), std::runtime_error);
    std::filesystem::remove(stranger.folder + "/nir.key");
    std::filesystem::copy(options_.folder + "/nir.key", stranger.folder + "/nir.key");
    EXPECT_NO_THROW(open_ledger(stranger));
}

ON_ONE_ENGINE(SeveralHubs, Engine::Postgres);

}  // namespace
}  // namespace pleiade::ledger
