// Every route x every role x every kind of object, with the answer that is expected. A route that is not in this table
// fails the test: nobody adds one without saying who may use it.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <set>

#include "common/base/sha256.h"
#include "services/gateway/access/rights.h"
#include "services/gateway/routes.h"
#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

// --- who asks: one column each --------------------------------------------------------------------------------------
// 0 nobody  1 scan operator  2 keyer  3 keyer, habilitated  4 supervisor  5 supervisor, habilitated  6 agent of 595-GDB
// 7 agent of 595-ELSM  8 the same, habilitated  9 the machine of 595-GDB  A auditor  B technical administrator
// Platform accounts are of caisse 595.
constexpr std::size_t kColumns = 12;

// --- about what: the mail of 595-GDB; of 595-FSP; medical, of 595-ELSM; of 591-GDB -----------------------------------
enum Case { Own, OtherService, Medical, OtherCaisse, kCases };
constexpr std::array<const char*, kCases> kNames = {"own", "other service", "medical", "other caisse"};

// --- the answers: Y the rights let it pass  . 401 not signed in  n 403 no right  m 403 not habilitated ---------------
struct Row {
    const char* route;
    std::array<const char*, kCases> expected;  // one text: the same for all
};

constexpr const char* kAll = "YYYYYYYYYYYY";
constexpr const char* kSelf = ".YYYYYYYYnYY";
constexpr const char* kWords = ".YYYYYYYYYYY";
constexpr const char* kFlow = ".YnnYYnnnnnn";
constexpr const char* kAdmin = ".nnnnnnnnnnY";
constexpr const char* kKeying = ".nYYnnnnnnnn";
constexpr const char* kNone = ".nnnnnnnnnnn";
constexpr const char* kAgentOwn = ".nnnnnYnnYnn";
constexpr const char* kAgentElsm = ".nnnnnnmYnnn";

const std::vector<Row> kRows = {
    {"GET /", {kAll}},
    {"GET /web/{asset}", {kAll}},
    {"GET /healthz", {kAll}},
    {"GET /readyz", {kAll}},
    {"GET /api/v1/openapi.json", {kAll}},
    {"GET /api/v1/session", {kAll}},
    {"POST /api/v1/session", {kAll}},
    {"POST /api/v1/oidc:start", {kAll}},
    {"GET /api/v1/oidc/callback", {kAll}},
    {"POST /api/v1/session:renew", {kSelf}},
    {"POST /api/v1/session:confirm", {kSelf}},
    {"PUT /api/v1/session/password", {kSelf}},
    {"GET /api/v1/reference", {kWords}},
    {"POST /api/v1/fields:check", {kWords}},
    {"GET /metrics", {"YnnnnnnnnnnY"}},
    {"GET /api/v1/status", {kWords}},
    {"GET /api/v1/queues", {kWords}},
    {"GET /api/v1/figures", {kWords}},
    {"GET /api/v1/events", {kWords}},
    {"GET /api/v1/rejections", {kFlow}},
    {"GET /api/v1/lots", {kFlow}},
    {"GET /api/v1/aside", {kFlow}},
    {"GET /api/v1/workers", {".nnnYYnnnnnY"}},
    {"GET /api/v1/journal", {".nnnnnnnnnYn"}},
    {"GET /api/v1/documents", {".YYYYYnnnnnn"}},
    {"POST /api/v1/search", {".YYYYYnnnnnn"}},
    {"GET /api/v1/plis/{id}/story", {".YYYYYnnnnYn", ".YYYYYnnnnYn", ".YYYYYnnnnYn", ".nnnnnnnnnYn"}},
    {"GET /api/v1/documents/{id}", {".nYYYYnnnnnn", ".nYYYYnnnnnn", ".nmYmYnnnnnn", kNone}},
    {"GET /api/v1/plis/{id}", {".nYYYYnnnnnn", ".nYYYYnnnnnn", ".nmYmYnnnnnn", kNone}},
    {"GET /api/v1/plis/{id}/images/{image}", {".nYYYYnnnnnn", ".nYYYYnnnnnn", ".nmYmYnnnnnn", kNone}},
    {"POST /api/v1/plis/{id}/pages/{page}:ocr", {".nYYYYnnnnnn", ".nYYYYnnnnnn", ".nmYmYnnnnnn", kNone}},
    // for the recipient of each: with ?recipient=
    {"GET /api/v1/documents/{id}/pages/{page}", {".nnnYYYnnYnn", ".nnnYYnnnnnn", ".nnnmYnmYnnn", kNone}},
    {"GET /api/v1/documents/{id}/pages/{page}.png", {".nnnYYYnnYnn", ".nnnYYnnnnnn", ".nnnmYnmYnnn", kNone}},
    {"GET /api/v1/documents/{id}/pages/{page}.jpg", {".nnnYYYnnYnn", ".nnnYYnnnnnn", ".nnnmYnmYnnn", kNone}},
    {"GET /api/v1/documents/{id}/index.json", {".nnnYYYnnYnn", ".nnnYYnnnnnn", ".nnnmYnmYnnn", kNone}},
    {"GET /api/v1/documents/{id}.pdf", {".nnnYYYnnYnn", ".nnnYYnnnnnn", ".nnnmYnmYnnn", kNone}},
    {"GET /api/v1/queues/{caisse}/{service}/documents", {".YYYYYYnnYnn", ".YYYYYnnnnnn", ".YYYYYnmYnnn", kNone}},
    {"POST /api/v1/queues/{caisse}/{service}:take", {kAgentOwn, kNone, kAgentElsm, kNone}},
    {"POST /api/v1/documents/{id}:acknowledge", {kAgentOwn, kNone, kAgentElsm, kNone}},
    {"POST /api/v1/documents/{id}:return", {kAgentOwn, kNone, kAgentElsm, kNone}},
    {"POST /api/v1/documents/{id}:release", {kAgentOwn, kNone, kAgentElsm, kNone}},
    {"POST /api/v1/documents/{id}:answer-recall", {kAgentOwn, kNone, kAgentElsm, kNone}},
    {"GET /api/v1/recalls", {".nnnYYYnnYnn", ".nnnYYnnnnnn", ".nnnYYnmYnnn", kNone}},
    {"POST /api/v1/documents/{id}:recall", {".nYYYYnnnnnn", ".nYYYYnnnnnn", ".nYYYYnnnnnn", kNone}},
    {"GET /api/v1/keying", {kKeying}},
    {"POST /api/v1/keying:next", {kKeying}},
    {"POST /api/v1/keying:undo", {kKeying}},
    // The hub refuses medical work to who is not habilitated, document by document.
    {"POST /api/v1/keying/{id}:open", {kKeying, kKeying, kKeying, kNone}},
    {"PUT /api/v1/keying/{id}/lease", {kKeying, kKeying, kKeying, kNone}},
    {"PUT /api/v1/keying/{id}/draft", {kKeying, kKeying, kKeying, kNone}},
    {"POST /api/v1/keying/{id}:validate", {kKeying, kKeying, kKeying, kNone}},
    {"POST /api/v1/keying/{id}:hold", {kKeying, kKeying, kKeying, kNone}},
    {"POST /api/v1/keying/{id}:send", {kKeying, kKeying, kKeying, kNone}},
    {"POST /api/v1/keying/{id}:release", {kKeying, kKeying, kKeying, kNone}},
    {"POST /api/v1/recovery/{verb}", {".nnnYYnnnnnn", ".nnnYYnnnnnn", ".nnnYYnnnnnn", kNone}},
    {"GET /api/v1/accounts", {kAdmin}},
    {"POST /api/v1/accounts", {kAdmin}},
    {"PUT /api/v1/accounts/{account}", {kAdmin}},
    {"POST /api/v1/accounts/{account}:state", {kAdmin}},
    {"POST /api/v1/accounts/{account}:password", {kAdmin}},
    {"GET /api/v1/keys", {kAdmin}},
    {"POST /api/v1/keys", {kAdmin}},
    {"POST /api/v1/keys/{account}:revoke", {kAdmin}},
    // The last one: nobody is signed in after it.
    {"POST /api/v1/session:end", {kSelf}},
};

class RightsMatrix : public ::testing::Test {
  protected:
    RightsMatrix() {
        add(1, "RIB", "595", "GDB", false);
        add(2, "RIB", "595", "FSP", false);
        add(3, "AAT", "595", "ELSM", true);
        add(4, "RIB", "591", "GDB", false);
        harness_.desk.on_call = answer;
        const auto platform = [&](const char* name, const char* role, bool medical) {
            v1::Account account;
            account.set_name(name);
            account.set_state("ACTIVE");
            account.add_roles(role);
            account.add_caisses("595");
            account.set_medical(medical);
            return harness_.signed_in(account);
        };
        const auto agent = [&](const char* name, const char* service, bool medical) {
            v1::Account account;
            account.set_name(name);
            account.set_state("ACTIVE");
            account.add_roles("service_agent");
            account.add_services(service);
            account.set_medical(medical);
            return harness_.signed_in(account);
        };
        people_ = {{{"Cookie", "none=1"}},
                   platform("scan", "scan_operator", false),
                   platform("ann", "keyer", false),
                   platform("bea", "keyer", true),
                   platform("cid", "supervisor", false),
                   platform("dan", "supervisor", true),
                   agent("gdb", "595-GDB", false),
                   agent("elsm", "595-ELSM", false),
                   agent("doctor", "595-ELSM", true),
                   {{"Authorization", "Bearer " + harness_.desk.people.make_key("595", "GDB")}},
                   platform("audit", "auditor", false),
                   platform("admin", "technical_admin", false)};
    }

    void add(int pli, const std::string& type, const std::string& caisse, const std::string& service, bool medical) {
        auto view =
            fake::DocumentBuilder(pli, 1, type).pages({1}).to(caisse, service, "P3", {1}).medical(medical).build();
        view.mutable_context()->set_caisse(caisse);
        harness_.desk.add(view);
    }

    // What the fake desk does not know: any answer will do, since the rights are what is looked at.
    static Result<v1::Envelope> answer(const std::string&, const std::string&) {
        return not_found("NOTHING_HERE", "the fake desk has none of it");
    }

    static std::string filled(std::string target, int pli, const std::string& caisse, const std::string& service) {
        const bool of_document = target.starts_with("/api/v1/documents");
        const std::string image = sha256_hex("invented scan " + std::to_string(pli)) + "-0";
        for (const auto& [name, value] : {std::pair<std::string, std::string>{"{caisse}", caisse},
                                          {"{service}", service},
                                          {"{id}", of_document ? fake::document_id(pli, 1) : fake::pli_id(pli)},
                                          {"{page}", "1"},
                                          {"{image}", image},
                                          {"{verb}", "hold"},
                                          {"{account}", "somebody"},
                                          {"{asset}", "icon.svg"}}) {
            const auto at = target.find(name);
            if (at != std::string::npos) target.replace(at, name.size(), value);
        }
        return target;
    }

    char ask(const Row& row, std::size_t column, int which) {
        static constexpr std::array<std::pair<const char*, const char*>, kCases> kQueues = {
            {{"595", "GDB"}, {"595", "FSP"}, {"595", "ELSM"}, {"591", "GDB"}}};
        const auto [caisse, service] = kQueues.at(static_cast<std::size_t>(which));
        const std::string text(row.route);
        const auto space = text.find(' ');
        const std::string method = text.substr(0, space);
        const std::string pattern = text.substr(space + 1);
        std::string target = filled(pattern, which + 1, caisse, service);
        const auto* right = right_of(method, pattern);
        if (right != nullptr && (right->object == Object::Recipient || right->object == Object::DocumentPage)) {
            target += "?recipient=" + std::string(caisse) + "-" + service;
        }
        if (right != nullptr && right->object == Object::QueueAsked) {
            target += "?caisse=" + std::string(caisse) + "&service=" + service;
        }
        boost::json::object body;
        if (right != nullptr && right->object == Object::QueueInBody) body = {{"caisse", caisse}, {"service", service}};
        if (right != nullptr && right->object == Object::WorkInBody) body = {{"ids", {fake::pli_id(which + 1)}}};
        Headers headers = people_.at(column);
        headers.emplace_back("Content-Type", "application/json");
        headers.emplace_back("Idempotency-Key", "k" + std::to_string(++keys_));
        if (pattern == "/api/v1/events") {
            std::string lines = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n";
            for (const auto& [name, value] : headers) lines += name + ": " + value + "\r\n";
            const auto head = harness_.raw(lines + "\r\n", "\r\n\r\n");
            return head.starts_with("HTTP/1.1 200") ? 'Y' : head.starts_with("HTTP/1.1 401") ? '.' : 'n';
        }
        const auto answer = harness_.send(method, target, method == "GET" ? "" : boost::json::serialize(body), headers);
        if (answer.status == 401) return answer.code() == "NOT_SIGNED_IN" ? '.' : 'Y';
        if (answer.status != 403) return 'Y';
        return answer.code() == "RIGHT_MISSING" ? 'n' : answer.code() == "NEEDS_HABILITATION" ? 'm' : 'Y';
    }

    Harness harness_;
    std::vector<Headers> people_;
    int keys_ = 0;
};

TEST_F(RightsMatrix, HoldsForEveryRouteRoleAndObject) {
    int asked = 0;
    for (const auto& row : kRows) {
        for (int which = 0; which < kCases; ++which) {
            const char* expected = row.expected.at(static_cast<std::size_t>(which));
            if (expected == nullptr) break;
            ASSERT_EQ(std::string(expected).size(), kColumns) << row.route;
            std::string answers;
            for (std::size_t column = 0; column < kColumns; ++column) answers += ask(row, column, which);
            asked += static_cast<int>(kColumns);
            EXPECT_EQ(answers, expected) << row.route << ", " << kNames.at(static_cast<std::size_t>(which));
        }
    }
    std::cout << asked << " answers of " << kRows.size() << " routes\n";
}

TEST_F(RightsMatrix, HasEveryRouteThatIsServed) {
    std::set<std::string> served, expected, held;
    for (const auto& route : all_routes()) served.insert(std::string(route.method) + " " + std::string(route.pattern));
    for (const auto& row : kRows) expected.insert(row.route);
    for (const auto& right : route_rights()) held.insert(std::string(right.method) + " " + std::string(right.pattern));
    EXPECT_EQ(served, expected);
    EXPECT_EQ(served, held);
}

TEST_F(RightsMatrix, ThePlatformsOwnViewOfAPageIsForWhoSeesContent) {
    const std::string target = "/api/v1/documents/" + fake::document_id(1, 1) + "/pages/1";
    std::string answers;
    for (std::size_t column = 0; column < kColumns; ++column) {
        const auto answer = harness_.get(target, people_.at(column));
        answers += answer.status == 401 ? '.' : answer.status == 403 ? 'n' : 'Y';
    }
    // An agent or a machine of one service is given what its service may see.
    EXPECT_EQ(answers, ".nYYYYYnnYnn");
}

}  // namespace

}  // namespace pleiade::gateway
