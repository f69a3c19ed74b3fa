// The S3 adapter over a real server: the conformance suite, large files, what the store refuses, and what a network
// does.
#include "common/vault/s3/s3_vault.h"

#include <unistd.h>

#include <fstream>
#include <random>
#include <thread>

#include "common/base/sha256.h"
#include "common/vault/s3/s3_client.h"
#include "common/vault/s3/upload.h"
#include "tests/support/s3/http_faults.h"
#include "tests/support/s3/s3_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/vault/conformance.h"

namespace pleiade::vault {
namespace {

using std::chrono::milliseconds;
using test::HttpFault;
using test::HttpFaults;
using test::S3Server;

std::string fresh_prefix() {
    static int count = 0;
    return "t" + std::to_string(++count);
}

class S3UnderTest final : public VaultUnderTest {
  public:
    std::unique_ptr<Vault> open() override {
        return open_s3_vault(test::shared_s3().options(prefix_), {folder_ / "cache", 1 << 20});
    }
    void flip_a_bit(const PliId&, const std::string& sha256) override {
        EXPECT_GT(test::shared_s3().flip_a_bit(sha256), 0);
        std::filesystem::remove_all(folder_ / "cache");
    }

  private:
    test::TemporaryFolder folder_;
    const std::string prefix_ = fresh_prefix();
};

std::vector<Adapter> adapters() {
    if (S3Server::available()) return {{"s3", [] { return std::make_unique<S3UnderTest>(); }}};
    std::printf("the S3 vault is not tried: no python3-swift here\n");
    return {};
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(VaultConformance);
INSTANTIATE_TEST_SUITE_P(S3, VaultConformance, testing::ValuesIn(adapters()),
                         [](const auto& adapter) { return adapter.param.name; });

std::string random_bytes(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::string bytes(count, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

// Each test has its own files on one server, and a proxy that does what it says.
class S3Vault : public testing::Test {
  protected:
    void SetUp() override {
        if (!S3Server::available()) GTEST_SKIP() << "no python3-swift here";
        options_ = test::shared_s3().options(fresh_prefix());
    }
    Result<StoredFile> put(const S3Options& options, const std::string& bytes) {
        const int fd = file_with(bytes);
        auto stored = open_s3_vault(options, {folder_ / "cache", 0})->put(kPli, fd, "a.tif");
        ::close(fd);
        return stored;
    }
    // What is got, or the code of the error.
    std::string get(const S3Options& options, const std::string& bytes) {
        const auto opened = open_s3_vault(options, {folder_ / "cache", 0})->open(kPli, sha256_hex(bytes));
        if (!opened) return opened.error().code;
        auto got = bytes_of(*opened);
        ::close(*opened);
        return got;
    }
    S3Options through(const HttpFaults& proxy) const {
        auto options = options_;
        options.endpoint = proxy.url();
        return options;
    }
    // Does it to the first `times` requests of this method, `times` < 0: to all.
    static HttpFaults::Decide to(const std::string& method, int times, const HttpFault& fault) {
        const auto left = std::make_shared<std::atomic<int>>(times);
        return [=](const std::string& asked, const std::string&) {
            if (asked != method) return HttpFault{};
            if (times >= 0 && (*left)-- <= 0) return HttpFault{};
            return fault;
        };
    }
    std::uint16_t server() const { return test::shared_s3().port(); }

    S3Options options_;
    test::TemporaryFolder folder_;
    const std::string page_ = random_bytes(50'000, 1);
};

TEST_F(S3Vault, IsRefusedWithAWrongSecretAndDoesNotInsist) {
    HttpFaults proxy(server(), [](const auto&, const auto&) { return HttpFault{}; });
    auto options = through(proxy);
    options.secret_key = "another-secret";
    const auto stored = put(options, page_);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, "VAULT_REFUSED");
    EXPECT_EQ(stored.error().kind, ErrorKind::Unavailable);
    EXPECT_NE(stored.error().message.find("403 SignatureDoesNotMatch"), std::string::npos) << stored.error().message;
    EXPECT_NE(stored.error().message.find("clock"), std::string::npos);
    EXPECT_EQ(stored.error().message.find("another-secret"), std::string::npos);
    EXPECT_EQ(proxy.requests(), 2) << "one look for dead uploads, one for the file, no second try";
    options.access_key = "test:nobody";
    EXPECT_EQ(get(options, page_), "VAULT_REFUSED");
    options = through(proxy);
    options.bucket = "no-such-bucket";
    EXPECT_EQ(get(options, page_), "VAULT_REFUSED") << "a bucket that is not there is no missing file";
}

// A store of one's own has an authority of one's own.
TEST_F(S3Vault, GivesItsKeyToNoServerThatItCannotTrust) {
    const auto nothing_wrong = [](const auto&, const auto&) { return HttpFault{}; };
    const auto certificate = test::certificate_of("127.0.0.1");
    HttpFaults trusted(server(), nothing_wrong, certificate);
    const auto ca_file = [&](const std::string& name, const std::string& pem) {
        test::write_file(folder_ / name, pem);
        return folder_ / name;
    };
    auto options = through(trusted);
    ASSERT_EQ(options.endpoint.rfind("https://", 0), 0u);
    const auto refuses = [&](const std::string& why) {
        const auto stored = put(options, page_);
        ASSERT_FALSE(stored) << why;
        EXPECT_EQ(stored.error().code, "VAULT_REFUSED") << why;
        EXPECT_EQ(stored.error().kind, ErrorKind::Unavailable) << why;
        EXPECT_NE(stored.error().message.find("cafile"), std::string::npos) << stored.error().message;
        EXPECT_EQ(get(options, page_), "VAULT_REFUSED") << why;
    };
    refuses("nobody that the system knows has signed it");
    options.ca_file = ca_file("other.pem", test::certificate_of("127.0.0.1").certificate_pem);
    refuses("another authority");
    options.ca_file = ca_file("broken.pem", "no certificate");
    refuses("an authority that cannot be read");
    EXPECT_EQ(trusted.requests(), 0) << "not a word was said";

    options.ca_file = ca_file("ca.pem", certificate.certificate_pem);
    EXPECT_TRUE(put(options, page_));
    EXPECT_EQ(get(options, page_), page_);
    EXPECT_GT(trusted.requests(), 0);

    for (const auto& wrong :
         {test::certificate_of("127.0.0.2"), test::certificate_of("127.0.0.1", -std::chrono::seconds(60))}) {
        HttpFaults proxy(server(), nothing_wrong, wrong);
        options.endpoint = proxy.url();
        options.ca_file = ca_file("wrong.pem", wrong.certificate_pem);
        refuses("another name, or no longer good");
        EXPECT_EQ(proxy.requests(), 0);
    }
}

TEST_F(S3Vault, BringsALargeFileInParts) {
    std::atomic<int> parts{0};
    HttpFaults proxy(server(), [&](const std::string& method, const std::string& target) {
        parts += method == "PUT" && target.find("partNumber=") != std::string::npos ? 1 : 0;
        return HttpFault{};
    });
    const auto large = random_bytes(1'000'003, 2);
    const auto stored = put(through(proxy), large);
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(parts, 4);
    EXPECT_EQ(get(options_, large), large);
    EXPECT_EQ(S3Client(options_).uploads(options_.prefix, {})->uploads.size(), 0u);
}

TEST_F(S3Vault, AbortsAnUploadThatCannotBeEnded) {
    HttpFaults proxy(server(), [](const std::string&, const std::string& target) {
        return target.find("partNumber=3") == std::string::npos ? HttpFault{} : HttpFault{.status = 500, .text = "no"};
    });
    const auto large = random_bytes(1'000'003, 3);
    auto options = through(proxy);
    options.tries_max = 2;
    const auto stored = put(options, large);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, "VAULT_UNREACHABLE");
    EXPECT_EQ(get(options_, large), "FILE_MISSING");
    EXPECT_EQ(S3Client(options_).uploads(options_.prefix, {})->uploads.size(), 0u) << "its parts are gone";
    EXPECT_TRUE(put(options_, large));
}

TEST_F(S3Vault, SweepsWhatADeadUploadLeftAndNothingYoung) {
    S3Client client(options_);
    const auto upload = client.begin_upload(options_.prefix + "01/left-over");
    ASSERT_TRUE(upload) << upload.error().message;
    ASSERT_TRUE(put(options_, page_));
    EXPECT_EQ(client.uploads(options_.prefix, {})->uploads.size(), 1u) << "somebody may be at it";
    options_.orphan_age = std::chrono::hours(-1);
    ASSERT_TRUE(put(options_, page_));
    EXPECT_EQ(client.uploads(options_.prefix, {})->uploads.size(), 0u);
}

TEST_F(S3Vault, WalksListsOfSeveralPages) {
    options_.list_keys_max = 10;
    const auto vault = open_s3_vault(options_, {folder_ / "cache", 0});
    S3Client client(options_);
    const int fd = file_with("page");
    for (int i = 0; i < 25; ++i) {
        const auto sha256 = sha256_hex(std::to_string(i));
        ASSERT_TRUE(client.put(options_.prefix + "01/" + kPli.str() + "/" + sha256,
                               {.fd = fd, .offset = 0, .size_bytes = 4, .text = "", .sha256 = sha256_hex("page")}));
    }
    ::close(fd);
    int found = 0;
    const auto walked = vault->walk(0x01, [&](const PliId& pli, const std::string&) {
        EXPECT_EQ(pli, kPli);
        return ++found > 0;
    });
    ASSERT_TRUE(walked) << walked.error().message;
    EXPECT_EQ(found, 25);
}

TEST_F(S3Vault, TriesAgainWhenTheStoreIsNotWell) {
    const std::string slow_down = "<Error><Code>SlowDown</Code></Error>";
    for (const auto& fault : {HttpFault{.status = 503, .text = slow_down}, HttpFault{.status = 500, .text = "oops"},
                              HttpFault{.drop = true}, HttpFault{.lose_answer = true}}) {
        const auto bytes = random_bytes(20'000, static_cast<unsigned>(fault.status) + fault.drop);
        HttpFaults put_fails(server(), to("PUT", 3, fault));
        const auto stored = put(through(put_fails), bytes);
        ASSERT_TRUE(stored) << stored.error().message;
        HttpFaults get_fails(server(), to("GET", 3, fault));
        EXPECT_EQ(get(through(get_fails), bytes), bytes);
    }
}

TEST_F(S3Vault, GivesUpInTimeOnAStoreThatStaysAway) {
    for (const auto& fault :
         {HttpFault{.status = 503, .text = ""}, HttpFault{.drop = true}, HttpFault{.delay = milliseconds(4'000)}}) {
        HttpFaults proxy(server(), to("GET", -1, fault));
        auto options = through(proxy);
        options.silence_max = std::chrono::seconds(1);
        options.patience = milliseconds(1'500);
        const auto began = std::chrono::steady_clock::now();
        EXPECT_EQ(get(options, page_), "VAULT_UNREACHABLE");
        EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(8'000));
    }
    auto options = options_;
    options.endpoint = "http://127.0.0.1:1";
    options.tries_max = 2;
    EXPECT_EQ(get(options, page_), "VAULT_UNREACHABLE");
}

TEST_F(S3Vault, NeverTakesHalfAFileForAFile) {
    ASSERT_TRUE(put(options_, page_));
    HttpFaults once(server(), to("GET", 1, {.cut_answer = true}));
    EXPECT_EQ(get(through(once), page_), page_);
    HttpFaults always(server(), to("GET", -1, {.cut_answer = true}));
    EXPECT_EQ(get(through(always), page_), "VAULT_UNREACHABLE");
}

TEST_F(S3Vault, NeverGivesWrongBytes) {
    ASSERT_TRUE(put(options_, page_));
    HttpFaults once(server(), to("GET", 1, {.flip_answer = true}));
    EXPECT_EQ(get(through(once), page_), page_) << "a bit that flipped on the way is no altered file";
    HttpFaults always(server(), to("GET", -1, {.flip_answer = true}));
    EXPECT_EQ(get(through(always), page_), "FILE_ALTERED");
}

TEST_F(S3Vault, NeverStoresWrongBytes) {
    const auto large = random_bytes(700'000, 5);
    for (const auto& bytes : {page_, large}) {
        HttpFaults proxy(server(), to("PUT", -1, {.flip_sent = true}));
        const auto stored = put(through(proxy), bytes);
        ASSERT_FALSE(stored);
        EXPECT_EQ(stored.error().kind, ErrorKind::Unavailable);
        EXPECT_EQ(get(options_, bytes), "FILE_MISSING") << "the server held us to the digest that we signed";
    }
}

// A store that says 200 and has kept something else is found out before anybody is told "kept".
TEST_F(S3Vault, BelievesTheStoreOnlyAfterReadingBack) {
    int asked = 0;
    HttpFaults proxy(server(), [&](const std::string& method, const std::string&) -> HttpFault {
        if (method == "PUT") return {.status = 200, .text = ""};  // and nothing is stored
        ++asked;
        return {};
    });
    const auto stored = put(through(proxy), page_);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, "VAULT_IO");
    EXPECT_GE(asked, 2);
}

TEST_F(S3Vault, DoesNotTakeAnyonesNotFoundForItsOwn) {
    HttpFaults proxy(server(), to("GET", -1, {.status = 404, .text = "<html>nothing here</html>"}));
    EXPECT_EQ(get(through(proxy), page_), "VAULT_REFUSED");
    HttpFaults skewed(server(),
                      to("GET", -1, {.status = 403, .text = "<Error><Code>RequestTimeTooSkewed</Code></Error>"}));
    EXPECT_EQ(get(through(skewed), page_), "VAULT_REFUSED");
    HttpFaults elsewhere(server(), to("GET", -1, {.status = 301, .text = ""}));
    EXPECT_EQ(get(through(elsewhere), page_), "VAULT_REFUSED");
    HttpFaults full(server(), to("PUT", -1, {.status = 507, .text = ""}));
    auto options = through(full);
    options.tries_max = 2;
    EXPECT_EQ(put(options, page_).error().code, "VAULT_FULL");
}

// kill -9 of the server while a file of several parts comes in; it comes back after a moment.
TEST_F(S3Vault, SurvivesTheServersDeathInTheMiddleOfAnUpload) {
    S3Server own;
    for (const int part : {1, 3}) {
        auto options = own.options(fresh_prefix());
        const auto large = random_bytes(1'000'003, 10 + static_cast<unsigned>(part));
        std::atomic<bool> killed{false};
        std::atomic<bool> wanted{false};
        HttpFaults proxy(own.port(), [&](const std::string&, const std::string& target) {
            if (target.find("partNumber=" + std::to_string(part)) != std::string::npos && !wanted.exchange(true)) {
                while (!killed) std::this_thread::sleep_for(milliseconds(5));
            }
            return HttpFault{};
        });
        options.endpoint = proxy.url();
        options.tries_max = 20;
        Result<StoredFile> stored;
        std::thread client([&] { stored = put(options, large); });
        while (!wanted) std::this_thread::sleep_for(milliseconds(5));
        own.kill();
        killed = true;
        own.start();
        client.join();
        if (stored) {
            EXPECT_EQ(get(options, large), large);
        } else {
            EXPECT_EQ(stored.error().kind, ErrorKind::Unavailable) << stored.error().message;
        }
        ASSERT_TRUE(put(options, large)) << "said again, as ingest does";
        EXPECT_EQ(get(options, large), large);
    }
}

TEST_F(S3Vault, KeepsACopyOnThisMachineWhileTheStoreIsAway) {
    ASSERT_TRUE(put(options_, page_));
    HttpFaults proxy(server(), to("GET", -1, {}));
    const auto vault = open_s3_vault(through(proxy), {folder_ / "cache", 1 << 20});
    for (int i = 0; i < 3; ++i) {
        const auto opened = vault->open(kPli, sha256_hex(page_));
        ASSERT_TRUE(opened);
        EXPECT_EQ(bytes_of(*opened), page_);
        ::close(*opened);
    }
    EXPECT_EQ(proxy.requests(), 1);
}

}  // namespace
}  // namespace pleiade::vault
