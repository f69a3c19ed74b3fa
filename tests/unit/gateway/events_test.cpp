#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

GatewayOptions quick() {
    GatewayOptions options;
    options.feed.poll_every = std::chrono::milliseconds(20);
    options.feed.status_every = std::chrono::milliseconds(50);
    options.feed.comment_every = std::chrono::milliseconds(100);
    return options;
}

std::string stream(Harness& harness, const std::string& more = "") {
    return "GET /api/v1/events HTTP/1.1\r\nHost: localhost:" + std::to_string(harness.port()) + "\r\n" +
           harness.signed_in_lines() + more + "\r\n";
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

// Keeps what it was given; says that so much is not read yet.
class KeepingSink final : public StreamSink {
  public:
    using StreamSink::send;
    bool send(SharedBytes bytes) override {
        const std::lock_guard lock(mutex_);
        kept_.push_back(std::move(bytes));
        return true;
    }
    std::size_t pending_bytes() const override { return pending; }
    std::vector<SharedBytes> kept() const {
        const std::lock_guard lock(mutex_);
        return kept_;
    }
    std::atomic<std::size_t> pending{0};

  private:
    mutable std::mutex mutex_;
    std::vector<SharedBytes> kept_;
};

std::vector<SharedBytes> changes_of(const KeepingSink& sink) {
    auto kept = sink.kept();
    std::erase_if(kept, [](const SharedBytes& bytes) { return bytes->find("event: change") == std::string::npos; });
    return kept;
}

TEST(Events, AreEncodedOnceForAllWhoFollow) {
    fake::FakeDesk desk;
    EventFeed feed(desk, quick().feed);
    const auto one = std::make_shared<KeepingSink>();
    const auto other = std::make_shared<KeepingSink>();
    const auto slow = std::make_shared<KeepingSink>();
    slow->pending = 1 << 20;
    for (const auto& sink : {one, other, slow}) feed.subscribe(sink, 0);
    desk.note_event("routed", fake::document_id(1, 1), "READ", "QUEUED");
    for (int i = 0; i < 200 && (changes_of(*one).empty() || changes_of(*other).empty()); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    feed.stop();
    ASSERT_EQ(changes_of(*one).size(), 1U);
    ASSERT_EQ(changes_of(*other).size(), 1U);
    EXPECT_EQ(changes_of(*one).front(), changes_of(*other).front()) << "the same bytes, not a copy";
    EXPECT_TRUE(changes_of(*slow).empty()) << "who does not read is given nothing more";
}

TEST(Events, BeginWithTheCounts) {
    Harness harness(quick());
    harness.desk.add(fake::DocumentBuilder(1, 1, "RIB").pages({1}).to("595", "GDB", "P3", {1}).build());
    const auto text = harness.raw(stream(harness), "\"last_event\":");
    EXPECT_NE(text.find("Content-Type: text/event-stream"), std::string::npos);
    EXPECT_NE(text.find("Content-Security-Policy:"), std::string::npos);
    EXPECT_NE(text.find("Cache-Control: no-store"), std::string::npos);
    EXPECT_NE(text.find("event: status\ndata: {\"plis\""), std::string::npos);
    EXPECT_EQ(count(text, "event: change"), 0U) << "what happened before is not new";
}

TEST(Events, ResumeAfterTheLastOneSeen) {
    Harness harness(quick());
    for (int i = 0; i < 500; ++i) harness.desk.note_event("routed", fake::document_id(1, 1), "READ", "QUEUED");
    const auto text = harness.raw(stream(harness, "Last-Event-ID: 123\r\n"), "id: 500\n");
    EXPECT_EQ(count(text, "event: change"), 377U);
    EXPECT_NE(text.find("id: 124\nevent: change"), std::string::npos);
    EXPECT_EQ(text.find("id: 123\n"), std::string::npos);
}

TEST(Events, APositionOfAnotherLedgerStartsFromNow) {
    Harness harness(quick());
    harness.desk.note_event("routed", fake::document_id(1, 1), "READ", "QUEUED");
    const auto text = harness.raw(stream(harness, "Last-Event-ID: 999999\r\n"), ": vivant", 2'000);
    EXPECT_EQ(count(text, "event: change"), 0U);
    EXPECT_NE(text.find("event: status"), std::string::npos);
}

TEST(Events, CarryNoNoteAndNoName) {
    Harness harness(quick());
    harness.desk.add(fake::DocumentBuilder(1, 1, "RIB").pages({1}).to("595", "GDB", "P3", {1}).build());
    const auto taken =
        harness.post("/api/v1/queues/595/GDB:take", R"({"by":"Mme Invente"})", "k").json().at("documents").at(0);
    harness.post("/api/v1/documents/" + fake::document_id(1, 1) + ":return",
                 R"({"by":"Mme Invente","code":"OTHER","note":"secret","fence":)" +
                     boost::json::serialize(taken.at("fence")) + "}",
                 "r");
    const auto text = harness.raw(stream(harness, "Last-Event-ID: 0\r\n"), "\"to\":\"RETURNED\"");
    EXPECT_NE(text.find("\"code\":\"OTHER\""), std::string::npos);
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_EQ(text.find("Invente"), std::string::npos);
}

TEST(Events, SayWhenTheHubIsAwayAndComeBack) {
    Harness harness(quick());
    harness.get("/api/v1/session");  // known for a moment, as a page's is that has been there
    harness.desk.fail_with(Error{ErrorKind::Unavailable, "HUB_UNREACHABLE", "away"});
    const auto text = harness.raw(stream(harness), "event: away");
    EXPECT_NE(text.find("event: away\ndata: {\"code\":\"HUB_UNREACHABLE\"}"), std::string::npos);
    harness.desk.fail_with(std::nullopt);
    EXPECT_NE(harness.raw(stream(harness), "event: status").find("event: status"), std::string::npos);
}

TEST(Events, CommentsKeepTheLineOpen) {
    Harness harness(quick());
    EXPECT_NE(harness.raw(stream(harness), ": vivant").find(": vivant\n\n"), std::string::npos);
}

TEST(Events, AnUnreadablePositionIsRefused) {
    Harness harness(quick());
    EXPECT_EQ(harness.get("/api/v1/events", {{"Last-Event-ID", "12;drop"}}).code(), "PARAMETER_INVALID");
    EXPECT_EQ(harness.get("/api/v1/events?after=-1").code(), "PARAMETER_INVALID");
}

TEST(Events, TooManyPagesAreToldSo) {
    auto options = quick();
    options.limits.streams_max = 0;
    Harness harness(options);
    EXPECT_NE(harness.raw(stream(harness)).find("TOO_MANY_STREAMS"), std::string::npos);
}

TEST(Events, AListenerThatDoesNotReadIsCutAndTheOthersGoOn) {
    auto options = quick();
    options.limits.write = std::chrono::milliseconds(1000);
    Harness harness(options);
    for (int i = 0; i < 30'000; ++i) harness.desk.note_event("routed", fake::document_id(1, 1), "READ", "QUEUED");
    std::thread other([&] {
        EXPECT_NE(harness.raw(stream(harness, "Last-Event-ID: 0\r\n"), "id: 30000\n", 30'000).find("id: 30000\n"),
                  std::string::npos);
    });
    const auto late = harness.read_late(stream(harness, "Last-Event-ID: 0\r\n"), std::chrono::seconds(4));
    other.join();
    ASSERT_TRUE(late) << "the connection was not closed";
    EXPECT_EQ(late->find("id: 30000\n"), std::string::npos);
}

TEST(Events, NothingIsAskedOfTheHubWhileNobodyListens) {
    Harness harness(quick());
    harness.raw(stream(harness), "event: status");
    for (int i = 0; i < 100; ++i) {  // the feed notices at its next write that the listener has gone
        const auto calls = harness.desk.calls("status");
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        if (harness.desk.calls("status") == calls) return;
    }
    FAIL() << "still asking";
}

}  // namespace

}  // namespace pleiade::gateway
