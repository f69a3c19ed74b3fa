// The bus over real TCP: who has a key is heard, and nobody else gets a word in, whatever is sent.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <set>
#include <zmq.hpp>

#include "common/bus/client.h"
#include "common/bus/limits.h"
#include "common/bus/sockets.h"
#include "common/bus/worker.h"
#include "tests/support/bus_keyring.h"
#include "tests/support/raw_tcp.h"
#include "tests/unit/bus/fake_hub.h"

namespace pleiade::bus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;
using test::RawTcp;

constexpr seconds kSoon{20};  // generous: the machine may be busy

class OverTcp : public ::testing::Test {
  protected:
    void SetUp() override { hub_ = start(ring_); }
    std::unique_ptr<FakeHub> start(const test::BusKeyring& ring, const std::string& at = "tcp://127.0.0.1:*") {
        return std::make_unique<FakeHub>(
            at,
            [this](const Incoming& incoming) {
                const std::lock_guard lock(mutex_);
                ++heard_[incoming.caller.name];
                peers_.insert(incoming.peer);
                roles_[incoming.caller.name] = incoming.caller.role;
                return ok_to(incoming.envelope);
            },
            ring.hub());
    }
    // At the same port, which ZeroMQ lets go a little after the end of its socket.
    void start_again() {
        const std::string at = hub_->bound_at();
        hub_.reset();
        const auto until = Steady::now() + kSoon;
        while (RawTcp(test::port_of(at)).connected() && Steady::now() < until) std::this_thread::yield();
        hub_ = start(ring_, at);
    }
    HubAddress as(const std::string& name, const std::vector<std::string>& first = {}) const {
        return ring_.address(hub_->bound_at(), name, first);
    }
    std::uint16_t port() const { return test::port_of(hub_->bound_at()); }
    static bool answered(const HubAddress& hubs, milliseconds patience = kSoon) {
        Client client(hubs);
        return client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = patience}).has_value();
    }
    int heard(const std::string& name) const {
        const std::lock_guard lock(mutex_);
        const auto found = heard_.find(name);
        return found == heard_.end() ? 0 : found->second;
    }
    int heard_in_all() const {
        const std::lock_guard lock(mutex_);
        int all = 0;
        for (const auto& [name, count] : heard_) all += count;
        return all;
    }
    // Says a good envelope through a socket that is set up as `prepare` likes.
    template <class Prepare>
    void say_from(const Prepare& prepare) {
        zmq::socket_t socket(context(), zmq::socket_type::dealer);
        apply_common_options(socket);
        prepare(socket);
        socket.connect(hub_->bound_at());
        v1::Envelope envelope;
        envelope.set_version(kProtocolVersion);
        envelope.set_type("StatusQuery");
        const std::string bytes = envelope.SerializeAsString();
        (void)socket.send(zmq::buffer(bytes), zmq::send_flags::dontwait);
        sockets_.push_back(std::move(socket));  // stays, and tries again, until `sockets_` is cleared
    }

    test::TemporaryFolder folder_;
    test::BusKeyring ring_{folder_ / "keys", {{"scan-1", "scanner"}, {"read-1", "reader"}, {"read-2", "reader"}}};
    mutable std::mutex mutex_;
    std::map<std::string, int> heard_;  // under `mutex_`, as the next two
    std::map<std::string, std::string> roles_;
    std::set<std::string> peers_;
    std::unique_ptr<FakeHub> hub_;
    std::vector<zmq::socket_t> sockets_;
};

TEST_F(OverTcp, SaysWhoSpeaksAndAsWhat) {
    EXPECT_TRUE(answered(as("scan-1")));
    EXPECT_TRUE(answered(as("read-1")));
    EXPECT_GE(heard("scan-1"), 1);
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(roles_["scan-1"], "scanner");
    EXPECT_EQ(roles_["read-1"], "reader");
}

// A key is changed on its host before the hubs hear of it.
TEST_F(OverTcp, GoesBackToTheKeyThatTheHubKnowsUntilItKnowsTheNewOne) {
    Client client(as("read-1"));
    const auto asked = [&] { return client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}).has_value(); };
    ASSERT_TRUE(asked());
    ring_.add("new", "reader", false);
    std::filesystem::copy_file(ring_.file("new"), ring_.file("read-1"),
                               std::filesystem::copy_options::overwrite_existing);
    start_again();
    const int before = heard("read-1");
    EXPECT_TRUE(asked());
    EXPECT_TRUE(hub_->refused_within(refused::kUnknownKey, 1, kSoon)) << "the new one was shown first";
    EXPECT_GT(heard("read-1"), before);
    EXPECT_EQ(heard("new"), 0);
    ring_.let_in("new", "reader");
    ring_.set_state("read-1", "revoked");
    const auto until = Steady::now() + kSoon;
    while (heard("new") == 0 && Steady::now() < until) ASSERT_TRUE(asked()) << "over a link that is made again";
    EXPECT_GT(heard("new"), 0);
}

TEST_F(OverTcp, ServesThisMachineBesideWithoutAKey) {
    std::atomic<int> local{0};
    RouterServer both({"tcp://127.0.0.1:*", "ipc://" + (folder_ / "run/work")}, ring_.hub());
    std::atomic<bool> stop{false};
    std::thread serving([&] {
        while (!stop) {
            both.wait(milliseconds{20}, {});
            while (const auto incoming = both.receive()) {
                local += incoming->caller.local() ? 1 : 0;
                both.send(incoming->peer, ok_to(incoming->envelope));
            }
        }
    });
    std::string tcp;
    for (const auto& endpoint : both.endpoints()) tcp = is_tcp(endpoint) ? endpoint : tcp;
    EXPECT_TRUE(answered(HubAddress("ipc://" + (folder_ / "run/work"))));
    const int before = local;
    EXPECT_GE(before, 1);
    EXPECT_TRUE(answered(ring_.address(tcp, "scan-1")));
    EXPECT_EQ(local, before);
    stop = true;
    serving.join();
}

TEST_F(OverTcp, LetsNoStrangerSayAWord) {
    Client friendly(as("scan-1"));
    ASSERT_TRUE(friendly.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    ring_.add("nobody", "reader", false);
    const auto with_keys = [](zmq::socket_t& socket, const std::string& server, const KeyPair& own) {
        socket.set(zmq::sockopt::curve_serverkey, server);
        socket.set(zmq::sockopt::curve_publickey, own.public_key);
        socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
    };
    const std::string& hub_key = ring_.pair("hub").public_key;
    say_from([](zmq::socket_t&) {});  // NULL
    EXPECT_TRUE(hub_->refused_within(refused::kMechanism, 1, kSoon));
    sockets_.clear();
    const auto without = hub_->refused(refused::kMechanism);
    say_from([](zmq::socket_t& socket) {
        socket.set(zmq::sockopt::plain_username, "scan-1");
        socket.set(zmq::sockopt::plain_password, "scan-1");
    });
    EXPECT_TRUE(hub_->refused_within(refused::kMechanism, without + 1, kSoon));
    say_from([&](zmq::socket_t& socket) { with_keys(socket, hub_key, ring_.pair("nobody")); });
    EXPECT_TRUE(hub_->refused_within(refused::kUnknownKey, 1, kSoon));
    say_from([&](zmq::socket_t& socket) { with_keys(socket, make_key_pair().public_key, ring_.pair("scan-1")); });
    EXPECT_TRUE(hub_->refused_within(refused::kHandshake, 1, kSoon));
    // A good public half without its secret.
    KeyPair stolen = make_key_pair();
    stolen.public_key = ring_.pair("scan-1").public_key;
    sockets_.clear();
    const auto altered = hub_->refused(refused::kHandshake);
    say_from([&](zmq::socket_t& socket) { with_keys(socket, hub_key, stolen); });
    EXPECT_TRUE(hub_->refused_within(refused::kHandshake, altered + 1, kSoon));

    EXPECT_TRUE(friendly.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    EXPECT_EQ(heard_in_all(), heard("scan-1"));
    EXPECT_LE(heard("scan-1"), 4) << "the friendly client, who may have had to say it again";
}

TEST_F(OverTcp, IsNotImpressedByGarbageAndHalfGreetings) {
    Client friendly(as("scan-1"));
    ASSERT_TRUE(friendly.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    for (int i = 0; i < 20; ++i) {
        const RawTcp garbage(port());
        std::string bytes(200, static_cast<char>(i));
        garbage.send("GET / HTTP/1.1\r\n\r\n" + bytes);
        garbage.hear(kSoon);  // until it is closed
    }
    EXPECT_TRUE(hub_->refused_within(refused::kGreeting, 15, kSoon));
    for (int i = 0; i < 20; ++i) RawTcp(port()).send(test::greeting_of("CURVE").substr(0, 3 * i));
    EXPECT_TRUE(hub_->refused_within(refused::kUnfinished, 20, kSoon));
    // A whole greeting, then a command of a tebibyte: it is not waited for.
    const RawTcp oversized(port());
    oversized.send(test::greeting_of("CURVE") + std::string("\x06\0\0\x01\0\0\0\0\0", 9) + std::string(4'096, 'x'));
    EXPECT_TRUE(oversized.hear(kSoon).second) << "closed";
    EXPECT_TRUE(friendly.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    EXPECT_EQ(heard_in_all(), heard("scan-1"));
}

TEST_F(OverTcp, CutsWhoSendsTooMuchAndGoesOn) {
    say_from([&](zmq::socket_t& socket) {
        socket.set(zmq::sockopt::curve_serverkey, ring_.pair("hub").public_key);
        socket.set(zmq::sockopt::curve_publickey, ring_.pair("read-1").public_key);
        socket.set(zmq::sockopt::curve_secretkey, ring_.pair("read-1").secret_key);
    });
    const auto until = Steady::now() + kSoon;
    while (heard("read-1") == 0 && Steady::now() < until) std::this_thread::sleep_for(milliseconds{5});
    ASSERT_EQ(heard("read-1"), 1);
    const std::string large(kMessageBytesMax + 1, 'x');
    (void)sockets_.back().send(zmq::buffer(large), zmq::send_flags::dontwait);
    EXPECT_TRUE(answered(as("scan-1")));
    EXPECT_TRUE(answered(as("read-2")));
    EXPECT_EQ(heard("read-1"), 1);
    EXPECT_EQ(hub_->refused(refused::kGarbage), 0u) << "it never came in";
}

// Listens to a wire: everything the client said is said again on a connection of its own.
TEST_F(OverTcp, HearsNothingInWhatIsSaidAgainFromAWire) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at = test::loopback(0);
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    socklen_t size = sizeof at;
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size), 0);
    ASSERT_EQ(::listen(listener, 4), 0);
    std::string recorded;
    std::atomic<bool> stop{false};
    std::thread wire([&] {
        const RawTcp client(::accept(listener, nullptr, nullptr));
        const RawTcp server(port());
        while (!stop) {
            const auto said = client.hear(milliseconds{2});
            recorded += said.first;
            if (!said.first.empty()) server.send(said.first);
            const auto answer = server.hear(milliseconds{2});
            if (!answer.first.empty()) client.send(answer.first);
            if (said.second || answer.second) break;
        }
    });
    {
        Client client(ring_.address("tcp://127.0.0.1:" + std::to_string(ntohs(at.sin_port)), "scan-1"));
        EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon, .resend_every = kSoon}));
        EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon, .resend_every = kSoon}));
    }
    stop = true;
    wire.join();
    ::close(listener);
    EXPECT_EQ(heard("scan-1"), 2);
    EXPECT_GT(recorded.size(), 400u) << "a greeting, HELLO, INITIATE, two messages";
    const auto before = hub_->refused(refused::kHandshake);
    for (int i = 0; i < 5; ++i) {
        const RawTcp again(port());
        again.send(recorded);
        EXPECT_TRUE(again.hear(kSoon).second) << "closed";
    }
    EXPECT_TRUE(hub_->refused_within(refused::kHandshake, before + 5, kSoon));
    EXPECT_TRUE(answered(as("read-1")));
    EXPECT_EQ(heard("scan-1"), 2);
}

TEST_F(OverTcp, DropsWhatARevokedKeySaysOnALinkThatItHas) {
    Client revoked(as("read-1"));
    Client other(as("read-2"));
    ASSERT_TRUE(revoked.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    ring_.set_state("read-1", "revoked");
    EXPECT_TRUE([&] {
        const auto until = Steady::now() + kSoon;
        while (Steady::now() < until) {
            if (!revoked.ask<v1::Ok>(v1::StatusQuery{}, {.patience = milliseconds{500}})) return true;
        }
        return false;
    }());
    const int before = heard("read-1");
    EXPECT_FALSE(revoked.ask<v1::Ok>(v1::StatusQuery{}, {.patience = milliseconds{300}}));
    EXPECT_EQ(heard("read-1"), before);
    EXPECT_GE(hub_->refused(refused::kRevokedKey), 1u);
    const auto by_then = hub_->refused(refused::kRevokedKey);
    EXPECT_FALSE(answered(as("read-1"), milliseconds{500})) << "nor does it come in again";
    EXPECT_GT(hub_->refused(refused::kRevokedKey), by_then);
    EXPECT_TRUE(other.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    ring_.set_state("read-1", "good");
    EXPECT_TRUE(revoked.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon})) << "the list is read again";
}

TEST_F(OverTcp, LetsInAKeyThatWasAddedLater) {
    ring_.add("read-3", "reader", false);
    Client early(as("read-3"));
    EXPECT_FALSE(early.ask<v1::Ok>(v1::StatusQuery{}, {.patience = milliseconds{300}}));
    ring_.let_in("read-3", "reader");
    EXPECT_TRUE(early.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon})) << "without being started again";
    EXPECT_TRUE(answered(as("read-3")));
}

// A hub whose key is being changed: everybody knows both.
TEST_F(OverTcp, TriesTheNextKeyOfAHubWhereOneDoesNotFit) {
    const auto former = make_key_pair().public_key;
    EXPECT_TRUE(answered(as("scan-1", {former})));
    Client client(as("scan-1", {former, make_key_pair().public_key}));
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    start_again();
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon})) << "and finds it again";
}

TEST_F(OverTcp, GoesOnWithAnotherHubThatHasAKeyOfItsOwn) {
    test::BusKeyring second(folder_ / "second", {});
    auto other = std::make_unique<FakeHub>(
        "tcp://127.0.0.1:*", [](const Incoming& incoming) { return ok_to(incoming.envelope); },
        HubKeys{second.hub().key_file, ring_.hub().allowed_file});
    HubAddress hubs = as("scan-1");
    hubs.endpoints.push_back(other->bound_at());
    hubs.hub_keys.push_back(second.pair("hub").public_key);
    Client client(hubs);
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    hub_.reset();
    EXPECT_TRUE(client.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    hub_ = start(ring_);
    other.reset();
    hubs.endpoints = {hub_->bound_at(), hubs.endpoints[1]};
    EXPECT_TRUE(answered(hubs));
}

// With the worker's name as the name of its socket, whoever knew it could take its answers.
TEST_F(OverTcp, GivesEachLinkANameThatNobodyCanTakeOver) {
    EXPECT_TRUE(answered(as("read-1")));
    EXPECT_TRUE(answered(as("read-1")));
    const std::lock_guard lock(mutex_);
    ASSERT_EQ(peers_.size(), 2u);
    for (const auto& peer : peers_) EXPECT_EQ(peer.size(), 32u);
}

TEST_F(OverTcp, AnswersBesideAThousandIdleStrangersAndClosesThem) {
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    ASSERT_GE(files.rlim_cur, 4'096u);
    Client friendly(as("scan-1"));
    ASSERT_TRUE(friendly.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    std::vector<RawTcp> idle;
    for (int i = 0; i < 1'000; ++i) {
        idle.emplace_back(port());
        ASSERT_TRUE(idle.back().connected()) << i;
    }
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(friendly.ask<v1::Ok>(v1::StatusQuery{}, {.patience = kSoon}));
    EXPECT_TRUE(answered(as("read-1"))) << "who comes now";
    EXPECT_TRUE(hub_->refused_within(refused::kUnfinished, 1'000, kHandshakeTime + kSoon));
    EXPECT_TRUE(idle.front().hear(kSoon).second) << "closed";
    EXPECT_TRUE(idle.back().hear(kSoon).second) << "closed";
}

}  // namespace
}  // namespace pleiade::bus
