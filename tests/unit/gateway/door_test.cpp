// What stands between the network and the handlers: addresses, hosts, limits, headers.
#include <gtest/gtest.h>

#include <thread>

#include "services/gateway/http/beast.h"
#include "services/gateway/http/server.h"
#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

TEST(Door, RefusesToListenAnywhereButOnLoopback) {
    Harness harness;
    for (const char* address : {"0.0.0.0", "::", "192.168.1.10", "8.8.8.8", "localhost", ""}) {
        GatewayOptions options;
        options.address = address;
        const auto started = Gateway::start(options, harness.desk, harness.images, harness.binder, harness.reference);
        ASSERT_FALSE(started) << address;
        EXPECT_EQ(started.error().code, "ADDRESS_NOT_LOOPBACK");
    }
    GatewayOptions taken;
    taken.port = harness.port();
    EXPECT_EQ(Gateway::start(taken, harness.desk, harness.images, harness.binder, harness.reference).error().code,
              "ADDRESS_UNAVAILABLE");
}

// The last to hold a connection may be whoever stops the server.
TEST(Door, StopsWhileItsClientsHangUp) {
    for (int round = 0; round < 100; ++round) {
        auto server = Server::listen("127.0.0.1", 0, [](Request&) { return Response{}; });
        ASSERT_TRUE(server) << server.error().message;
        net::io_context io;
        std::vector<tcp::socket> clients;
        for (int i = 0; i < 16; ++i) {
            clients.emplace_back(io);
            clients.back().connect({net::ip::address_v4::loopback(), (*server)->port()});
        }
        std::thread hanging_up([&] { clients.clear(); });
        (*server)->stop();
        hanging_up.join();
    }
}

TEST(Door, ARebouncedHostNameIsRefused) {
    Harness harness;
    for (const char* host : {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "127.0.0.1:80a",
                             "localhost.evil", "[::1].evil", "", "0.0.0.0"}) {
        const auto answer = harness.get("/api/v1/status", {{"Host", host}});
        EXPECT_EQ(answer.status, 421) << host;
        EXPECT_EQ(answer.code(), "HOST_NOT_ALLOWED") << host;
    }
    for (const char* host : {"127.0.0.1", "127.0.0.1:8080", "localhost", "localhost:8080", "[::1]", "[::1]:8080"}) {
        EXPECT_EQ(harness.get("/api/v1/status", {{"Host", host}}).status, 200) << host;
    }
    EXPECT_EQ(harness.get("/api/v1/status", {{"Host", "localhost"}, {"Host", "evil.example"}}).status, 421);
}

TEST(Door, EveryAnswerCarriesTheSecurityHeaders) {
    Harness harness;
    for (const char* target : {"/", "/api/v1/status", "/api/v1/nothing", "/healthz", "/metrics", "/web/nothing"}) {
        const auto headers = harness.get(target).headers;
        EXPECT_EQ(headers.at("content-security-policy"),
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
                  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
            << target;
        EXPECT_EQ(headers.at("x-content-type-options"), "nosniff") << target;
        EXPECT_EQ(headers.at("cross-origin-opener-policy"), "same-origin") << target;
        EXPECT_EQ(headers.at("cross-origin-resource-policy"), "same-origin") << target;
        EXPECT_EQ(headers.at("referrer-policy"), "no-referrer") << target;
        EXPECT_TRUE(headers.contains("cache-control")) << target;
    }
    EXPECT_EQ(harness.get("/api/v1/status").headers.at("cache-control"), "no-store");
}

TEST(Door, TheHomePageComesFromTheBinaryAndIsRevalidated) {
    Harness harness;
    const auto home = harness.get("/");
    ASSERT_EQ(home.status, 200);
    EXPECT_EQ(home.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_NE(home.body.find("lang=\"fr\""), std::string::npos);
    EXPECT_EQ(harness.get("/", {{"If-None-Match", home.headers.at("etag")}}).status, 304);
    const auto packed = harness.get("/", {{"Accept-Encoding", "gzip, br"}});
    EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
    EXPECT_LT(packed.body.size(), home.body.size());
    EXPECT_FALSE(home.headers.contains("content-encoding"));
}

TEST(Door, HeadAnswersWithoutABody) {
    Harness harness;
    const auto answer = harness.send("HEAD", "/api/v1/status", "", {});
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_NE(answer.headers.at("content-length"), "0");
}

TEST(Door, TooMuchIsRefused) {
    Harness harness;
    EXPECT_EQ(harness.post("/api/v1/queues/595/IJ:take", std::string(70'000, ' '), "k").status, 413);
    EXPECT_EQ(harness.get("/api/v1/status", {{"X-Long", std::string(20'000, 'a')}}).status, 431);
    EXPECT_NE(harness.raw("this is not http\r\n\r\n").find("400 Bad Request"), std::string::npos);
}

TEST(Door, ASlowRequestIsCut) {
    GatewayOptions options;
    options.limits.request = std::chrono::milliseconds(200);
    Harness harness(options);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(harness.raw("GET /api/v1/status HTTP/1.1\r\nHost: 127"), "");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

TEST(Door, AReaderThatIsTooSlowIsCut) {
    GatewayOptions options;
    options.limits.write = std::chrono::milliseconds(1000);
    Harness harness(options);
    harness.desk.add(fake::DocumentBuilder(1, 1, "RIB").pages({1}).to("595", "GDB", "P3", {1}).build());
    harness.binder.padding_bytes = 12 << 20;
    const auto request = "GET /api/v1/documents/" + fake::document_id(1, 1) +
                         ".pdf?recipient=595-GDB HTTP/1.1\r\nHost: localhost\r\n" + harness.signed_in_lines() + "\r\n";
    EXPECT_GT(harness.raw(request, "", 60'000).size(), 12U << 20) << "one that reads gets all";
    const auto late = harness.read_late(request, std::chrono::seconds(3));
    ASSERT_TRUE(late) << "the connection was not closed";
    EXPECT_LT(late->size(), 12U << 20) << "only what the kernel held";
}

TEST(Door, AConnectionServesSeveralRequests) {
    Harness harness;
    const std::string request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const auto text =
        harness.raw(request + request + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    std::size_t answers = 0;
    for (auto at = text.find("HTTP/1.1 200"); at != std::string::npos; at = text.find("HTTP/1.1 200", at + 1))
        ++answers;
    EXPECT_EQ(answers, 3U);
}

}  // namespace

}  // namespace pleiade::gateway
