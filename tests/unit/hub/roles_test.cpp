// Who may say what to a hub over tcp://: every message that it knows, on both endpoints, from a key of every role.
#include "services/hub/roles.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include "common/base/sha256.h"
#include "common/bus/limits.h"
#include "common/bus/worker.h"
#include "common/ledger/verify.h"
#include "services/hub/refused.h"
#include "tests/support/bus_keyring.h"
#include "tests/support/raw_tcp.h"
#include "tests/unit/hub/running_hub.h"

namespace pleiade::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kSoon{30};  // generous: the machine may be busy
// What is counted is said once.
const bus::CallOptions kOnce{.patience = kSoon, .resend_every = kSoon};

// What each role is for, said apart from the table that is tried.
const std::map<std::string, std::set<std::string>> kWorkOf = {
    {"scanner", {"OpenLot", "Register", "Reject"}},
    {"reader", {"Ready", "Renew", "Done", "Nack", "FetchFile", "CheckFile"}},
    {"router", {"Ready", "Renew", "Done", "Nack"}},
    {"gateway", {}},
    {"ops", {"OpenLot", "Register", "Reject"}},
    {"hub", {}},
};
const std::set<std::string> kDeskOfOps = {
    "StatusQuery", "WorkersQuery", "WantReaders",   "DrainWorker", "SearchQuery",     "StoryQuery",
    "PliQuery",    "Recover",      "AccountsQuery", "SaveAccount", "SetAccountState", "SetPassword",
    "AddApiKey",   "RevokeApiKey", "ApiKeysQuery",  "EventsQuery", "FetchFile",       "CheckFile"};
const std::set<std::string> kNotOfGateways = {"WantReaders", "DrainWorker"};

bool meant_to_say(Door door, const std::string& role, const std::string& message) {
    if (door == Door::Work) return kWorkOf.at(role).contains(message);
    if (role == "ops") return kDeskOfOps.contains(message);
    return role == "gateway" && !kNotOfGateways.contains(message);
}

// A hub that is bound to TCP alone, and a key of each role.
class KeyedHub : public ::testing::Test {
  protected:
    std::string at(Door door) { return hub_.hub().endpoints(door).front(); }
    HubAddress as(const std::string& name, Door door) { return ring_.address(at(door), name); }
    std::string code_of(bus::Client& client, const std::string& type, const bus::CallOptions& options = kOnce,
                        const std::string& body = "") {
        const auto answer = client.call(type, body, options);
        return answer ? answer->type() : answer.error().code;
    }
    v1::Events events(const std::string& kind) {
        const SystemClock clock;
        const auto reader = ledger::open_reader("", folder_ / "ledger", clock);
        v1::Events found;
        const auto all = reader->events(0, 1000, true);
        for (const auto& event : all.events()) {
            if (event.kind() == kind) *found.add_events() = event;
        }
        return found;
    }
    template <class Condition>
    static bool eventually(const Condition& holds) {
        const auto until = std::chrono::steady_clock::now() + kSoon;
        while (!holds() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds{20});
        return holds();
    }
    double refused(const std::string& reason) const {
        for (const auto& family : registry_->Collect()) {
            if (family.name != "pleiade_bus_refused_total") continue;
            for (const auto& metric : family.metric) {
                if (metric.label.at(0).value == reason) return metric.counter.value;
            }
        }
        return -1;
    }

    test::TemporaryFolder folder_;
    test::BusKeyring ring_{folder_ / "keys",
                           {{"scanner", "scanner"},
                            {"reader", "reader"},
                            {"reader-b", "reader"},
                            {"router", "router"},
                            {"gateway", "gateway"},
                            {"ops", "ops"}}};
    std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
    RunningHub hub_{folder_.path().string(), ring_.hub(), registry_};
};

TEST_F(KeyedHub, HasARowForEveryMessageAndNoneBesides) {
    for (const Door door : {Door::Work, Door::Desk}) {
        const auto known = hub_.hub().messages(door);
        EXPECT_GE(known.size(), door == Door::Work ? 7u : 40u);
        std::set<std::string> rows;
        for (const auto& [message, roles] : rows_of(door)) {
            rows.insert(message);
            for (const auto& role : roles) {
                EXPECT_NE(std::ranges::find(bus::kRoles, role), bus::kRoles.end()) << role;
            }
        }
        EXPECT_EQ(rows, std::set<std::string>(known.begin(), known.end())) << "services/hub/roles.cpp";
    }
}

TEST_F(KeyedHub, HearsFromEachRoleWhatItIsForAndNothingElse) {
    int tried = 0;
    for (const Door door : {Door::Work, Door::Desk}) {
        for (const char* role : bus::kRoles) {
            bus::Client client(as(role, door));
            for (const auto& message : hub_.hub().messages(door)) {
                // An empty body: what is heard is answered, or refused for another reason.
                const bool refused = code_of(client, message) == "ROLE_NOT_ALLOWED";
                EXPECT_EQ(refused, !meant_to_say(door, role, message)) << role << " says " << message;
                EXPECT_EQ(role_may_say(door, role, message), meant_to_say(door, role, message)) << role << message;
                ++tried;
            }
        }
    }
    EXPECT_GE(tried, 6 * 47);
    EXPECT_TRUE(role_may_say(Door::Desk, bus::kLocalRole, "Take"));
    EXPECT_FALSE(role_may_say(Door::Desk, "gateway", "NoSuchMessage"));
}

TEST_F(KeyedHub, GivesAReaderNoTaskOfARouter) {
    bus::Client reader(as("reader", Door::Work));
    v1::Ready ready;
    ready.set_worker("reader-1");
    ready.set_credit(1);
    ready.add_stages("route");
    EXPECT_EQ(code_of(reader, "Ready", kOnce, ready.SerializeAsString()), "ROLE_NOT_ALLOWED");
    ready.add_stages("read");
    EXPECT_EQ(code_of(reader, "Ready", kOnce, ready.SerializeAsString()), "ROLE_NOT_ALLOWED");
    ready.clear_stages();
    ready.add_stages("read");
    EXPECT_EQ(code_of(reader, "Ready", kOnce, ready.SerializeAsString()), "Empty");
}

TEST_F(KeyedHub, LeavesATaskToTheKeyThatHoldsIt) {
    bus::Client scanner(as("scanner", Door::Work));
    ASSERT_TRUE(scanner.ask<v1::Registered>(pli_of("L1", "1"), with_key(key_of("L1", "1"), kSoon)));
    bus::Client holder(as("reader", Door::Work));
    bus::Client other(as("reader-b", Door::Work));
    v1::Ready ready;
    ready.set_worker("reader-1@host");
    ready.set_credit(1);
    ready.set_started_at_ms(1);
    ready.add_stages("read");
    const auto lease = holder.call("Ready", ready.SerializeAsString(), kOnce);
    ASSERT_TRUE(lease);
    ASSERT_EQ(lease->type(), "Lease");
    // Under the same name: another worker all the same, whose request gives up nothing.
    EXPECT_EQ(code_of(other, "Ready", kOnce, ready.SerializeAsString()), "Empty");
    v1::Lease task;
    ASSERT_TRUE(task.ParseFromString(lease->body()));
    const std::string result = result_of(task).SerializeAsString();
    const bus::CallOptions of_the_task{.task_id = lease->task_id(),
                                       .fence = lease->fence(),
                                       .content_sha256 = sha256_hex(result),
                                       .patience = kSoon,
                                       .resend_every = kSoon};
    bus::Client router(as("router", Door::Work));
    for (bus::Client* stranger : {&other, &router}) {
        EXPECT_EQ(code_of(*stranger, "Renew", of_the_task), "ROLE_NOT_ALLOWED");
        EXPECT_EQ(code_of(*stranger, "Nack", of_the_task), "ROLE_NOT_ALLOWED");
        EXPECT_EQ(code_of(*stranger, "Done", of_the_task, result), "ROLE_NOT_ALLOWED");
    }
    EXPECT_EQ(code_of(holder, "Renew", of_the_task), "Ok");
    bus::Client desk(as("ops", Door::Desk));
    const auto workers = desk.ask<v1::Workers>(v1::WorkersQuery{}, kOnce);
    ASSERT_TRUE(workers);
    std::map<std::string, std::string> states;
    for (const auto& row : workers->workers()) states[row.worker()] = row.state();
    EXPECT_EQ(states["reader:reader-1@host"], "working");
    EXPECT_EQ(states["reader-b:reader-1@host"], "idle");
    EXPECT_EQ(code_of(holder, "Done", of_the_task, result), "Ack");
}

TEST_F(KeyedHub, LetsMailThroughWithKeysAlone) {
    std::atomic<bool> stop{false};
    std::vector<std::thread> workers;
    for (const auto& [key, stage] : {std::pair{"reader", "read"}, std::pair{"router", "route"}}) {
        workers.emplace_back([&, key = key, stage = stage] {
            EXPECT_TRUE(bus::run_worker(
                {as(key, Door::Work), std::string(key) + "-1", {stage}},
                [](const v1::Lease& lease, bus::TaskContext&) -> Result<v1::Done> { return result_of(lease); }, stop));
        });
    }
    bus::Client scanner(as("scanner", Door::Work));
    for (const char* rank : {"1", "2", "3"}) {
        EXPECT_TRUE(scanner.ask<v1::Registered>(pli_of("L1", rank), with_key(key_of("L1", rank), kSoon)));
    }
    bus::Client desk(as("gateway", Door::Desk));
    EXPECT_TRUE(eventually([&] {
        const auto status = desk.ask<v1::Status>(v1::StatusQuery{}, kOnce);
        return status && status->queued() == 3;
    }));
    stop = true;
    for (auto& worker : workers) worker.join();
}

TEST_F(KeyedHub, CountsAndWritesDownWhomItRefuses) {
    bus::Client reader(as("reader", Door::Desk));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(code_of(reader, "StatusQuery"), "ROLE_NOT_ALLOWED");
    ring_.add("nobody", "reader", false);
    bus::Client nobody(as("nobody", Door::Work));
    EXPECT_EQ(code_of(nobody, "Ready", {.patience = milliseconds{300}}), "HUB_UNREACHABLE");
    test::RawTcp(test::port_of(at(Door::Desk))).send(test::greeting_of("NULL"));
    EXPECT_TRUE(eventually([&] {
        return refused("role") == 10 && refused("unknown_key") >= 1 &&
               refused("mechanism") + refused("unfinished") >= 1;
    }));
    EXPECT_EQ(refused("garbage"), 0);
    ASSERT_TRUE(eventually([&] { return events("bus.refused").events_size() >= 3; }));
    std::map<std::string, v1::Event> first;
    const auto written = events("bus.refused");
    for (const auto& event : written.events()) first.try_emplace(event.code(), event);
    ASSERT_TRUE(first.contains("role"));
    ASSERT_TRUE(first.contains("unknown_key"));
    EXPECT_EQ(first["role"].actor(), "hub");
    const auto fingerprint = bus::fingerprint_of(ring_.pair("reader").public_key);
    EXPECT_NE(first["role"].detail().find(fingerprint), std::string::npos) << first["role"].detail();
    for (const auto& event : written.events()) {
        EXPECT_EQ(event.detail().find(ring_.pair("nobody").public_key), std::string::npos);
    }
    hub_.stop();
    const auto verified = ledger::verify("", folder_ / "ledger", nullptr);
    EXPECT_TRUE(verified) << verified.error().message;
}

TEST_F(KeyedHub, SaysThatItsListOfKeysCannotBeRead) {
    const auto keys = [&] {
        for (const auto& check : hub_.hub().ready_checks()) {
            if (check.name == "keys") return check;
        }
        return runtime::ReadyCheck{};
    };
    EXPECT_TRUE(keys().ok);
    test::write_file(ring_.hub().allowed_file, "no table\n");
    bus::Client scanner(as("scanner", Door::Work));
    EXPECT_TRUE(eventually([&] {
        code_of(scanner, "OpenLot");
        return !keys().ok;
    }));
    EXPECT_NE(keys().advice.find("allowed.csv"), std::string::npos) << keys().advice;
}

TEST(RefusedLog, WritesOneEntryAMinuteForEachReasonAndAddress) {
    Refused refused;
    const MonotonicTime start{seconds(1'000)};
    refused.note({{"role", "10.0.0.1", "aa", 3}, {"role", "10.0.0.2", "bb", 1}, {"greeting", "tcp://*:1", "", 5}});
    EXPECT_EQ(refused.due(start).size(), 3u);
    refused.note({{"role", "10.0.0.1", "aa", 4}});
    EXPECT_TRUE(refused.due(start + seconds(59)).empty());
    const auto due = refused.due(start + seconds(60));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due.front().count, 4u);
    refused.again(due);
    EXPECT_EQ(refused.due(start + seconds(121)).size(), 1u);
    EXPECT_EQ(refused.totals()["role"], 8u);
    EXPECT_EQ(refused.totals()["garbage"], 0u);
}

TEST(RefusedLog, IsNotFilledByAFlood) {
    Refused refused;
    const MonotonicTime start{seconds(1'000)};
    std::size_t entries = 0;
    for (int second = 0; second < 60; ++second) {
        std::vector<bus::Refusal> flood;
        for (int i = 0; i < 200; ++i) flood.push_back({"unknown_key", std::to_string(second * 200 + i), "", 1});
        refused.note(flood);
        entries += refused.due(start + seconds(second)).size();
    }
    EXPECT_LE(entries, 66u);
    EXPECT_EQ(refused.totals()["unknown_key"], 12'000u);
}

}  // namespace
}  // namespace pleiade::hub
