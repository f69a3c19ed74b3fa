#include <gtest/gtest.h>

#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

using fake::document_id;
using fake::DocumentBuilder;

// An AAT: volet 1 (page 1) for the service médical only, volet 2 (page 2) for IJ.
v1::DocumentView aat(int pli) {
    return DocumentBuilder(pli, 1, "AAT")
        .pages({1, 2})
        .to("595", "IJ", "P1", {2})
        .copy("595", "ELSM", {1, 2})
        .medical(true)
        .rotation(2, 180)
        .field("nir", "255081416802538", 0.998, "valid", 2, 310, 620, 840, 60)
        .reason("titre «avis d'arrêt de travail»", 1, 200, 100, 900, 60)
        .build();
}

v1::DocumentView rib(int pli, int document = 1) {
    return DocumentBuilder(pli, document, "RIB").pages({document}).to("595", "GDB", "P3", {document}).build();
}

TEST(Api, StatusHasTheContractsShape) {
    Harness harness;
    harness.desk.add(aat(1));
    harness.desk.add(rib(2));
    const auto status = harness.get("/api/v1/status");
    ASSERT_EQ(status.status, 200);
    const auto json = status.json();
    EXPECT_EQ(json.at("documents").at("created").as_int64(), 2);
    EXPECT_EQ(json.at("plis").at("registered").as_int64(), 2);
    EXPECT_EQ(json.at("difference").at("documents").as_int64(), 0);
    EXPECT_EQ(json.at("queues").as_array().size(), 2U);
    EXPECT_EQ(harness.get("/api/v1/queues").json().at("queues").as_array().size(), 2U);
}

TEST(Api, AQueueIsReadPageByPage) {
    Harness harness;
    for (int pli = 1; pli <= 5; ++pli) harness.desk.add(rib(pli));
    harness.desk.add(aat(9));
    std::string target = "/api/v1/queues/595/GDB/documents?limit=2";
    std::size_t seen = 0;
    int pages = 0;
    while (!target.empty() && pages < 10) {
        const auto json = harness.get(target).json();
        seen += json.at("documents").as_array().size();
        ++pages;
        target = json.contains("next") ? std::string(json.at("next").as_string()) : "";
    }
    EXPECT_EQ(seen, 5U);
    EXPECT_EQ(pages, 3);
}

TEST(Api, DocumentsAreFiltered) {
    Harness harness;
    harness.desk.add(aat(1));
    harness.desk.add(rib(1, 2));
    harness.desk.add(rib(2));
    EXPECT_EQ(harness.get("/api/v1/documents?type=RIB").json().at("documents").as_array().size(), 2U);
    EXPECT_EQ(harness.get("/api/v1/documents?pli_id=" + fake::pli_id(1)).json().at("documents").as_array().size(), 2U);
    EXPECT_EQ(harness.get("/api/v1/documents?state=CLOSED").json().at("documents").as_array().size(), 0U);
}

TEST(Api, BadParametersAreNamed) {
    Harness harness;
    for (const char* target :
         {"/api/v1/documents?limit=0", "/api/v1/documents?limit=abc", "/api/v1/documents?limit=9999",
          "/api/v1/documents?type=%27%20or%201", "/api/v1/queues/59/IJ/documents", "/api/v1/queues/595/ij/documents",
          "/api/v1/rejections?limit=x", "/api/v1/documents/ab-1/pages/1.png?width=33"}) {
        const auto answer = harness.get(target);
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_EQ(answer.code(), "PARAMETER_INVALID") << target;
        EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    }
}

TEST(Api, ADocumentShowsItsReadingRouteHistoryAndSiblings) {
    Harness harness;
    harness.desk.add(aat(1));
    harness.desk.add(rib(1, 3));
    const auto json = harness.get("/api/v1/documents/" + document_id(1, 1)).json();
    EXPECT_EQ(json.at("state").as_string(), "QUEUED");
    EXPECT_EQ(json.at("document").at("type").as_string(), "AAT");
    EXPECT_EQ(json.at("document").at("route").at("service").as_string(), "IJ");
    EXPECT_EQ(json.at("document").at("fields").at("nir").at("status").as_string(), "valid");
    EXPECT_EQ(json.at("pages").as_array().size(), 2U);
    EXPECT_EQ(json.at("history").as_array().size(), 2U);
    EXPECT_EQ(json.at("siblings").as_array().size(), 1U);
    EXPECT_EQ(json.at("recipients").as_array().size(), 2U);
    EXPECT_EQ(json.at("evidence").at(0).at("page").as_int64(), 1);
}

TEST(Api, UnknownThingsAre404WithTheirCode) {
    Harness harness;
    EXPECT_EQ(harness.get("/api/v1/documents/nothing-1").code(), "DOCUMENT_UNKNOWN");
    EXPECT_EQ(harness.get("/api/v1/plis/nothing").code(), "PLI_UNKNOWN");
    EXPECT_EQ(harness.get("/api/v1/nothing").code(), "ROUTE_NOT_FOUND");
    EXPECT_EQ(harness.get("/web/nothing.js").status, 404);
    const auto wrong = harness.send("DELETE", "/api/v1/status", "", {});
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.headers.at("allow"), "GET, HEAD");
}

TEST(Api, PlisRejectionsAndWorkersAreListed) {
    Harness harness;
    harness.desk.add(aat(1));
    v1::RejectionRow rejection;
    rejection.set_lot("20261120-595-0002");
    rejection.set_code("REJ_FILE_TRUNCATED");
    rejection.set_message("le fichier est tronqué");
    harness.desk.add_rejection(rejection);
    v1::WorkerRow worker;
    worker.set_worker("reader-1");
    worker.set_state("idle");
    harness.desk.add_worker(worker);
    const auto pli = harness.get("/api/v1/plis/" + fake::pli_id(1)).json();
    EXPECT_EQ(pli.at("documents").as_array().size(), 1U);
    EXPECT_EQ(pli.at("pages").as_array().size(), 2U);
    EXPECT_EQ(harness.get("/api/v1/rejections").json().at("rejections").at(0).at("code").as_string(),
              "REJ_FILE_TRUNCATED");
    EXPECT_EQ(harness.get("/api/v1/workers").json().at("workers").at(0).at("state").as_string(), "idle");
}

TEST(Api, ReferenceGivesTheFrenchLabels) {
    Harness harness;
    const auto json = harness.get("/api/v1/reference").json();
    EXPECT_EQ(json.at("types").at("AAT").at("label_fr").as_string(), "Avis d'arrêt de travail");
    EXPECT_EQ(json.at("types").at("AAT").at("cerfa").as_string(), "10170");
    EXPECT_EQ(json.at("types").at("AAT").at("required").at(0).as_string(), "nir");
    EXPECT_EQ(json.at("types").at("RIB").at("role").as_string(), "master_or_attachment");
    EXPECT_FALSE(json.at("types").at("RIB").as_object().contains("cerfa"));
    EXPECT_EQ(json.at("services").at("IJ").as_string(), "Indemnités journalières");
    EXPECT_EQ(json.at("caisses").at("595").as_string(), "CPAM de Lille-Douai");
}

TEST(Api, AHubThatIsAwayGives503AndWhatToDo) {
    Harness harness;
    harness.desk.add(aat(1));
    harness.desk.fail_with(Error{ErrorKind::Unavailable, "HUB_UNREACHABLE", "no answer"});
    for (const std::string target :
         {"/api/v1/status", "/api/v1/queues", "/api/v1/documents", "/api/v1/workers", "/api/v1/rejections",
          "/api/v1/plis/x", "/api/v1/documents/x-1", "/api/v1/documents/x-1.pdf?recipient=595-IJ",
          "/api/v1/documents/x-1/pages/1.png"}) {
        const auto answer = harness.get(target);
        EXPECT_EQ(answer.status, 503) << target;
        EXPECT_EQ(answer.code(), "HUB_UNREACHABLE") << target;
        EXPECT_TRUE(answer.headers.contains("retry-after")) << target;
        EXPECT_EQ(answer.json().at("trace_id").as_string().size(), 32U);
    }
    EXPECT_EQ(harness.get("/readyz").status, 503);
    EXPECT_EQ(harness.get("/healthz").status, 200);
    harness.desk.fail_with(std::nullopt);
    EXPECT_EQ(harness.get("/readyz").status, 200);
}

TEST(Api, MetricsCountByRouteAndNeverByIdentifier) {
    Harness harness;
    harness.desk.add(aat(1));
    harness.get("/api/v1/documents/" + document_id(1, 1));
    harness.get("/whatever/" + document_id(1, 1));
    const auto metrics = harness.get("/metrics");
    EXPECT_EQ(metrics.status, 200);
    EXPECT_NE(metrics.body.find(
                  "pleiade_gateway_requests_total{method=\"GET\",route=\"/api/v1/documents/{id}\",status=\"200\"} 1"),
              std::string::npos)
        << metrics.body;
    EXPECT_EQ(metrics.body.find(fake::pli_id(1)), std::string::npos);
}

TEST(Api, TheCallersTraceIdComesBack) {
    Harness harness;
    const auto answer =
        harness.get("/api/v1/nothing", {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}});
    EXPECT_EQ(answer.headers.at("x-trace-id"), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(answer.json().at("trace_id").as_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

}  // namespace

}  // namespace pleiade::gateway
