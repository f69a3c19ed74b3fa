#include "common/vault/cache/local_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/base/sha256.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/vault/conformance.h"

namespace pleiade::vault {
namespace {

namespace fs = std::filesystem;

class Cache : public testing::Test {
  protected:
    LocalCache cache(std::uint64_t bytes_max = 1 << 20) const { return LocalCache({folder_ / "cache", bytes_max}); }
    // The bytes that open() gives, or the code of its error.
    std::string ask(const LocalCache& cache, const std::string& bytes, const PliId& pli = kPli) {
        const auto opened = cache.open(pli, sha256_hex(bytes), [&](int fd) -> Result<void> {
            ++fetched_;
            const auto& sent = lie_.empty() ? bytes : lie_;
            if (::write(fd, sent.data(), sent.size()) < 0) return unavailable("VAULT_FULL", "no room");
            return {};
        });
        if (!opened) return opened.error().code;
        auto got = bytes_of(*opened);
        ::close(*opened);
        return got;
    }
    std::uint64_t kept() const {
        std::uint64_t bytes = 0;
        for (const auto& entry : fs::directory_iterator(folder_ / "cache")) bytes += entry.file_size();
        return bytes;
    }
    std::string copy_of(const std::string& bytes) const {
        return folder_ / "cache" + "/" + kPli.str() + "-" + sha256_hex(bytes);
    }

    test::TemporaryFolder folder_;
    std::string lie_;
    int fetched_ = 0;
};

TEST_F(Cache, FetchesAFileOnce) {
    EXPECT_EQ(ask(cache(), "page"), "page");
    EXPECT_EQ(ask(cache(), "page"), "page");
    EXPECT_EQ(fetched_, 1);
    EXPECT_EQ(ask(cache(), "page", kOtherPli), "page") << "plis share nothing";
    EXPECT_EQ(fetched_, 2);
}

TEST_F(Cache, FetchesASpoiltCopyAgain) {
    ask(cache(), "page");
    fs::permissions(copy_of("page"), fs::perms::owner_all);
    std::ofstream(copy_of("page")) << "paga";
    EXPECT_EQ(ask(cache(), "page"), "page");
    EXPECT_EQ(fetched_, 2);
}

TEST_F(Cache, NeverGivesOrKeepsWrongBytes) {
    lie_ = "something else";
    EXPECT_EQ(ask(cache(), "page"), "FILE_ALTERED");
    EXPECT_EQ(kept(), 0u);
}

TEST_F(Cache, StaysUnderItsLimitAndKeepsWhatIsAskedFor) {
    const auto small = cache(1'000);
    const auto page = [](char c) { return std::string(400, c); };
    ask(small, page('a'));
    ask(small, page('b'));
    // a was asked for more recently than b, by the clock of the file system.
    const timespec long_ago[2] = {{1'000, 0}, {0, UTIME_OMIT}};
    ::utimensat(AT_FDCWD, copy_of(page('b')).c_str(), long_ago, 0);
    ask(small, page('c'));
    EXPECT_LE(kept(), 1'000u);
    fetched_ = 0;
    ask(small, page('a'));
    EXPECT_EQ(fetched_, 0);
    ask(small, page('b'));
    EXPECT_EQ(fetched_, 1);
}

TEST_F(Cache, GivesUpWhatWasFetchedLongAgo) {
    ask(cache(), "page");
    ask(cache(), "other");
    const timespec long_ago[2] = {{0, UTIME_NOW}, {1'000, 0}};
    for (const auto* bytes : {"page", "other"}) ::utimensat(AT_FDCWD, copy_of(bytes).c_str(), long_ago, 0);
    EXPECT_EQ(ask(cache(), "page"), "page");
    EXPECT_EQ(fetched_, 3);
    EXPECT_FALSE(fs::exists(copy_of("other"))) << "swept when something was added";
}

TEST_F(Cache, AFileInUseOutlivesItsCopy) {
    const auto opened = cache().open(kPli, sha256_hex("page"), [](int fd) -> Result<void> {
        return ::write(fd, "page", 4) == 4 ? Result<void>() : unavailable("VAULT_IO", "");
    });
    ASSERT_TRUE(opened);
    cache().forget(kPli, sha256_hex("page"));
    EXPECT_EQ(bytes_of(*opened), "page");
    EXPECT_LT(::pwrite(*opened, "x", 1, 0), 0) << "it cannot be written";
    ::close(*opened);
}

TEST_F(Cache, WorksWithoutAFolder) {
    test::write_file(folder_ / "cache", "a file is in the way");
    EXPECT_EQ(ask(cache(), "page"), "page");
    EXPECT_EQ(ask(LocalCache({"/proc/none", 1 << 20}), "page"), "page");
    EXPECT_EQ(ask(cache(0), "page"), "page");
    EXPECT_EQ(fetched_, 3);
}

// A disk that fills while a file comes in: the same file is fetched once more, into memory.
TEST_F(Cache, AFullDiskCostsSpeedAlone) {
    int calls = 0;
    const auto opened = cache().open(kPli, sha256_hex("page"), [&](int fd) -> Result<void> {
        if (++calls == 1) return unavailable("VAULT_FULL", "no room");
        return ::write(fd, "page", 4) == 4 ? Result<void>() : unavailable("VAULT_IO", "");
    });
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(bytes_of(*opened), "page");
    ::close(*opened);
    EXPECT_EQ(kept(), 0u);
}

}  // namespace
}  // namespace pleiade::vault
