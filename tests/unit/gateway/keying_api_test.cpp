// The keying station's API, over HTTP, before a real hub.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "common/base/sha256.h"
#include "tests/unit/gateway/station.h"

namespace pleiade::gateway {

namespace {

namespace json = boost::json;

std::string text(const json::value& value) {
    return std::string(value.as_string());
}

std::string at(const std::string& id, const std::string& verb) {
    return "/api/v1/keying/" + id + verb;
}

TEST(KeyingApi, LeadsAPliFromItsKeyerToItsQueue) {
    Station station;
    const std::string pli = station.receive("0001", {.pages = 2});
    EXPECT_EQ(station.get("/api/v1/keying").json().at("waiting").as_int64(), 2);
    const auto job = station.job("ann");
    EXPECT_EQ(text(job.at("id")), pli);
    EXPECT_EQ(job.at("documents").as_array().size(), 2U);
    EXPECT_EQ(job.at("lease_seconds").as_int64(), 60);
    const auto page = job.at("pages").as_array().front().as_object();
    EXPECT_TRUE(page.at("editable").as_bool());
    EXPECT_EQ(station.get(text(page.at("image"))).status, 200);
    EXPECT_EQ(station.get(text(page.at("thumbnail"))).status, 200);
    EXPECT_EQ(station.put(at(pli, "/lease"), {{"by", "ann"}, {"fence", job.at("fence")}}).status, 200);

    const auto validated = station.say(at(pli, ":validate"), Station::agreed(job));
    ASSERT_EQ(validated.status, 200) << validated.body;
    EXPECT_EQ(text(validated.json().at("undo")), pli);
    station.work();
    EXPECT_EQ(station.state_of(pli + "-1"), "QUEUED");
    EXPECT_TRUE(station.job("ann").empty());
    const auto taken = station.say("/api/v1/queues/595/GDB:take", {{"by", "gdb-1"}, {"count", 5}});
    EXPECT_EQ(taken.json().at("documents").as_array().size(), 2U);
    station.expect_whole();
}

TEST(KeyingApi, TwoKeyersNeverGetTheSamePli) {
    Station station;
    constexpr int kPlis = 12;
    for (int i = 0; i < kPlis; ++i) station.receive(std::to_string(i));
    std::vector<std::string> given[2];
    std::thread keyers[2];
    for (int k = 0; k < 2; ++k) {
        keyers[k] = std::thread([&, k] {
            for (int i = 0; i < kPlis; ++i) {
                const auto answer = station.post("/api/v1/keying:next", R"({"by":"k)" + std::to_string(k) + R"("})",
                                                 "k" + std::to_string(k) + "-" + std::to_string(i));
                const auto json = answer.json();
                for (const auto& job : json.at("jobs").as_array()) given[k].push_back(text(job.at("id")));
            }
        });
    }
    for (auto& keyer : keyers) keyer.join();
    std::set<std::string> all(given[0].begin(), given[0].end());
    all.insert(given[1].begin(), given[1].end());
    EXPECT_EQ(given[0].size() + given[1].size(), static_cast<std::size_t>(kPlis));
    EXPECT_EQ(all.size(), static_cast<std::size_t>(kPlis));
    station.expect_whole();
}

TEST(KeyingApi, KeepsNoContentOfARepeatedRequestAndAsksTheHubAgain) {
    Station station;
    const std::string pli = station.receive("0001");
    const auto next = [&] { return station.post("/api/v1/keying:next", R"({"by":"ann"})", "same"); };
    const auto first = next().json().at("jobs").at(0).as_object();
    const auto again = next();
    EXPECT_EQ(again.json().at("jobs").at(0).at("fence"), first.at("fence"));
    EXPECT_FALSE(again.headers.contains("idempotency-replayed"));
    EXPECT_EQ(station.post("/api/v1/keying:next", R"({"by":"ann","count":2})", "same").code(),
              "IDEMPOTENCY_KEY_REUSED");
    EXPECT_EQ(station.say(at(pli, ":release"), {{"by", "ann"}, {"fence", first.at("fence")}}).status, 200);
    EXPECT_TRUE(next().json().at("jobs").as_array().empty()) << "the lease of that request is over";
}

TEST(KeyingApi, SaysWhichValuesFailAndWhy) {
    Station station;
    const std::string pli = station.receive("0001");
    const auto job = station.job("ann");
    auto body = Station::agreed(job);
    auto& document = body["documents"].as_array()[0].as_object();
    document["fields"] = {{{"name", "nir"}, {"value", kNirWrongKey}}, {{"name", "iban"}, {"state", "absent"}}};
    const auto refused = station.say(at(pli, ":validate"), body);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "KEYED_CHECK_FAILED");
    const auto error = refused.json().at("errors").as_array().front().as_object();
    EXPECT_EQ(text(error.at("pointer")), "/documents/0/fields/0/value");
    EXPECT_EQ(refused.body.find("2550814"), std::string::npos);

    document["fields"] = json::array();
    EXPECT_EQ(station.say(at(pli, ":validate"), body).code(), "KEYING_INVALID");  // the IBAN is not said
    document["fields"] = {{{"name", "nir"}, {"value", kNirWrongKey}, {"keep_despite_check", true}},
                          {{"name", "iban"}, {"state", "illegible"}}};
    EXPECT_EQ(station.say(at(pli, ":validate"), body).status, 200);
    const auto fields = station.get("/api/v1/documents/" + pli + "-1").json().at("document").at("fields").as_object();
    EXPECT_EQ(text(fields.at("nir").at("source")), "keyed");
    EXPECT_EQ(text(fields.at("nir").at("status")), "invalid");
    station.expect_whole();
}

TEST(KeyingApi, SplitsOverHttp) {
    Station station;
    const std::string pli = station.receive("0001", {.pages = 2});
    auto body = Station::agreed(station.job("ann"));
    auto& documents = body["documents"].as_array();
    documents.resize(1);
    documents[0].as_object()["pages"] = {2};
    body["pages"] = {{{"page", 1}, {"kind", "blank"}, {"rotation", 90}}};
    const auto validated = station.say(at(pli, ":validate"), body);
    ASSERT_EQ(validated.status, 200) << validated.body;
    EXPECT_EQ(validated.json().at("superseded").as_array().size(), 2U);
    EXPECT_EQ(station.get("/api/v1/status").json().at("pages").at("blank").as_int64(), 1);
    station.expect_whole();
}

TEST(KeyingApi, KeepsTheDraftOfALostLease) {
    Station station(std::chrono::milliseconds(300));
    const std::string pli = station.receive("0001");
    const auto job = station.job("ann");
    const json::object draft{
        {"by", "ann"}, {"fence", job.at("fence")}, {"entries", {{"documents/1/fields/nir", kNir}}}};
    EXPECT_EQ(station.put(at(pli, "/draft"), draft).status, 200);
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    const auto lost = station.put(at(pli, "/lease"), {{"by", "ann"}, {"fence", job.at("fence")}});
    EXPECT_EQ(lost.status, 409);
    EXPECT_EQ(lost.code(), "KEYING_LEASE_LOST");
    EXPECT_EQ(station.say(at(pli, ":validate"), Station::agreed(job)).code(), "KEYING_LEASE_LOST");
    const auto again = station.job("ann");
    EXPECT_GT(again.at("fence").as_int64(), job.at("fence").as_int64());
    EXPECT_EQ(text(again.at("draft").at("entries").at("documents/1/fields/nir")), kNir);
    station.expect_whole();
}

TEST(KeyingApi, OpensHoldsSendsReleasesAndUndoes) {
    Station station;
    const std::string pli = station.receive("0001");
    const auto opened = station.say(at(pli + "-1", ":open"), {{"by", "ann"}});
    ASSERT_EQ(opened.status, 200) << opened.body;
    EXPECT_EQ(text(opened.json().at("scope")), "document");
    EXPECT_EQ(station.say(at(pli, ":open"), {{"by", "bob"}}).code(), "KEYING_TAKEN");
    const json::object lease{{"by", "ann"}, {"fence", opened.json().at("fence")}};
    EXPECT_EQ(station.say(at(pli + "-1", ":release"), lease).status, 200);

    auto job = station.job("ann");
    json::object send{{"by", "ann"}, {"fence", job.at("fence")}};
    EXPECT_EQ(station.say(at(pli, ":send"), send).code(), "SEND_TO_REQUIRED");
    send["to"] = "bob";
    EXPECT_EQ(station.say(at(pli, ":send"), send).status, 200);
    EXPECT_TRUE(station.job("ann").empty());
    job = station.job("bob");
    json::object hold{{"by", "bob"}, {"fence", job.at("fence")}, {"code", "WHATEVER"}};
    EXPECT_EQ(station.say(at(pli, ":hold"), hold).code(), "BODY_INVALID");
    hold["code"] = "NEEDS_ADVICE";
    EXPECT_EQ(station.say(at(pli, ":hold"), hold).status, 200);
    EXPECT_EQ(station.state_of(pli + "-1"), "HELD");
    const auto released =
        station.say("/api/v1/recovery/release", {{"by", "s"}, {"ids", {pli}}, {"reason", "advice given"}});
    EXPECT_EQ(released.status, 200) << released.body;

    job = station.job("bob");
    EXPECT_EQ(station.say(at(pli, ":validate"), Station::agreed(job)).status, 200);
    station.work();
    EXPECT_EQ(station.say("/api/v1/keying:undo", {{"by", "ann"}}).code(), "UNDO_NOTHING");
    const auto undone = station.say("/api/v1/keying:undo", {{"by", "bob"}});
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(text(undone.json().at("id")), pli);
    EXPECT_EQ(station.state_of(pli + "-1"), "KEYING");
    station.expect_whole();
}

TEST(KeyingApi, GivesNothingMedicalToWhoIsNotHabilitated) {
    Station station;
    const std::string pli = station.receive("0001", {.medical = true});
    const auto none = station.say("/api/v1/keying:next", {{"by", "ann"}, {"medical", false}});
    EXPECT_TRUE(none.json().at("jobs").as_array().empty());
    const auto refused = station.say(at(pli, ":open"), {{"by", "ann"}, {"medical", false}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "NEEDS_HABILITATION");
    // Asking does not make it so.
    auto eve = Station::platform("eve");
    eve.set_medical(false);
    auto headers = station.signed_in(eve);
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Idempotency-Key", "eve-1");
    const auto claimed = station.send("POST", "/api/v1/keying:next", R"({"medical":true})", headers);
    EXPECT_TRUE(claimed.json().at("jobs").as_array().empty()) << claimed.body;
    const auto named = station.send("POST", "/api/v1/keying:next", R"({"by":"ann"})", headers);
    EXPECT_EQ(named.code(), "NOT_YOURSELF");
    EXPECT_EQ(station.get("/api/v1/keying?medical=false").json().at("waiting").as_int64(), 0);
    EXPECT_EQ(text(station.job("ann").at("secrecy")), "medical");
}

TEST(KeyingApi, CountsTheSameValidationOnce) {
    Station station;
    const std::string pli = station.receive("0001");
    const std::string body = json::serialize(Station::agreed(station.job("ann")));
    EXPECT_EQ(station.post(at(pli, ":validate"), body, "").code(), "IDEMPOTENCY_KEY_MISSING");
    EXPECT_EQ(station.post(at(pli, ":validate"), body, "v1").status, 200);
    EXPECT_EQ(station.post(at(pli, ":validate"), body, "v1").status, 200);
    EXPECT_EQ(station.post(at(pli, ":validate"), body, "v2").code(), "KEYING_LEASE_LOST");
    station.expect_whole();
}

TEST(KeyingApi, RefusesBodiesThatAreNotOfItsShape) {
    Station station;
    const std::string pli = station.receive("0001");
    const std::string to = at(pli, ":validate");
    for (const char* const body :
         {R"({"by":"ann","fence":1})", R"({"by":"ann","fence":0,"documents":[]})",
          R"({"by":"ann","fence":1,"documents":[{"number":1,"type":"RIB","pages":["1"]}]})",
          R"({"by":"ann","fence":1,"documents":[{"number":1,"type":"RIB","pages":[1],"colour":"red"}]})",
          R"({"by":"ann","fence":1,"documents":[7]})",
          R"({"by":"ann","fence":1,"documents":[{"number":1,"type":"RIB","pages":[1],"volets":{"a":1}}]})",
          R"({"by":"ann","fence":1,"documents":[{"number":1,"type":"RIB","pages":[1],"fields":[{"name":"nir"}]}]})"}) {
        const auto answer = station.post(to, body, "k" + sha256_hex(body));
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.code(), "BODY_INVALID") << body;
    }
}

TEST(KeyingApi, RecallsWhatAServiceHasTaken) {
    Station station;
    const std::string pli = station.receive("0001", {.keying = false});
    station.say("/api/v1/queues/595/GDB:take", {{"by", "gdb-1"}});
    const std::string document = "/api/v1/documents/" + pli + "-1";
    const auto recalled = station.say(document + ":recall", {{"by", "s"}, {"reason", "wrong type"}});
    ASSERT_EQ(recalled.status, 200) << recalled.body;
    EXPECT_EQ(text(recalled.json().at("recalls").as_array().front().at("state")), "ASKED");
    EXPECT_EQ(station.get("/api/v1/recalls?state=ASKED&service=GDB").json().at("recalls").as_array().size(), 1U);
    const json::object answer{{"by", "gdb-1"}, {"caisse", "595"}, {"service", "GDB"}, {"accept", true}};
    EXPECT_EQ(text(station.say(document + ":answer-recall", answer).json().at("state")), "RETURNED");
    EXPECT_EQ(station.say(document + ":answer-recall", answer).code(), "RECALL_NOT_ASKED");
    station.expect_whole();
}

TEST(KeyingApi, ChecksFieldsWithoutKeepingThem) {
    Station station;
    const auto checked = station.post(
        "/api/v1/fields:check",
        R"({"fields":[{"name":"nir","value":"2 55 08 14 168 025 38"},{"name":"birth_date","value":"31/02/2026"}]})",
        "");
    ASSERT_EQ(checked.status, 200) << checked.body;
    const auto fields = checked.json().at("fields").as_array();
    EXPECT_EQ(text(fields[0].at("status")), "valid");
    EXPECT_EQ(text(fields[0].at("value")), kNir);
    EXPECT_EQ(text(fields[1].at("status")), "invalid");
    EXPECT_TRUE(fields[1].as_object().contains("detail"));
}

TEST(KeyingApi, ServesImagesByDigestAndKeepsMedicalOnesOutOfCaches) {
    Station station;
    const std::string medical = station.receive("0001", {.medical = true});
    const std::string plain = station.receive("0002", {.keying = false});
    const auto image = [&](const std::string& pli) {
        const auto files = station.get("/api/v1/plis/" + pli).json().at("files").as_array();
        return "/api/v1/plis/" + pli + "/images/" + text(files.front().at("sha256")) + "-0";
    };
    const auto secret = station.get(image(medical));
    EXPECT_EQ(secret.status, 200);
    EXPECT_EQ(secret.headers.at("cache-control"), "no-store");
    EXPECT_FALSE(secret.headers.contains("etag"));
    const auto shown = station.get(image(plain) + "?size=full");
    EXPECT_EQ(shown.headers.at("cache-control"), "private, max-age=28800, immutable");
    EXPECT_TRUE(station.images.last.full);
    const auto same = station.get(image(plain) + "?size=full", {{"If-None-Match", shown.headers.at("etag")}});
    EXPECT_EQ(same.status, 304);
    EXPECT_TRUE(same.body.empty());
    EXPECT_EQ(station.get(image(plain) + "9").code(), "PAGE_NOT_IN_PLI");
    EXPECT_EQ(station.get("/api/v1/plis/" + plain + "/images/zzz").code(), "PAGE_NOT_IN_PLI");
}

TEST(KeyingApi, ReadsTheTextOfARectangle) {
    Station station;
    const std::string pli = station.receive("0001");
    const std::string to = "/api/v1/plis/" + pli + "/pages/1:ocr";
    const auto read = station.post(to, R"({"by":"ann","box":[10,20,300,60],"rotation":90,"expect":"digits"})", "");
    ASSERT_EQ(read.status, 200) << read.body;
    EXPECT_EQ(text(read.json().at("text")), "2550814168025");
    EXPECT_EQ(station.texts.last.rotation, 90);
    EXPECT_EQ(station.texts.last.box, (Box{10, 20, 300, 60}));
    EXPECT_EQ(station.post(to, R"({"by":"ann","box":[10,20,0,60]})", "").code(), "BODY_INVALID");
    EXPECT_EQ(station.post("/api/v1/plis/" + pli + "/pages/9:ocr", R"({"by":"ann","box":[1,1,9,9]})", "").code(),
              "PAGE_NOT_IN_PLI");
    station.texts.error = Error{ErrorKind::Invalid, "OCR_FAILED", "no"};
    EXPECT_EQ(station.post(to, R"({"by":"ann","box":[10,20,300,60]})", "").status, 502);
}

}  // namespace

}  // namespace pleiade::gateway
