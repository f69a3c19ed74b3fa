#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "common/bus/limits.h"
#include "common/bus/worker.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/bus/fake_hub.h"

namespace pleiade::bus {
namespace {

using std::chrono::milliseconds;

class Bus : public ::testing::Test {
  protected:
    test::TemporaryFolder folder_;
    std::string endpoint_ = "ipc://" + (folder_ / "run/work");
};

TEST_F(Bus, AsksAndIsAnswered) {
    const FakeHub hub(endpoint_, [](const Incoming& incoming) { return ok_to(incoming.envelope); });
    Client client(endpoint_);
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}).has_value());
    const auto other = client.ask<v1::Status>(v1::StatusQuery{});
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, "ANSWER_UNEXPECTED");
}

TEST_F(Bus, SaysThatTheHubIsAway) {
    Client client(endpoint_);
    const auto began_at = std::chrono::steady_clock::now();
    const auto answer = client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = milliseconds{150}});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, "HUB_UNREACHABLE");
    EXPECT_EQ(answer.error().kind, ErrorKind::Unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - began_at, std::chrono::seconds(5));
}

TEST_F(Bus, SaysTheSameRequestAgainUntilItIsAnswered) {
    std::mutex mutex;
    std::vector<std::string> requests;
    const FakeHub hub(endpoint_, [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
        const std::lock_guard lock(mutex);
        requests.push_back(incoming.envelope.request_id() + incoming.envelope.idempotency_key());
        if (requests.size() < 3) return std::nullopt;
        return ok_to(incoming.envelope);
    });
    Client client(endpoint_);
    CallOptions options;
    options.idempotency_key = "key";
    options.resend_every = milliseconds{30};
    ASSERT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, options).has_value());
    const std::lock_guard lock(mutex);
    ASSERT_GE(requests.size(), 3u);
    EXPECT_EQ(requests[0], requests[1]);
    EXPECT_EQ(requests[1], requests[2]);
}

TEST_F(Bus, SaysItAgainAtOnceToTheHubThatCameBack) {
    std::atomic<int> heard{0};
    Client client(endpoint_);
    std::thread asking;
    std::atomic<bool> answered{false};
    {
        const FakeHub deaf(endpoint_, [&](const Incoming&) -> std::optional<v1::Envelope> {
            ++heard;
            return std::nullopt;
        });
        asking = std::thread([&] {
            answered = client
                           .ask<v1::Ok>(v1::StatusQuery{}, {.patience = std::chrono::seconds(30),
                                                            .resend_every = std::chrono::seconds(60)})
                           .has_value();
        });
        while (heard == 0) std::this_thread::sleep_for(milliseconds{1});
    }
    const FakeHub hub(endpoint_, [](const Incoming& incoming) { return ok_to(incoming.envelope); });
    asking.join();
    EXPECT_TRUE(answered);
}

TEST_F(Bus, TurnsARefusalIntoItsError) {
    const FakeHub hub(endpoint_, [](const Incoming& incoming) {
        v1::Refused refused;
        refused.set_kind("conflict");
        refused.set_code("NOT_QUEUED");
        return answer_to(incoming.envelope, refused, 1);
    });
    Client client(endpoint_);
    const auto answer = client.ask<v1::Ok>(v1::StatusQuery{});
    EXPECT_EQ(answer.error().kind, ErrorKind::Conflict);
    EXPECT_EQ(answer.error().code, "NOT_QUEUED");
}

TEST_F(Bus, RefusesToSendWhatIsTooLargeAndReplacesAnAnswerThatIs) {
    const FakeHub hub(endpoint_, [](const Incoming& incoming) {
        v1::Refused huge;
        huge.set_message(std::string(kMessageBytesMax, 'x'));
        return answer_to(incoming.envelope, huge, 1);
    });
    Client client(endpoint_);
    v1::Register request;
    request.set_manifest_json(std::string(kMessageBytesMax, 'x'));
    EXPECT_EQ(client.ask<v1::Ok>(request).error().code, "MESSAGE_TOO_LARGE");
    EXPECT_EQ(client.ask<v1::Ok>(v1::StatusQuery{}).error().code, "ANSWER_TOO_LARGE");
}

TEST_F(Bus, KeepsItsFolderToItself) {
    const FakeHub hub(endpoint_, [](const Incoming& incoming) { return ok_to(incoming.envelope); });
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / "run").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(Bus, ReachesASocketWhosePathIsLongerThanAnAddress) {
    const std::string endpoint = "ipc://" + (folder_ / (std::string(60, 'a') + "/" + std::string(60, 'b') + "/work"));
    const FakeHub hub(endpoint, [](const Incoming& incoming) { return ok_to(incoming.envelope); });
    Client client(endpoint);
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}).has_value());
}

// --- the worker's loop, against a hub that plays it tricks
class WorkerLoop : public Bus {
  protected:
    void run(const TaskHandler& handler) {
        const std::atomic<bool> stop{false};
        run_worker({endpoint_, "reader-1@test", {"read"}}, handler, stop);
    }
};

TEST_F(WorkerLoop, SaysItsResultUntilItIsAcknowledged) {
    int leases = 0;
    int results = 0;
    std::string name;
    v1::Ready last;
    {
        const FakeHub hub(endpoint_, [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
            const v1::Envelope& request = incoming.envelope;
            name = incoming.peer;
            if (request.type() == "Ready") {
                last.ParseFromString(request.body());
                return leases++ == 0 ? lease_to(request, 30'000) : drain(request);
            }
            EXPECT_EQ(request.type(), "Done");
            EXPECT_EQ(request.task_id(), "7");
            EXPECT_EQ(request.content_sha256(), sha256_hex(request.body()));
            if (++results < 2) return std::nullopt;
            return answer_to(request, v1::Ack{}, 1);
        });
        run([](const v1::Lease& lease, TaskContext& context) -> Result<v1::Done> {
            EXPECT_EQ(lease.stage(), "read");
            EXPECT_TRUE(context.alive());
            v1::Done done;
            done.mutable_reading();
            return done;
        });
    }
    EXPECT_EQ(results, 2);
    EXPECT_EQ(name, "reader-1@test");
    EXPECT_EQ(last.counters().done(), 1u);
    EXPECT_GT(last.counters().rss_bytes(), 0u);
}

TEST_F(WorkerLoop, RenewsFromInsideItsWorkAndStopsWhenTheFenceHasMovedOn) {
    std::atomic<int> renewals{0};
    int leases = 0;
    bool lost = false;
    {
        const FakeHub hub(endpoint_, [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
            const v1::Envelope& request = incoming.envelope;
            if (request.type() == "Ready") return leases++ == 0 ? lease_to(request, 300) : drain(request);
            EXPECT_EQ(request.type(), "Renew");
            if (++renewals <= 3) return answer_to(request, v1::Ok{}, 1);
            return answer_to(request, v1::Stale{}, 1);
        });
        run([&](const v1::Lease&, TaskContext& context) -> Result<v1::Done> {
            while (context.alive()) std::this_thread::sleep_for(milliseconds{5});
            lost = true;
            return v1::Done{};  // dropped: it is not ours any more
        });
    }
    EXPECT_TRUE(lost);
    EXPECT_EQ(renewals, 4);
}

TEST_F(WorkerLoop, GivesUpAtEightyPercentOfALeaseThatItCannotRenew) {
    int leases = 0;
    milliseconds worked{0};
    {
        const FakeHub hub(endpoint_, [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
            if (incoming.envelope.type() != "Ready") return std::nullopt;
            return leases++ == 0 ? lease_to(incoming.envelope, 1'000) : drain(incoming.envelope);
        });
        run([&](const v1::Lease&, TaskContext& context) -> Result<v1::Done> {
            const auto began_at = std::chrono::steady_clock::now();
            while (context.alive()) std::this_thread::sleep_for(milliseconds{5});
            worked = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began_at);
            return v1::Done{};
        });
    }
    EXPECT_GT(worked, milliseconds{300});
    EXPECT_LT(worked, milliseconds{1'000});
}

TEST_F(WorkerLoop, SaysWhyItFailed) {
    const std::vector<std::pair<Error, std::string>> failures = {
        {{ErrorKind::Unavailable, "FILE_MISSING", ""}, "transient"},
        {{ErrorKind::Invalid, "PAGE_BAD", ""}, "permanent"},
    };
    for (const auto& [error, expected] : failures) {
        int leases = 0;
        v1::Nack nack;
        {
            const FakeHub hub(endpoint_, [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
                const v1::Envelope& request = incoming.envelope;
                if (request.type() == "Ready") return leases++ == 0 ? lease_to(request, 30'000) : drain(request);
                EXPECT_EQ(request.type(), "Nack");
                nack.ParseFromString(request.body());
                return answer_to(request, v1::Ack{}, 1);
            });
            run([&](const v1::Lease&, TaskContext&) -> Result<v1::Done> { return tl::unexpected<Error>(error); });
        }
        EXPECT_EQ(nack.class_(), expected);
        EXPECT_EQ(nack.code(), error.code);
    }
}

TEST_F(WorkerLoop, RefusesItsOwnResultWhenItIsTooLarge) {
    int leases = 0;
    v1::Nack nack;
    {
        const FakeHub hub(endpoint_, [&](const Incoming& incoming) -> std::optional<v1::Envelope> {
            const v1::Envelope& request = incoming.envelope;
            if (request.type() == "Ready") return leases++ == 0 ? lease_to(request, 30'000) : drain(request);
            nack.ParseFromString(request.body());
            return answer_to(request, v1::Ack{}, 1);
        });
        run([&](const v1::Lease&, TaskContext&) -> Result<v1::Done> {
            v1::Done done;
            done.mutable_reading()->set_reader_version(std::string(kResultBytesMax, 'x'));
            return done;
        });
    }
    EXPECT_EQ(nack.class_(), "permanent");
    EXPECT_EQ(nack.code(), "RESULT_TOO_LARGE");
}

TEST_F(WorkerLoop, LeavesWhenItIsStoppedEvenWithoutAHub) {
    std::atomic<bool> stop{false};
    std::thread worker([&] {
        run_worker(
            {endpoint_, "reader-1@test", {"read"}}, [](const v1::Lease&, TaskContext&) { return v1::Done{}; }, stop);
    });
    std::this_thread::sleep_for(milliseconds{30});
    stop = true;
    const auto began_at = std::chrono::steady_clock::now();
    worker.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began_at, std::chrono::seconds(8));
}

}  // namespace
}  // namespace pleiade::bus
