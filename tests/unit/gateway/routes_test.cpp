#include "services/gateway/routes.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

TEST(Routes, CatchesParametersBetweenLiterals) {
    const auto params = match("/api/v1/queues/{caisse}/{service}:take", "/api/v1/queues/595/IJ:take");
    ASSERT_TRUE(params);
    EXPECT_EQ(params->at("caisse"), "595");
    EXPECT_EQ(params->at("service"), "IJ");
    EXPECT_FALSE(match("/api/v1/queues/{caisse}/{service}:take", "/api/v1/queues/595/IJ"));
    EXPECT_FALSE(match("/a/{id}", "/a/"));
    EXPECT_FALSE(match("/a/{id}", "/a/b/c"));
    EXPECT_FALSE(match("/a/{id}/pages/{page}.png", "/a/x/pages/1e3.png"));
}

TEST(Routes, TellsADocumentFromItsPdf) {
    EXPECT_EQ(find_route("GET", "/api/v1/documents/ab-1").route->pattern, "/api/v1/documents/{id}");
    EXPECT_EQ(find_route("GET", "/api/v1/documents/ab-1.pdf").route->pattern, "/api/v1/documents/{id}.pdf");
    EXPECT_EQ(find_route("HEAD", "/api/v1/documents/ab-1.pdf").route->pattern, "/api/v1/documents/{id}.pdf");
}

TEST(Routes, NothingButPlainNamesReachesAHandler) {
    for (const char* path :
         {"/web/../main.cpp", "/web/..%2fmain.cpp", "/web//etc/passwd", "/web/a/b.js", "/../etc/passwd",
          "/api/v1/documents/../status", "/api/v1/documents/a%00b", "/api/v1/documents/a b", "/api/v1/plis/é", "/web/",
          "//", "/api/v1//status", "/api/v1/status/"}) {
        EXPECT_EQ(find_route("GET", path).route, nullptr) << path;
    }
}

TEST(Routes, TraversalAttemptsOverHttpFindNothing) {
    Harness harness;
    for (const char* path : {"/web/../../etc/passwd", "/web/%2e%2e/%2e%2e/etc/passwd", "/web/..%2f..%2fetc%2fpasswd",
                             "/web/%2e%2e%5cmain.cpp", "/web/....//index.html", "/web/..",
                             "/api/v1/documents/..%2f..%2fvault/pages/1.png", "/%2e%2e/%2e%2e/etc/passwd"}) {
        const auto answer = harness.get(path);
        EXPECT_EQ(answer.status, 404) << path << " " << answer.body;
        EXPECT_EQ(answer.body.find("root:"), std::string::npos);
    }
    EXPECT_EQ(harness.get("/web/%zz").status, 400);
}

}  // namespace

}  // namespace pleiade::gateway
