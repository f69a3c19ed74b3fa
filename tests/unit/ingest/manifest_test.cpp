#include "services/ingest/manifest.h"

#include <gtest/gtest.h>

#include "services/ingest/source.h"

namespace pleiade::ingest {
namespace {

const std::set<std::string> kCaisses = {"595", "597"};

// The contract's own example.
constexpr const char* kExample = R"({
  "lot": "20261120-595-0001", "platform": "DOUAI", "caisse": "595", "received_on": "2026-11-20",
  "opened_at": "2026-11-20T06:40:00+01:00", "scanned_at": "2026-11-20T07:05:12+01:00", "scanner": "S1",
  "box": "595-B12", "channel": "post", "announced": {"plis": 2, "pages": 6}, "colour_of_the_box": ["green", 3],
  "plis": [
    {"pli": "0001", "files": ["0001.tif"], "endorsers": ["A0001230"], "note": {"kept": true}},
    {"pli": "0002", "files": ["0002-1.jpg", "0002-2.jpg", "0002-3.jpg"], "registered": "1A12345678901",
     "envelope": "0002-env.jpg", "caisse": "597", "received_on": "2026-11-19", "channel": "counter",
     "original_seen": false}
  ]
})";

std::string minimal(const std::string& more = "", const std::string& pli_more = "") {
    return R"({"lot":"L1","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"0001","files":["a.tif"])" +
           pli_more + "}]" + more + "}";
}

TEST(Manifest, ReadsTheExampleOfTheContract) {
    const auto manifest = parse_manifest(kExample, kCaisses);
    ASSERT_TRUE(manifest) << manifest.error().message;
    EXPECT_EQ(manifest->lot, "20261120-595-0001");
    EXPECT_EQ(manifest->caisse, "595");
    EXPECT_EQ(manifest->announced_plis, 2);
    EXPECT_EQ(manifest->announced_pages, 6);
    ASSERT_EQ(manifest->plis.size(), 2u);

    const auto& first = manifest->plis[0];
    EXPECT_EQ(first.context.pli, "0001");
    EXPECT_EQ(first.context.file, "0001.tif");
    EXPECT_EQ(first.context.caisse, "595");
    EXPECT_EQ(first.context.received_on, "2026-11-20");
    EXPECT_EQ(first.context.scanned_at, "2026-11-20T07:05:12+01:00");
    EXPECT_EQ(first.context.channel, "post");
    EXPECT_FALSE(first.context.original_seen.has_value());
    EXPECT_FALSE(first.envelope.has_value());

    const auto& second = manifest->plis[1];
    EXPECT_EQ(second.files, (std::vector<std::string>{"0002-1.jpg", "0002-2.jpg", "0002-3.jpg"}));
    EXPECT_EQ(second.envelope, "0002-env.jpg");
    EXPECT_EQ(second.context.registered_mail, "1A12345678901");
    EXPECT_EQ(second.context.caisse, "597");
    EXPECT_EQ(second.context.received_on, "2026-11-19");
    EXPECT_EQ(second.context.channel, "counter");
    EXPECT_EQ(second.context.original_seen, false);
}

TEST(Manifest, KeepsUnknownKeys) {
    const auto manifest = parse_manifest(kExample, kCaisses);
    ASSERT_TRUE(manifest);
    EXPECT_NE(manifest->json.find(R"("colour_of_the_box":["green",3])"), std::string::npos);
    EXPECT_NE(manifest->plis[0].json.find(R"("note":{"kept":true})"), std::string::npos);
    EXPECT_EQ(manifest->plis[1].json.find("note"), std::string::npos);
}

TEST(Manifest, AsksForNoMoreThanTheMandatoryKeys) {
    const auto manifest =
        parse_manifest("\xEF\xBB\xBF" + minimal(), kCaisses);  // a mark that Windows scanners put first
    ASSERT_TRUE(manifest) << manifest.error().message;
    EXPECT_FALSE(manifest->announced_plis.has_value());
    EXPECT_EQ(manifest->announced_pages, 0);
    EXPECT_EQ(manifest->plis[0].context.channel, "post");
}

TEST(Manifest, TakesNullForAnAbsentKey) {
    EXPECT_TRUE(parse_manifest(minimal(R"(,"scanned_at":null)", R"(,"envelope":null,"original_seen":null)"), kCaisses));
    EXPECT_FALSE(parse_manifest(R"({"lot":null,"caisse":"595","received_on":"2026-11-20","plis":[]})", kCaisses));
}

struct Fault {
    std::string json;
    std::string pointer;
};

TEST(Manifest, SaysWhereItIsWrong) {
    const std::vector<Fault> faults = {
        {"", "not JSON"},
        {"[]", "an object"},
        {minimal().substr(0, 40), "not JSON"},
        {minimal() + "x", "not JSON"},
        {std::string(100, '['), "not JSON"},
        {R"({"caisse":"595","received_on":"2026-11-20","plis":[]})", "/lot"},
        {R"({"lot":"","caisse":"595","received_on":"2026-11-20","plis":[]})", "/lot"},
        {R"({"lot":"a\u0000b","caisse":"595","received_on":"2026-11-20","plis":[]})", "/lot"},
        {R"({"lot":7,"caisse":"595","received_on":"2026-11-20","plis":[]})", "/lot"},
        {R"({"lot":"L","received_on":"2026-11-20","plis":[]})", "/caisse"},
        {R"({"lot":"L","caisse":"595","plis":[]})", "/received_on"},
        {R"({"lot":"L","caisse":"595","received_on":"20/11/2026","plis":[]})", "/received_on"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-02-30","plis":[]})", "/received_on"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20"})", "/plis"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":{}})", "/plis"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[]})", "/plis"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":["0001"]})", "/plis/0"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"files":["a"]}]})", "/plis/0/pli"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"1"}]})", "/plis/0/files"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"1","files":[]}]})", "/plis/0/files"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"1","files":["a",2]}]})",
         "/plis/0/files/1"},
        {minimal(R"(,"channel":"pigeon")"), "/channel"},
        {minimal(R"(,"scanned_at":"2026-11-20 07:05")"), "/scanned_at"},
        {minimal(R"(,"scanned_at":"2026-11-20T07:05:12")"), "/scanned_at"},
        {minimal(R"(,"announced":{"plis":-1})"), "/announced/plis"},
        {minimal(R"(,"announced":{"pages":"6"})"), "/announced/pages"},
        {minimal(R"(,"announced":3)"), "/announced"},
        {minimal("", R"(,"original_seen":"yes")"), "/plis/0/original_seen"},
        {minimal("", R"(,"endorsers":"A1")"), "/plis/0/endorsers"},
        {minimal("", R"(,"envelope":"a.tif")"), "/plis/0/envelope"},
        {minimal("", R"(,"received_on":"")"), "/plis/0/received_on"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"1","files":["a"]},{"pli":"1","files":["b"]}]})",
         "/plis/1/pli"},
        {R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"1","files":["a"]},{"pli":"2","files":["b","a"]}]})",
         "/plis/1/files/1"},
    };
    for (const auto& fault : faults) {
        const auto manifest = parse_manifest(fault.json, kCaisses);
        ASSERT_FALSE(manifest) << fault.json;
        EXPECT_EQ(manifest.error().code, "REJ_MANIFEST_INVALID") << fault.json;
        EXPECT_EQ(manifest.error().kind, ErrorKind::Invalid);
        EXPECT_NE(manifest.error().message.find(fault.pointer), std::string::npos) << fault.json << "\n"
                                                                                   << manifest.error().message;
    }
}

TEST(Manifest, RefusesACaisseThatIsNotOne) {
    for (const std::string caisse : {"999", "59", "5951", "59a", "CPAM"}) {
        const auto json =
            R"({"lot":"L","caisse":")" + caisse + R"(","received_on":"2026-11-20","plis":[{"pli":"1","files":["a"]}]})";
        const auto manifest = parse_manifest(json, kCaisses);
        ASSERT_FALSE(manifest) << caisse;
        EXPECT_EQ(manifest.error().code, "REJ_MANIFEST_CAISSE");
        EXPECT_NE(manifest.error().message.find("/caisse"), std::string::npos);
    }
}

TEST(Manifest, APliOfAnUnknownCaisseIsRejectedAlone) {
    const auto manifest = parse_manifest(minimal("", R"(,"caisse":"999")"), kCaisses);
    ASSERT_TRUE(manifest);
    ASSERT_TRUE(manifest->plis[0].rejection.has_value());
    EXPECT_EQ(manifest->plis[0].rejection->code, "REJ_MANIFEST_CAISSE");
    EXPECT_NE(manifest->plis[0].rejection->message.find("/plis/0/caisse"), std::string::npos);
}

TEST(Manifest, NeverQuotesAValueInItsErrors) {
    const auto manifest = parse_manifest(minimal(R"(,"channel":"255081416802538")"), kCaisses);
    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error().message.find("2550814"), std::string::npos);
}

TEST(Manifest, KnowsWhetherItWasWrittenToItsEnd) {
    const std::string whole = kExample;
    EXPECT_TRUE(is_whole_json(whole));
    for (std::size_t size = 0; size < whole.size(); size += 17) EXPECT_FALSE(is_whole_json(whole.substr(0, size)));
}

TEST(Manifest, KnowsDaysAndTimes) {
    EXPECT_TRUE(is_date("2024-02-29"));
    for (const auto* text : {"2026-02-29", "2026-1-2", "2026-13-01", "", "2026-11-20T", "+026-11-20"}) {
        EXPECT_FALSE(is_date(text)) << text;
    }
    for (const auto* text : {"2026-11-20T07:05:12+01:00", "2026-11-20T07:05:12Z", "2026-11-20T07:05:12.250+01:00"}) {
        EXPECT_TRUE(is_timestamp(text)) << text;
    }
    for (const auto* text :
         {"2026-11-20", "2026-11-20T07:05:12", "2026-11-20T25:05:12Z", "2026-11-20T07:05:12+01:00x"}) {
        EXPECT_FALSE(is_timestamp(text)) << text;
    }
}

}  // namespace
}  // namespace pleiade::ingest
