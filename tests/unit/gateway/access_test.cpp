// Signing in and out, sessions, CSRF, throttling, keys, re-authentication, audited views: over HTTP, before a real hub.
#include <gtest/gtest.h>

#include <thread>

#include "common/runtime/secrets.h"
#include "services/gateway/access/throttle.h"
#include "tests/unit/gateway/station.h"

namespace pleiade::gateway {

namespace {

namespace json = boost::json;

constexpr const char* kPassword = "Un mot de passe 1!";

class Access : public ::testing::Test {
  protected:
    void make(const std::string& name, const std::vector<std::string>& roles, bool must_change = false) {
        v1::SaveAccount save;
        save.set_by("test");
        save.set_create(true);
        static const std::string hash = runtime::hash_password(kPassword);
        save.set_password_hash(hash);
        save.mutable_account()->set_name(name);
        save.mutable_account()->set_must_change_password(must_change);
        for (const auto& role : roles) save.mutable_account()->add_roles(role);
        ASSERT_TRUE(station.desk->ask<v1::AccountSaved>(save).has_value());
    }
    Answer login(const std::string& name, const std::string& password, Headers headers = {{"Cookie", "none=1"}}) {
        headers.emplace_back("Content-Type", "application/json");
        return station.send("POST", "/api/v1/session",
                            json::serialize(json::object{{"name", name}, {"password", password}}), headers);
    }
    static Headers session_of(const Answer& answer) {
        const auto& cookie = answer.headers.at("set-cookie");
        return {{"Cookie", cookie.substr(0, cookie.find(';'))},
                {"X-CSRF-Token", std::string(answer.json().at("csrf").as_string())}};
    }
    Answer say(const std::string& method, const std::string& target, const json::object& body, Headers headers) {
        headers.emplace_back("Content-Type", "application/json");
        headers.emplace_back("Idempotency-Key", "access-" + std::to_string(++keys));
        return station.send(method, target, json::serialize(body), headers);
    }
    std::vector<v1::Event> journal() {
        v1::EventsQuery query;
        query.set_limit(500);
        query.set_with_people(true);
        const auto events = station.desk->ask<v1::Events>(query);
        return {events->events().begin(), events->events().end()};
    }

    Station station;
    int keys = 0;
};

TEST_F(Access, NothingButThePageAndItsHealthWithoutSigningIn) {
    const Headers nobody = {{"Cookie", "none=1"}};
    for (const char* open : {"/", "/healthz", "/readyz", "/api/v1/openapi.json", "/api/v1/session"}) {
        EXPECT_EQ(station.get(open, nobody).status, 200) << open;
    }
    EXPECT_FALSE(station.get("/api/v1/session", nobody).json().at("signed_in").as_bool());
    EXPECT_EQ(station.get("/api/v1/status", nobody).code(), "NOT_SIGNED_IN");
    EXPECT_EQ(station.get("/api/v1/status", {{"Cookie", "pleiade=" + runtime::random_token()}}).status, 401);
    EXPECT_EQ(station.get("/api/v1/status", {{"Authorization", "Bearer " + runtime::random_token()}}).code(),
              "KEY_REFUSED");
    EXPECT_EQ(station.get("/api/v1/status", {{"Authorization", "Basic YTpi"}}).status, 401);
}

TEST_F(Access, ASignInGivesANewSessionAndEndsTheFormerOne) {
    make("ann", {"keyer"});
    const auto first = login("ann", kPassword);
    ASSERT_EQ(first.status, 200) << first.body;
    const auto& cookie = first.headers.at("set-cookie");
    EXPECT_NE(cookie.find("HttpOnly; SameSite=Lax"), std::string::npos);
    EXPECT_NE(cookie.find("Path=/"), std::string::npos);
    EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "plain HTTP on loopback";
    EXPECT_EQ(first.json().at("screens").as_array().size(), 3U);
    const auto again = login("ann", kPassword, {{"Cookie", session_of(first)[0].second}});
    EXPECT_NE(session_of(again)[0].second, session_of(first)[0].second);
    EXPECT_EQ(station.get("/api/v1/status", session_of(first)).status, 401);
    EXPECT_EQ(station.get("/api/v1/status", session_of(again)).status, 200);
    EXPECT_EQ(say("POST", "/api/v1/session:end", {}, session_of(again)).status, 200);
    EXPECT_EQ(station.get("/api/v1/status", session_of(again)).status, 401);
}

TEST_F(Access, AnswersTheSameForAWrongNameAWrongPasswordAndALockedAccount) {
    make("ann", {"keyer"});
    make("bob", {"keyer"});
    v1::SetAccountState lock;
    lock.set_by("test");
    lock.set_name("bob");
    lock.set_state("LOCKED");
    ASSERT_TRUE(station.desk->ask<v1::AccountSaved>(lock).has_value());
    const auto wrong = login("ann", "not it");
    const auto nobody = login("eve", "not it");
    const auto locked = login("bob", kPassword);
    for (const auto& answer : {wrong, nobody, locked}) {
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(answer.json().at("detail"), wrong.json().at("detail"));
        EXPECT_FALSE(answer.headers.contains("set-cookie"));
    }
}

TEST_F(Access, GuessesAreSlowedAndCountedByTheHub) {
    make("ann", {"keyer"});
    for (int i = 0; i < 3; ++i) EXPECT_EQ(login("ann", "guess").status, 401);
    const auto slowed = login("ann", kPassword);
    EXPECT_EQ(slowed.status, 429) << "even the right one waits";
    EXPECT_EQ(slowed.code(), "TOO_MANY_ATTEMPTS");
    EXPECT_TRUE(slowed.headers.contains("retry-after"));
    v1::AccountsQuery query;
    query.set_name("ann");
    EXPECT_EQ(station.desk->ask<v1::AccountsPage>(query)->accounts(0).failures(), 3);
    std::this_thread::sleep_for(std::chrono::milliseconds(1'100));
    EXPECT_EQ(login("ann", kPassword).status, 200);
    EXPECT_EQ(station.desk->ask<v1::AccountsPage>(query)->accounts(0).failures(), 0);
}

TEST(Throttle, WaitsTwiceAsLongEachTimeAndForgets) {
    Throttle throttle;
    auto now = Throttle::Clock::now();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(throttle.wait_for("ann", "a", now).count(), 0);
        throttle.failed("ann", "a", now);
    }
    EXPECT_EQ(throttle.wait_for("ann", "b", now).count(), 1);
    throttle.failed("ann", "a", now);
    EXPECT_EQ(throttle.wait_for("ann", "b", now).count(), 2);
    EXPECT_EQ(throttle.wait_for("bob", "b", now).count(), 0);
    for (int i = 0; i < 20; ++i) throttle.failed("name " + std::to_string(i), "a", now);
    EXPECT_GT(throttle.wait_for("bob", "a", now).count(), 0) << "many names from one address";
    EXPECT_LE(throttle.wait_for("ann", "a", now).count(), 60);
    now += std::chrono::minutes(16);
    EXPECT_EQ(throttle.wait_for("ann", "a", now).count(), 0);
}

TEST_F(Access, AChangeNeedsTheTokenOfItsSession) {
    make("ann", {"keyer"});
    const auto session = session_of(login("ann", kPassword));
    const Headers cookie_only = {session[0]};
    EXPECT_EQ(say("POST", "/api/v1/keying:next", {}, cookie_only).code(), "CSRF_INVALID");
    EXPECT_EQ(say("POST", "/api/v1/keying:next", {}, {session[0], {"X-CSRF-Token", std::string(64, '0')}}).code(),
              "CSRF_INVALID");
    EXPECT_EQ(say("POST", "/api/v1/keying:next", {}, session).status, 200);
    EXPECT_EQ(station.get("/api/v1/status", cookie_only).status, 200) << "a question needs none";
}

TEST_F(Access, APasswordGivenOnceOpensNothingButItsChange) {
    make("ann", {"keyer"}, true);
    const auto session = session_of(login("ann", kPassword));
    EXPECT_EQ(station.get("/api/v1/status", session).code(), "PASSWORD_CHANGE_REQUIRED");
    const auto change = [&](const char* current, const char* wanted) {
        return say("PUT", "/api/v1/session/password", {{"current", current}, {"new", wanted}}, session);
    };
    EXPECT_EQ(change("not it", "Un autre mot 2!").code(), "PASSWORD_REFUSED");
    EXPECT_EQ(change(kPassword, "court").code(), "PASSWORD_WEAK");
    EXPECT_EQ(change(kPassword, kPassword).code(), "PASSWORD_WEAK");
    EXPECT_EQ(change(kPassword, "Un autre mot 2!").status, 200);
    EXPECT_EQ(station.get("/api/v1/status", session).status, 200);
    EXPECT_EQ(login("ann", "Un autre mot 2!").status, 200);
}

TEST_F(Access, TheAdministratorMakesAccountsAndTheirOwnersChooseThePassword) {
    make("admin", {"technical_admin"});
    const auto admin = session_of(login("admin", kPassword));
    const auto made =
        say("POST", "/api/v1/accounts", {{"name", "zoe"}, {"roles", {"keyer"}}, {"medical", true}}, admin);
    ASSERT_EQ(made.status, 200) << made.body;
    const auto once = std::string(made.json().at("one_time_password").as_string());
    const auto zoe = login("zoe", once);
    EXPECT_TRUE(zoe.json().at("must_change_password").as_bool());
    EXPECT_EQ(station.get("/api/v1/accounts", admin).body.find(once), std::string::npos) << "shown once";
    EXPECT_EQ(say("POST", "/api/v1/accounts", {{"name", "x"}, {"roles", {"auditor", "keyer"}}}, admin).status, 422);
    EXPECT_EQ(say("PUT", "/api/v1/accounts/admin", {{"roles", {"keyer"}}}, admin).status, 409) << "not one's own";
    EXPECT_EQ(say("POST", "/api/v1/accounts/zoe:state", {{"state", "LOCKED"}}, admin).status, 200);
    EXPECT_EQ(login("zoe", once).status, 401);
    bool told = false;
    for (const auto& event : journal()) {
        told = told || (event.kind() == "account.created" && event.actor() == "admin");
        EXPECT_EQ(event.detail().find(once), std::string::npos);
    }
    EXPECT_TRUE(told);
    station.expect_whole();
}

TEST_F(Access, AServicesMachineHasItsOwnQueueUntilItsKeyIsRevoked) {
    make("admin", {"technical_admin"});
    const auto admin = session_of(login("admin", kPassword));
    const auto made = say("POST", "/api/v1/keys", {{"name", "gdb-595"}, {"service", "595-GDB"}}, admin);
    ASSERT_EQ(made.status, 200) << made.body;
    const Headers machine = {{"Authorization", "Bearer " + std::string(made.json().at("key").as_string())}};
    station.receive("0001", {.keying = false});
    const auto taken = say("POST", "/api/v1/queues/595/GDB:take", {{"count", 1}}, machine);
    ASSERT_EQ(taken.status, 200) << taken.body;
    EXPECT_EQ(say("POST", "/api/v1/queues/595/IJ:take", {{"count", 1}}, machine).code(), "RIGHT_MISSING");
    bool told = false;
    for (const auto& event : journal())
        told = told || (event.kind() == "delivery.taken" && event.actor() == "api:gdb-595");
    EXPECT_TRUE(told) << "the journal names the key";
    EXPECT_EQ(say("POST", "/api/v1/keys/gdb-595:revoke", {}, admin).status, 200);
    EXPECT_EQ(say("POST", "/api/v1/queues/595/GDB:take", {{"count", 1}}, machine).code(), "KEY_REFUSED");
}

TEST_F(Access, EachViewIsInTheJournalAndItsStory) {
    const std::string pli = station.receive("0001");
    const auto job = station.job("ann");
    const auto image = std::string(job.at("pages").as_array().front().at("image").as_string());
    const auto headers = station.credentials("", R"({"by":"ann"})");
    ASSERT_EQ(station.get(image, headers).status, 200);
    const auto story = station.get("/api/v1/plis/" + pli + "/story?limit=200").json();
    bool told = false;
    for (const auto& event : story.at("events").as_array()) {
        told = told || (event.at("kind") == "page.seen" && event.at("actor") == "ann");
    }
    EXPECT_TRUE(told);
    station.expect_whole();
}

TEST(Views, NothingIsShownThatCannotBeWrittenDown) {
    Harness harness;
    harness.desk.add(fake::DocumentBuilder(1, 1, "RIB").pages({1}).to("595", "GDB", "P3", {1}).build());
    const std::string page = "/api/v1/documents/" + fake::document_id(1, 1) + "/pages/1";
    EXPECT_EQ(harness.get(page).status, 200);
    ASSERT_EQ(harness.desk.people.views().size(), 1U);
    EXPECT_EQ(harness.desk.people.views()[0].by(), "tester");
    harness.desk.people.fail_views(Error{ErrorKind::Unavailable, "HUB_UNREACHABLE", "away"});
    for (const std::string& target :
         {page, page + ".png", "/api/v1/documents/" + fake::document_id(1, 1) + ".pdf?recipient=595-GDB"}) {
        const auto answer = harness.get(target);
        EXPECT_EQ(answer.status, 503) << target;
        EXPECT_EQ(answer.body.find("image of"), std::string::npos) << target;
    }
}

class SessionsInTime : public ::testing::Test {
  protected:
    static SessionTimes times_of(const Clock& clock) {
        SessionTimes times;
        times.refresh = std::chrono::milliseconds(0);
        times.clock = &clock;
        return times;
    }
    bool there(const std::string& cookie, bool acts) { return sessions.of_cookie(cookie, acts)->has_value(); }

    fake::FakeDesk desk;
    ManualClock clock{SystemClock().now()};
    Sessions sessions{desk, times_of(clock)};
};

TEST_F(SessionsInTime, EndWhenNobodyDoesAnythingWhateverThePageDoesByItself) {
    const auto cookie = desk.people.sign_in(fake::FakePeople::anybody("ann"));
    EXPECT_TRUE(there(cookie, true));
    clock.advance(std::chrono::minutes(14));
    EXPECT_TRUE(there(cookie, false));
    clock.advance(std::chrono::minutes(2));
    EXPECT_FALSE(there(cookie, true));
    EXPECT_FALSE(sessions.goes_on(runtime::digest_of(cookie)));
}

TEST_F(SessionsInTime, LastEightHoursAndNoMore) {
    const auto cookie = desk.people.sign_in(fake::FakePeople::anybody("ann"));
    for (int i = 0; i < 47; ++i) {
        clock.advance(std::chrono::minutes(10));
        EXPECT_TRUE(there(cookie, true)) << i;
    }
    clock.advance(std::chrono::minutes(11));
    EXPECT_FALSE(there(cookie, true));
}

TEST_F(SessionsInTime, EndWhenTheAccountIsLocked) {
    auto locked = fake::FakePeople::anybody("bob");
    const auto cookie = desk.people.sign_in(locked);
    EXPECT_TRUE(there(cookie, true));
    locked.set_state("LOCKED");
    EXPECT_FALSE(there(desk.people.sign_in(locked), true));
    EXPECT_FALSE(there("short", true));
}

TEST(Site, BehindADeclaredProxyTheCookieIsOfThatHostAlone) {
    GatewayOptions options;
    options.access.site.url = "https://pleiade.example";
    Harness harness(options);
    harness.desk.people.add(fake::FakePeople::anybody("ann"), kPassword);
    const Headers proxy = {{"Host", "pleiade.example"},
                           {"Cookie", "none=1"},
                           {"Content-Type", "application/json"},
                           {"Origin", "https://pleiade.example"},
                           {"X-Forwarded-For", "203.0.113.9"}};
    const auto answer =
        harness.send("POST", "/api/v1/session", R"({"name":"ann","password":"Un mot de passe 1!"})", proxy);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto& cookie = answer.headers.at("set-cookie");
    EXPECT_TRUE(cookie.starts_with("__Host-pleiade="));
    EXPECT_NE(cookie.find("; Secure"), std::string::npos);
    EXPECT_TRUE(answer.headers.contains("strict-transport-security"));
    auto foreign = proxy;
    foreign[3].second = "https://elsewhere.example";
    EXPECT_EQ(harness.send("POST", "/api/v1/session", "{}", foreign).code(), "FORBIDDEN_ORIGIN");
    foreign = proxy;
    foreign[0].second = "elsewhere.example";
    EXPECT_EQ(harness.send("POST", "/api/v1/session", "{}", foreign).status, 421);
    EXPECT_EQ(harness.get("/metrics", {{"Cookie", "none=1"}}).status, 401) << "no longer for whoever reaches it";

    options.address = "0.0.0.0";
    EXPECT_TRUE(Gateway::start(options, harness.desk, harness.images, harness.binder, harness.reference).has_value());
    options.access.site.url = "http://pleiade.example";
    EXPECT_EQ(Gateway::start(options, harness.desk, harness.images, harness.binder, harness.reference).error().code,
              "CONFIG_INVALID");
}

}  // namespace

}  // namespace pleiade::gateway
