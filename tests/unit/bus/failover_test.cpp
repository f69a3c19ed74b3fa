// Several hubs: whoever spoke to one that dies, hangs, keeps silent or has lost its store goes on with the next.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <mutex>
#include <set>

#include "common/bus/client.h"
#include "common/bus/limits.h"
#include "common/bus/worker.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/bus/fake_hub.h"

namespace pleiade::bus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

// What the issue gives a client to notice that its hub is gone.
constexpr seconds kNoticed{5};

// Takes connections, as the system of a host that hangs does for it, and says nothing.
class Hung {
  public:
    explicit Hung(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(fd_, 16), 0);
    }
    ~Hung() { ::close(fd_); }
    Hung(const Hung&) = delete;
    Hung& operator=(const Hung&) = delete;

  private:
    const int fd_;
};

class Failover : public ::testing::Test {
  protected:
    std::string at(const std::string& name) const { return "ipc://" + (folder_ / name); }
    HubAddress both() const { return at("run-a/work") + "," + at("run-b/work"); }
    std::unique_ptr<FakeHub> hub(const std::string& name, FakeHub::Answer answer = nullptr) {
        if (!answer) answer = [](const Incoming& incoming) { return ok_to(incoming.envelope); };
        return std::make_unique<FakeHub>(at(name + "/work"), std::move(answer));
    }
    static bool answered(Client& client, milliseconds patience = seconds(10)) {
        return client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = patience}).has_value();
    }

    test::TemporaryFolder folder_;
};

TEST_F(Failover, StartsWithTheHubThatIsThere) {
    const auto b = hub("run-b");
    Client client(both());
    const auto began_at = Steady::now();
    EXPECT_TRUE(answered(client));
    EXPECT_LT(Steady::now() - began_at, seconds(1));
}

TEST_F(Failover, SaysAgainToTheNextHubWhatTheDeadOneDidNotAnswer) {
    std::mutex mutex;
    std::set<std::string> heard_by_a;
    std::set<std::string> heard_by_b;
    auto a = hub("run-a", [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
        const std::lock_guard lock(mutex);
        heard_by_a.insert(incoming.envelope.request_id() + incoming.envelope.idempotency_key());
        return std::nullopt;
    });
    const auto b = hub("run-b", [&](const Incoming& incoming) {
        const std::lock_guard lock(mutex);
        heard_by_b.insert(incoming.envelope.request_id() + incoming.envelope.idempotency_key());
        return ok_to(incoming.envelope);
    });
    Client client(both());
    bool good = false;
    std::thread asking([&] {
        good = client.ask<v1::Ok>(v1::StatusQuery{}, {.idempotency_key = "key", .patience = seconds(10)}).has_value();
    });
    const auto heard = [&] {
        const std::lock_guard lock(mutex);
        return !heard_by_a.empty();
    };
    while (!heard()) std::this_thread::sleep_for(milliseconds{1});
    a.reset();
    const auto died_at = Steady::now();
    asking.join();
    EXPECT_LT(Steady::now() - died_at, seconds(1));
    EXPECT_TRUE(good);
    EXPECT_EQ(heard_by_a, heard_by_b);
}

TEST_F(Failover, LeavesAHubWhoseHostHangs) {
    std::filesystem::create_directories(folder_ / "run-a");
    const Hung a(folder_ / "run-a/work");
    const auto b = hub("run-b");
    Client client(both());
    EXPECT_TRUE(answered(client, kNoticed));
}

TEST_F(Failover, LeavesAHubThatHearsAndDoesNotAnswer) {
    const auto a = hub("run-a", [](const Incoming&) { return std::nullopt; });
    const auto b = hub("run-b");
    Client client(both());
    EXPECT_TRUE(answered(client, kNoticed));
    EXPECT_TRUE(answered(client, milliseconds{500}));  // and does not go back to it
}

TEST_F(Failover, GivesTheNextHubLongerToAnswerWhatTakesLong) {
    const auto slow = [](const Incoming& incoming) {
        std::this_thread::sleep_for(milliseconds{4'500});
        return ok_to(incoming.envelope);
    };
    const auto a = hub("run-a", slow);
    const auto b = hub("run-b", slow);
    Client client(both());
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = seconds(20), .resend_every = seconds(30)}));
}

TEST_F(Failover, AsksTheNextHubWhenAStoreIsAwayAndSaysSoWhenAllAre) {
    const auto away = [](const Incoming& incoming) {
        v1::Refused refused;
        refused.set_kind("unavailable");
        refused.set_code(kStoreUnavailable);
        return answer_to(incoming.envelope, refused, 1);
    };
    const auto a = hub("run-a", away);
    auto b = hub("run-b");
    Client client(both());
    EXPECT_TRUE(answered(client, seconds(3)));
    b.reset();
    b = hub("run-b", away);
    const auto refused = client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = seconds(5)});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, kStoreUnavailable);
}

TEST_F(Failover, FindsTheFirstHubThatComesBackWhenNoneWasThere) {
    Client client(both());
    EXPECT_FALSE(answered(client, milliseconds{500}));
    const auto a = hub("run-a");
    EXPECT_TRUE(answered(client, seconds(3)));
}

// The task is in the ledger, not in the hub: its fence is good at every hub.
TEST_F(Failover, EndsAtTheOtherHubTheTaskThatADeadHubLeased) {
    std::unique_ptr<FakeHub> a = hub("run-a", [](const Incoming& incoming) -> std::optional<v1::Envelope> {
        if (incoming.envelope.type() == "Ready") return lease_to(incoming.envelope, 3'000, 5);
        return std::nullopt;
    });
    std::atomic<int> renewed{0};
    std::atomic<int> done{0};
    const auto b = hub("run-b", [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
        const v1::Envelope& request = incoming.envelope;
        if (request.type() == "Ready") return drain(request);
        EXPECT_EQ(request.task_id(), "7");
        EXPECT_EQ(request.fence(), 5u);
        EXPECT_EQ(incoming.peer, "reader-1@test");
        if (request.type() == "Renew") {
            ++renewed;
            return ok_to(request);
        }
        ++done;
        return answer_to(request, v1::Ack{}, 1);
    });
    const std::atomic<bool> stop{false};
    run_worker(
        {both(), "reader-1@test", {"read"}},
        [&](const v1::Lease&, TaskContext& context) -> Result<v1::Done> {
            a.reset();
            const auto until = Steady::now() + seconds(5);  // beyond the lease as it was granted
            while (context.alive() && Steady::now() < until) std::this_thread::sleep_for(milliseconds{5});
            v1::Done result;
            result.mutable_reading();
            return result;
        },
        stop);
    EXPECT_GE(renewed, 1);
    EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace pleiade::bus
