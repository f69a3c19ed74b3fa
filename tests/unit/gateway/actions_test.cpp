#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

using fake::document_id;
using fake::DocumentBuilder;

class Actions : public testing::Test {
  protected:
    void SetUp() override {
        for (int pli = 1; pli <= 3; ++pli) {
            harness.desk.add(DocumentBuilder(pli, 1, "RIB").pages({1}).to("595", "GDB", "P3", {1}).build());
        }
    }
    boost::json::object take_one(const std::string& key) {
        const auto answer = harness.post("/api/v1/queues/595/GDB:take", R"({"count":1,"by":"poste 12"})", key);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json().at("documents").at(0).as_object();
    }
    static std::string body(const boost::json::object& taken, const std::string& more = "") {
        return R"({"by":"poste 12","fence":)" + boost::json::serialize(taken.at("fence")) + more + "}";
    }
    static std::string id(const boost::json::object& taken) { return std::string(taken.at("id").as_string()); }

    Harness harness;
    int keys = 0;
};

TEST_F(Actions, ATakenDocumentIsAcknowledged) {
    const auto taken = take_one("t1");
    EXPECT_FALSE(taken.at("delivery_id").as_string().empty());
    EXPECT_FALSE(taken.at("lease_until").as_string().empty());
    const auto answer = harness.post("/api/v1/documents/" + id(taken) + ":acknowledge", body(taken), "a1");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("state").as_string(), "CLOSED");
}

TEST_F(Actions, ATakenDocumentIsReturnedWithItsReason) {
    const auto taken = take_one("t1");
    const std::string target = "/api/v1/documents/" + id(taken) + ":return";
    EXPECT_EQ(harness.post(target, body(taken, R"(,"code":"BORED")"), "r0").code(), "BODY_INVALID");
    EXPECT_EQ(harness.post(target, body(taken, R"(,"code":"OTHER")"), "r1").code(), "BODY_INVALID");
    const auto answer = harness.post(target, body(taken, R"(,"code":"WRONG_TYPE","note":"c'est un avis")"), "r2");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("state").as_string(), "RETURNED");
    EXPECT_EQ(answer.json().at("reason").as_string(), "WRONG_TYPE");
}

TEST_F(Actions, AReleasedDocumentIsInItsQueueAgain) {
    const auto taken = take_one("t1");
    EXPECT_EQ(
        harness.post("/api/v1/documents/" + id(taken) + ":release", body(taken), "x1").json().at("state").as_string(),
        "QUEUED");
    EXPECT_EQ(harness.get("/api/v1/queues/595/GDB/documents").json().at("documents").as_array().size(), 3U);
}

TEST_F(Actions, AStaleFenceIsAConflict) {
    const auto taken = take_one("t1");
    const auto answer =
        harness.post("/api/v1/documents/" + id(taken) + ":acknowledge", R"({"by":"poste 12","fence":99})", "a1");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.code(), "NOT_TAKEN_BY_YOU");
    EXPECT_EQ(harness.post("/api/v1/documents/" + document_id(1, 9) + ":acknowledge", body(taken), "a2").code(),
              "DOCUMENT_UNKNOWN");
}

TEST_F(Actions, APostWithoutItsKeyIsRefused) {
    EXPECT_EQ(harness.post("/api/v1/queues/595/GDB:take", R"({"count":1,"by":"x"})", "").code(),
              "IDEMPOTENCY_KEY_MISSING");
    EXPECT_EQ(harness.post("/api/v1/queues/595/GDB:take", R"({"count":1,"by":"x"})", std::string(201, 'k')).status,
              400);
    EXPECT_EQ(harness.desk.calls("take"), 0);
}

TEST_F(Actions, TheSameKeyCountsOnce) {
    const auto first = take_one("same");
    const auto again = harness.post("/api/v1/queues/595/GDB:take", R"({"count":1,"by":"poste 12"})", "same");
    EXPECT_EQ(again.json().at("documents").at(0).at("id"), first.at("id"));
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    EXPECT_EQ(harness.desk.calls("take"), 1);
}

TEST_F(Actions, TheSameKeyForSomethingElseIs422) {
    take_one("same");
    const auto other_body = harness.post("/api/v1/queues/595/GDB:take", R"({"count":2,"by":"poste 12"})", "same");
    EXPECT_EQ(other_body.status, 422);
    EXPECT_EQ(other_body.code(), "IDEMPOTENCY_KEY_REUSED");
    EXPECT_EQ(harness.post("/api/v1/queues/595/IJ:take", R"({"count":1,"by":"poste 12"})", "same").status, 422);
    EXPECT_EQ(harness.desk.calls("take"), 1);
}

TEST_F(Actions, AKeyWhoseRequestFailedMayAskAgain) {
    harness.desk.fail_with(Error{ErrorKind::Unavailable, "HUB_UNREACHABLE", "away"});
    EXPECT_EQ(harness.post("/api/v1/queues/595/GDB:take", R"({"count":1,"by":"poste 12"})", "k").status, 503);
    harness.desk.fail_with(std::nullopt);
    EXPECT_EQ(take_one("k").at("state").as_string(), "TAKEN");
}

TEST_F(Actions, ABodyIsCheckedKeyByKey) {
    const auto pointer = [&](const std::string& json) {
        const auto answer = harness.post("/api/v1/queues/595/GDB:take", json, "k" + std::to_string(++keys));
        EXPECT_EQ(answer.status, 400) << json;
        return std::string(answer.json().at("errors").at(0).at("pointer").as_string());
    };
    EXPECT_EQ(pointer("not json"), "/");
    EXPECT_EQ(pointer("[1]"), "/");
    EXPECT_EQ(pointer(R"({"count":0,"by":"x"})"), "/count");
    EXPECT_EQ(pointer(R"({"count":101,"by":"x"})"), "/count");
    EXPECT_EQ(pointer(R"({"count":1.5,"by":"x"})"), "/count");
    EXPECT_EQ(pointer(R"({"count":1,"by":"x","cuont":2})"), "/cuont");
    EXPECT_EQ(pointer(R"({"count":1,"by":"x","lease_seconds":1})"), "/lease_seconds");
    EXPECT_EQ(pointer(std::string(2000, '[')), "/");
}

TEST_F(Actions, AFormPostFromAnotherPageIsRefused) {
    const std::string target = "/api/v1/queues/595/GDB:take";
    const std::string json = R"({"count":1,"by":"x"})";
    EXPECT_EQ(harness.post(target, json, "k1", {{"Origin", "http://evil.example"}}).code(), "FORBIDDEN_ORIGIN");
    EXPECT_EQ(harness.post(target, json, "k2", {{"Origin", "null"}}).code(), "FORBIDDEN_ORIGIN");
    EXPECT_EQ(harness.post(target, json, "k3", {{"Sec-Fetch-Site", "cross-site"}}).code(), "FORBIDDEN_ORIGIN");
    EXPECT_EQ(harness.post(target, json, "k4", {{"Sec-Fetch-Site", "same-site"}}).code(), "FORBIDDEN_ORIGIN");
    EXPECT_EQ(harness.send("POST", target, json, {{"Content-Type", "text/plain"}, {"Idempotency-Key", "k5"}}).status,
              415);
    EXPECT_EQ(harness.desk.calls("take"), 0);
    const std::string own = "http://127.0.0.1:" + std::to_string(harness.port());
    EXPECT_EQ(harness.post(target, json, "k6", {{"Origin", own}, {"Sec-Fetch-Site", "same-origin"}}).status, 200);
}

}  // namespace

}  // namespace pleiade::gateway
