// What needs no server: settings, answers, pauses.
#include <gtest/gtest.h>

#include <cstdlib>

#include "common/vault/open.h"
#include "common/vault/s3/retry.h"
#include "common/vault/s3/s3_answers.h"
#include "common/vault/s3/s3_options.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::vault {
namespace {

using std::chrono::milliseconds;

class S3Url : public testing::Test {
  protected:
    S3Url() {
        test::write_file(folder_ / "key", "AKIA1\nsecret/with+signs\n");
        ::unsetenv("AWS_ACCESS_KEY_ID");
        ::unsetenv("AWS_SECRET_ACCESS_KEY");
    }
    std::string refusal(const std::string& url) {
        const auto options = parse_s3_url(url);
        if (options) return "";
        EXPECT_EQ(options.error().code, "CONFIG_INVALID");
        EXPECT_EQ(options.error().message.find("secret/with"), std::string::npos);
        return options.error().message;
    }
    test::TemporaryFolder folder_;
    const std::string key_ = "keyfile=" + (folder_ / "key");
};

TEST_F(S3Url, SaysWhereTheStoreIs) {
    const auto options = parse_s3_url("s3://mail-595/vault?endpoint=https://s3.example:9000&region=eu-west-3&" + key_ +
                                      "&cafile=/etc/ca.pem");
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->bucket, "mail-595");
    EXPECT_EQ(options->prefix, "vault/");
    EXPECT_EQ(options->endpoint, "https://s3.example:9000");
    EXPECT_EQ(options->region, "eu-west-3");
    EXPECT_EQ(options->access_key, "AKIA1");
    EXPECT_EQ(options->secret_key, "secret/with+signs");
    EXPECT_EQ(options->ca_file, "/etc/ca.pem");
    EXPECT_EQ(parse_s3_url("s3://b?region=eu-west-3&" + key_)->endpoint, "https://s3.eu-west-3.amazonaws.com");
    EXPECT_EQ(parse_s3_url("s3://b?" + key_)->prefix, "");
}

TEST_F(S3Url, RefusesWhatCannotBeMeant) {
    EXPECT_NE(refusal("s3://b?endpoint=http://s3.example&" + key_).find("https"), std::string::npos);
    EXPECT_EQ(refusal("s3://b?endpoint=http://127.0.0.1:9000&" + key_), "");
    EXPECT_NE(refusal("s3://AKIA1:secret@b").find("without keys"), std::string::npos);
    EXPECT_NE(refusal("s3://b?key=x&" + key_).find("«key»"), std::string::npos);
    EXPECT_NE(refusal("s3://Bucket_1?" + key_), "");
    EXPECT_NE(refusal("s3://b/pré?" + key_), "");
    EXPECT_NE(refusal("s3://b").find("no key"), std::string::npos);
    EXPECT_NE(refusal("s3://b?keyfile=/none").find("/none"), std::string::npos);
    test::write_file(folder_ / "half", "AKIA1\n");
    EXPECT_NE(refusal("s3://b?keyfile=" + (folder_ / "half")).find("two lines"), std::string::npos);
}

TEST_F(S3Url, TakesTheKeyFromTheEnvironment) {
    ::setenv("AWS_ACCESS_KEY_ID", "a", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "b", 1);
    const auto options = parse_s3_url("s3://b");
    ::unsetenv("AWS_ACCESS_KEY_ID");
    ::unsetenv("AWS_SECRET_ACCESS_KEY");
    ASSERT_TRUE(options);
    EXPECT_EQ(options->access_key + options->secret_key, "ab");
}

TEST_F(S3Url, IsOneOfThoseOfAVault) {
    EXPECT_TRUE(open_vault({"file:", folder_ / "home"}));
    EXPECT_TRUE(open_vault({"file:" + (folder_ / "other"), folder_ / "home"}));
    EXPECT_TRUE(open_vault({"s3://b?" + key_, folder_ / "home"}));
    for (const auto* url : {"", "file:relative", "ftp://b", "s3:"}) {
        const auto vault = open_vault({url, folder_ / "home"});
        ASSERT_FALSE(vault) << url;
        EXPECT_EQ(vault.error().code, "CONFIG_INVALID");
    }
}

TEST(S3Answers, AreUnderstoodOrRefused) {
    const auto listing = parse_listing(
        "<?xml version='1.0'?><ListBucketResult "
        "xmlns='http://s3'><IsTruncated>true</IsTruncated><Contents><Key>a&amp;b</Key>"
        "</Contents><Contents><Key>c</Key></Contents><NextContinuationToken>t=</NextContinuationToken></"
        "ListBucketResult>");
    ASSERT_TRUE(listing);
    EXPECT_EQ(listing->keys, (std::vector<std::string>{"a&b", "c"}));
    EXPECT_EQ(listing->next, "t=");
    EXPECT_FALSE(parse_listing("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"))
        << "a list that says it goes on, and not where, would be taken for whole";
    for (const auto* text : {"", "<html></html>", "<ListBucketResult>", "\xff\xfe"}) EXPECT_FALSE(parse_listing(text));
    EXPECT_EQ(error_code_of("<Error><Code>SlowDown</Code></Error>"), "SlowDown");
    EXPECT_EQ(error_code_of("nonsense"), "");
    const auto uploads = parse_uploads(
        "<ListMultipartUploadsResult><Upload><Key>k</Key><UploadId>u</UploadId>"
        "<Initiated>2026-11-22T00:00:10.000Z</Initiated></Upload></ListMultipartUploadsResult>");
    ASSERT_TRUE(uploads);
    EXPECT_EQ(uploads->uploads.at(0).since.time_since_epoch().count(), 1'795'305'610);
    EXPECT_FALSE(is_completed("<Error><Code>InternalError</Code></Error>"));
    EXPECT_TRUE(is_completed("<CompleteMultipartUploadResult/>"));
    EXPECT_EQ(completion_of({"\"e\""}),
              "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;e&quot;</ETag></Part>"
              "</CompleteMultipartUpload>");
}

TEST(Retries, PauseLongerEachTimeUpToALimit) {
    const RetryPlan plan{
        .tries_max = 6, .first_pause = milliseconds(100), .longest_pause = milliseconds(1'000), .patience = {}};
    EXPECT_EQ(pause_after(plan, 1, 0), milliseconds(100));
    EXPECT_EQ(pause_after(plan, 3, 0), milliseconds(400));
    EXPECT_EQ(pause_after(plan, 60, 0), milliseconds(1'000));
    EXPECT_EQ(pause_after(plan, 1, 1), milliseconds(50));
    EXPECT_EQ(pause_after(plan, 60, 0.5), milliseconds(750));
}

TEST(Retries, EndByNumberAndByTime) {
    Retries few({.tries_max = 3,
                 .first_pause = milliseconds(1),
                 .longest_pause = milliseconds(2),
                 .patience = milliseconds(10'000)});
    EXPECT_TRUE(few.again());
    EXPECT_TRUE(few.again());
    EXPECT_FALSE(few.again());
    Retries late({.tries_max = 9,
                  .first_pause = milliseconds(500),
                  .longest_pause = milliseconds(500),
                  .patience = milliseconds(100)});
    const auto began = std::chrono::steady_clock::now();
    EXPECT_FALSE(late.again());
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(200)) << "no pause before giving up";
}

}  // namespace
}  // namespace pleiade::vault
