// A database that is stopped, restarted, cut off inside a commit, or not durable.
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "common/ledger/verify.h"
#include "tests/support/postgres_server.h"
#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::seconds;

int listen_on(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd, 8), 0);
    return fd;
}

int connect_to(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
}

// Stands between a hub and the server; when armed, it lets the next COMMIT through and cuts before its answer, or cuts
// before the COMMIT itself.
class Cut {
  public:
    enum class Where { Nowhere, BeforeCommit, BeforeItsAnswer };
    Cut(const std::string& folder, std::string server) : server_(std::move(server)) {
        listener_ = listen_on(folder + "/.s.PGSQL.5432");
        accepting_ = std::thread([this] { accept_all(); });
    }
    ~Cut() {
        stop_ = true;
        accepting_.join();
        for (auto& pipe : pipes_) pipe.join();
        ::close(listener_);
    }
    std::atomic<Where> where{Where::Nowhere};

  private:
    void accept_all() {
        while (!stop_) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int client = ::accept(listener_, nullptr, nullptr);
            pipes_.emplace_back([this, client] { pump(client, connect_to(server_)); });
        }
    }
    void pump(int client, int server) {
        bool cut_at_answer = false;
        char bytes[65536];
        while (!stop_) {
            pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            if (::poll(both, 2, 20) <= 0) continue;
            const bool from_client = both[0].revents != 0;
            const ssize_t got = ::read(from_client ? client : server, bytes, sizeof bytes);
            if (got <= 0) break;
            const std::string_view said(bytes, static_cast<std::size_t>(got));
            if (from_client && said.find("COMMIT") != std::string_view::npos && where != Where::Nowhere) {
                if (where.exchange(Where::Nowhere) == Where::BeforeCommit) break;
                cut_at_answer = true;
            }
            if (!from_client && cut_at_answer) break;
            if (::write(from_client ? server : client, bytes, said.size()) != got) break;
        }
        ::close(client);
        ::close(server);
    }

    std::string server_;
    int listener_ = -1;
    std::atomic<bool> stop_{false};
    std::thread accepting_;
    std::vector<std::thread> pipes_;
};

class DatabaseAway : public MailRoom {
  protected:
    Result<bool> register_in_a_batch(const std::string& rank, bool* seen_before = nullptr) {
        return in_one_batch(*ledger_, [&] {
            const auto registered =
                ledger_->register_pli({"ingest", digest(rank), ""}, pli_of("L1", rank, 1, "content " + rank));
            if (seen_before != nullptr) *seen_before = registered.value().seen_before();
        });
    }
    // From here on the ledger speaks through `cut`.
    std::unique_ptr<Cut> through_a_cut() {
        const std::string& direct = options_.url;
        const auto host = direct.find("host=") + 5;
        const auto end = direct.find('&', host);
        auto cut = std::make_unique<Cut>(folder_.path().string(), test::shared_postgres().socket());
        options_.url = direct.substr(0, host) + folder_.path().string() + direct.substr(end);
        ledger_.reset();
        ledger_ = open_ledger(options_);
        return cut;
    }
};

TEST_P(DatabaseAway, KnowsOfACommitWhoseAnswerWasLostThatItWasCarriedOut) {
    const auto cut = through_a_cut();
    cut->where = Cut::Where::BeforeItsAnswer;
    EXPECT_EQ(register_in_a_batch("0001").value(), true);
    EXPECT_EQ(cut->where, Cut::Where::Nowhere);
    EXPECT_EQ(status().plis_registered(), 1);
    EXPECT_EQ(register_in_a_batch("0002").value(), true);
    expect_whole();
    ledger_.reset();
}

TEST_P(DatabaseAway, KnowsOfACommitThatNeverArrivedThatItWasNot) {
    const auto cut = through_a_cut();
    cut->where = Cut::Where::BeforeCommit;
    const auto lost = register_in_a_batch("0001");
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().code, "STORE_UNAVAILABLE");
    EXPECT_EQ(lost.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(status().plis_registered(), 0);
    bool seen_before = true;
    EXPECT_EQ(register_in_a_batch("0001", &seen_before).value(), true);
    EXPECT_FALSE(seen_before);
    expect_whole();
    ledger_.reset();
}

TEST_P(DatabaseAway, GoesOnAfterARestartWithWhatWasCommitted) {
    test::PostgresServer server;
    options_.url = server.url(server.create_database());
    restart();
    ASSERT_TRUE(register_in_a_batch("0001").has_value());
    ASSERT_EQ(status().plis_registered(), 1);
    for (const bool power_cut : {false, true}) {
        if (power_cut) {
            server.kill();
        } else {
            server.stop();
        }
        EXPECT_EQ(register_in_a_batch("0002").error().code, "STORE_UNAVAILABLE");
        EXPECT_EQ(register_in_a_batch("0002").error().code, "STORE_UNAVAILABLE");
        EXPECT_THROW(reader_->status(), StoreAway);
        server.start();
        bool seen_before = false;
        EXPECT_TRUE(register_in_a_batch("0001", &seen_before).has_value());
        EXPECT_TRUE(seen_before);
        EXPECT_EQ(status().plis_registered(), 1);
        expect_whole();
    }
    ASSERT_TRUE(register_in_a_batch("0002").has_value());
    EXPECT_EQ(status().plis_registered(), 2);
    expect_whole();
    ledger_.reset();
    reader_.reset();
}

TEST_P(DatabaseAway, RefusesADatabaseThatForgetsWhenThePowerFails) {
    test::PostgresServer server({"fsync=off"});
    options_.url = server.url(server.create_database());
    try {
        open_ledger(options_);
        FAIL() << "was opened";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("LEDGER_NOT_DURABLE"), std::string::npos) << error.what();
    }
}

TEST_P(DatabaseAway, MakesTheTablesOnceWhenTwoHubsStartTogether) {
    auto& server = test::shared_postgres();
    const std::string empty = server.create_database();
    options_.url = server.url(empty);
    std::unique_ptr<Ledger> one, two;
    std::thread first([&] { one = open_ledger(options_); });
    std::thread second([&] { two = open_ledger(options_); });
    first.join();
    second.join();
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->epoch(), two->epoch());
    EXPECT_EQ(server.ask(empty, "SELECT version FROM schema_version"), "3");
    one.reset();
    two.reset();
    server.drop_database(empty);
}

ON_ONE_ENGINE(DatabaseAway, Engine::Postgres);

}  // namespace
}  // namespace pleiade::ledger
