// A command that the hub committed and whose reply never reached the client: said again, it is done once.
#include <gtest/gtest.h>

#include "common/base/failpoint.h"
#include "tests/unit/gateway/station.h"

namespace pleiade::gateway {

namespace {

class LostReply : public testing::Test {
  protected:
    ~LostReply() override { failpoint::arm(""); }
    // The gateway forgets all that it knew of the request, as when it dies there; then the client says it again.
    Answer lost_once(const std::string& target, const std::string& body, const std::string& key) {
        failpoint::arm("gateway.before_reply:eio");
        EXPECT_EQ(station.post(target, body, key).status, 500);
        return station.post(target, body, key);
    }

    Station station;
};

TEST_F(LostReply, GivesTheSameDocumentsToWhoTakesAgain) {
    station.receive("0001", {.keying = false});
    station.receive("0002", {.keying = false});
    station.work();
    const std::string target = "/api/v1/queues/595/GDB:take";
    const auto taken = lost_once(target, R"({"by":"gdb-1","count":1})", "take-1");
    ASSERT_EQ(taken.status, 200) << taken.body;
    ASSERT_EQ(taken.json().at("documents").as_array().size(), 1U);
    // The other one is still there: the first saying took no second document.
    const auto other = station.post(target, R"({"by":"gdb-1","count":5})", "take-2");
    EXPECT_EQ(other.json().at("documents").as_array().size(), 1U);
}

TEST_F(LostReply, ClosesADocumentOnce) {
    station.receive("0001", {.keying = false});
    station.work();
    const auto taken = station.post("/api/v1/queues/595/GDB:take", R"({"by":"gdb-1","count":1})", "take-1");
    const auto document = taken.json().at("documents").at(0).as_object();
    const std::string id(document.at("id").as_string());
    const auto closed =
        lost_once("/api/v1/documents/" + id + ":acknowledge",
                  R"({"by":"gdb-1","fence":)" + boost::json::serialize(document.at("fence")) + "}", "a-1");
    ASSERT_EQ(closed.status, 200) << closed.body;
    EXPECT_EQ(station.state_of(id), "CLOSED");
    station.expect_whole();
}

TEST_F(LostReply, RecoversAPliOnce) {
    const auto pli = station.receive("0001", {.keying = false});
    station.work();
    const auto again = lost_once("/api/v1/recovery/re-read",
                                 R"({"by":"sup","ids":[")" + pli + R"("],"reason":"pages mal coupées"})", "r-1");
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.json().at("done").as_int64(), 1);
    station.work();
    station.expect_whole();
}

}  // namespace

}  // namespace pleiade::gateway
