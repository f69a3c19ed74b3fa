// The recovery verbs, the search and the stories, over HTTP, before a real hub.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/gateway/station.h"

namespace pleiade::gateway {

namespace {

namespace json = boost::json;

std::string text(const json::value& value) {
    return std::string(value.as_string());
}

json::object verb(const json::array& ids, const json::object& more = {}) {
    json::object body{{"by", "s.martin"}, {"ids", ids}, {"reason", "the reader was replaced"}};
    for (const auto& [key, value] : more) body[key] = value;
    return body;
}

const std::string kRecovery = "/api/v1/recovery/";

TEST(RecoveryApi, HasEachVerb) {
    Station station;
    const std::string pli = station.receive("0001", {.keying = false});
    const std::string document = pli + "-1";
    const auto state = [&](const std::string& name, const json::object& body) {
        const auto answer = station.say(kRecovery + name, body);
        if (answer.status != 200) return answer.code();
        return text(answer.json().at("outcomes").as_array().front().at("state"));
    };
    EXPECT_EQ(state("hold", verb({document})), "HELD");
    EXPECT_EQ(state("release", verb({document})), "READ");
    station.work();
    EXPECT_EQ(state("re-route", verb({document})), "READ");
    station.work();
    EXPECT_EQ(state("reclassify", verb({document}, {{"type", "AAT"}})), "READ");
    station.work();
    EXPECT_EQ(state("reject", verb({document}, {{"code", "NOT_FOR_US"}})), "REJECTED");
    EXPECT_EQ(state("release", verb({document})), "READ");
    station.work();
    station.say("/api/v1/queues/595/IJ:take", {{"by", "ij-1"}});
    EXPECT_EQ(state("re-queue", verb({document})), "QUEUED");
    EXPECT_EQ(state("re-read", verb({pli})), "REGISTERED");
    station.work();
    station.put_aside(pli);
    EXPECT_EQ(state("un-quarantine", verb({pli})), "REGISTERED");
    station.work();
    station.expect_whole();
}

TEST(RecoveryApi, RefusesOneWithAProblemAndAListRowByRow) {
    Station station;
    const std::string pli = station.receive("0001", {.keying = false});
    const auto one = station.say(kRecovery + "un-quarantine", verb({pli}));
    EXPECT_EQ(one.status, 409);
    EXPECT_EQ(one.code(), "RECOVERY_NOT_QUARANTINED");
    EXPECT_NE(text(one.json().at("detail")).find("relisez"), std::string::npos);
    const auto list = station.say(kRecovery + "re-route", verb({pli + "-1", std::string(32, '0')}));
    ASSERT_EQ(list.status, 200) << list.body;
    EXPECT_EQ(list.json().at("done").as_int64(), 1);
    EXPECT_EQ(list.json().at("refused").as_int64(), 1);
    EXPECT_EQ(text(list.json().at("outcomes").as_array()[1].at("code")), "PLI_UNKNOWN");
    EXPECT_EQ(station.say(kRecovery + "burn", verb({pli})).status, 404);
    EXPECT_EQ(station.say(kRecovery + "reject", verb({pli})).code(), "RECOVERY_CODE_REQUIRED");
    EXPECT_EQ(station.say(kRecovery + "reclassify", verb({pli}, {{"type", "XYZ"}})).code(), "RECOVERY_TYPE_UNKNOWN");
    EXPECT_EQ(station.say(kRecovery + "hold", {{"by", "s"}, {"ids", {pli}}}).code(), "BODY_INVALID");
    EXPECT_EQ(station.say(kRecovery + "hold", verb({})).code(), "BODY_INVALID");
    station.expect_whole();
}

TEST(RecoveryApi, CountsTheSameRequestOnce) {
    Station station;
    const std::string pli = station.receive("0001", {.keying = false});
    const std::string body = json::serialize(verb({pli + "-1"}));
    EXPECT_EQ(station.post(kRecovery + "hold", body, "").code(), "IDEMPOTENCY_KEY_MISSING");
    EXPECT_EQ(station.post(kRecovery + "hold", body, "h1").status, 200);
    EXPECT_EQ(station.post(kRecovery + "hold", body, "h1").status, 200);
    EXPECT_EQ(station.post(kRecovery + "hold", body, "h2").code(), "RECOVERY_HELD_ALREADY");
}

TEST(RecoveryApi, ListsWhatIsAsideWithTheVerbsThatMakeSense) {
    Station station;
    const std::string first = station.receive("0001");
    const std::string second = station.receive("0002");
    station.put_aside(first);
    station.put_aside(second);
    const auto page = station.get("/api/v1/aside?limit=1").json();
    ASSERT_EQ(page.at("plis").as_array().size(), 1U);
    EXPECT_EQ(text(page.at("plis").as_array()[0].at("code")), "READER_CRASHED");
    EXPECT_EQ(text(page.at("plis").as_array()[0].at("verbs").as_array()[0]), "un-quarantine");
    const auto rest = station.get("/api/v1/aside?limit=1&cursor=" + text(page.at("next_cursor"))).json();
    EXPECT_EQ(rest.at("plis").as_array().size(), 1U);
    EXPECT_FALSE(rest.contains("next_cursor"));
    EXPECT_TRUE(station.get("/api/v1/aside?state=HELD").json().at("plis").as_array().empty());
    EXPECT_EQ(station.get("/api/v1/aside?cursor=zz").code(), "CURSOR_INVALID");
    EXPECT_EQ(station.get("/api/v1/lots").json().at("lots").as_array().size(), 1U);
    EXPECT_EQ(station.get("/api/v1/lots?balance=on").code(), "PARAMETER_INVALID");
    EXPECT_TRUE(station.get("/api/v1/lots?balance=off").json().at("lots").as_array().empty());
}

TEST(SearchApi, FindsAPliByEveryNumberThatItBears) {
    Station station;
    const std::string pli =
        station.receive("0001", {.keying = false, .registered = "1A12345678901", .endorser = "A0001230", .nir = kNir});
    station.receive("0002");
    const auto found = [&](const json::object& body) {
        const auto answer = station.post("/api/v1/search", json::serialize(body), "");
        EXPECT_EQ(answer.status, 200) << answer.body;
        const auto plis = answer.json().at("plis").as_array();
        return plis.size() == 1 && text(plis[0].at("id")) == pli ? text(plis[0].at("matched")) : "";
    };
    EXPECT_EQ(found({{"pli", pli}}), "pli");
    EXPECT_EQ(found({{"lot", "L1"}, {"pli", "0001"}}), "pli");
    EXPECT_EQ(found({{"endorser", "A0001230"}}), "endorser");
    EXPECT_EQ(found({{"registered", "1A12345678901"}}), "registered");
    EXPECT_EQ(found({{"nir", "2 55 08 14 168 025 38"}, {"by", "ann"}}), "nir");
    EXPECT_EQ(found({{"state", "QUEUED"}, {"service", "GDB"}, {"received_from", "2026-11-20"}}), "filters");
    EXPECT_EQ(station.post("/api/v1/search", R"({"nir":"255081416802539","by":"ann"})", "").code(), "NIR_INVALID");
    EXPECT_EQ(station.post("/api/v1/search", R"({"received_from":"20/11/2026"})", "").code(), "BODY_INVALID");
    // Who looked is in the journal; for whom is nowhere.
    const auto events = station.desk->events(0, 1000);
    int searches = 0;
    for (const auto& event : events->events()) {
        searches += event.kind() == "search.nir" ? 1 : 0;
        EXPECT_EQ(event.detail().find("2550814"), std::string::npos);
    }
    EXPECT_EQ(searches, 1);
    station.expect_whole();
}

TEST(SearchApi, TellsAPlisWholeStory) {
    Station station;
    const std::string pli = station.receive("0001");
    const auto job = station.job("ann");
    ASSERT_EQ(station.say("/api/v1/keying/" + pli + ":validate", Station::agreed(job)).status, 200);
    station.work();
    station.say(kRecovery + "hold", verb({pli + "-1"}));
    std::vector<std::string> kinds;
    std::string note;
    std::string target = "/api/v1/plis/" + pli + "/story?limit=4";
    for (int pages = 0; pages < 20; ++pages) {
        const auto answer = station.get(target);
        ASSERT_EQ(answer.status, 200) << answer.body;
        const auto story = answer.json();
        for (const auto& event : story.at("events").as_array()) {
            kinds.push_back(text(event.at("kind")));
            EXPECT_FALSE(text(event.at("text")).empty());
            EXPECT_NE(text(event.at("text")), kinds.back()) << "no French for it";
            if (event.as_object().contains("note")) note = text(event.at("note"));
        }
        EXPECT_EQ(story.at("readings").as_array().size(), 2U);
        if (!story.contains("next_cursor")) break;
        target = "/api/v1/plis/" + pli + "/story?limit=4&cursor=" + text(story.at("next_cursor"));
    }
    for (const char* const kind : {"pli.registered", "pli.read", "document.to_key", "document.keying", "pli.keyed",
                                   "document.queued", "pli.act", "document.held"}) {
        EXPECT_EQ(std::count(kinds.begin(), kinds.end(), kind), 1) << kind;
    }
    EXPECT_EQ(note, "the reader was replaced");
    EXPECT_EQ(station.get("/api/v1/plis/" + std::string(32, '0') + "/story").code(), "PLI_UNKNOWN");
}

}  // namespace

}  // namespace pleiade::gateway
