#include "tests/unit/vault/conformance.h"

#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "common/base/sha256.h"
#include "common/vault/local_file.h"

namespace pleiade::vault {

int file_with(const std::string& bytes) {
    const int fd = ::memfd_create("source", MFD_CLOEXEC);
    EXPECT_GE(fd, 0);
    EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return fd;
}

std::string bytes_of(int fd) {
    std::string all(1u << 22, '\0');
    const auto got = ::pread(fd, all.data(), all.size(), 0);
    all.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return all;
}

namespace {

std::string random_bytes(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::string bytes(count, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

Result<StoredFile> put(Vault& vault, const PliId& pli, const std::string& bytes, const std::string& name = "a.tif") {
    const int fd = file_with(bytes);
    auto stored = vault.put(pli, fd, name);
    ::close(fd);
    return stored;
}

TEST_P(VaultConformance, GivesBackWhatWasPut) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{262'144}, std::size_t{1'000'003}}) {
        const auto bytes = random_bytes(size, 7);
        const auto stored = put(*vault, kPli, bytes, "Lettre n°1.tif");
        ASSERT_TRUE(stored) << stored.error().message;
        EXPECT_EQ(stored->sha256, sha256_hex(bytes));
        EXPECT_EQ(stored->size_bytes, size);
        EXPECT_EQ(stored->name, "Lettre n°1.tif");
        const auto fd = vault->open(kPli, stored->sha256);
        ASSERT_TRUE(fd) << fd.error().message;
        EXPECT_EQ(bytes_of(*fd), bytes);
        ::close(*fd);
    }
}

TEST_P(VaultConformance, ReadsFromTheStartWhereverTheSourceStands) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const int fd = file_with("quelques octets");
    ::lseek(fd, 5, SEEK_SET);
    const auto stored = vault->put(kPli, fd, "a");
    ::close(fd);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->sha256, sha256_hex("quelques octets"));
}

TEST_P(VaultConformance, PuttingTwiceIsPuttingOnce) {
    const auto store = GetParam().make();
    const auto first = put(*store->open(), kPli, "page");
    const auto second = put(*store->open(), kPli, "page");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->sha256, second->sha256);
}

TEST_P(VaultConformance, SurvivesARestart) {
    const auto store = GetParam().make();
    const auto stored = put(*store->open(), kPli, "page");
    ASSERT_TRUE(stored);
    const auto fd = store->open()->open(kPli, stored->sha256);
    ASSERT_TRUE(fd);
    EXPECT_EQ(bytes_of(*fd), "page");
    ::close(*fd);
}

TEST_P(VaultConformance, KeepsPlisApart) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const auto stored = put(*vault, kPli, "page");
    ASSERT_TRUE(stored);
    const auto elsewhere = vault->open(kOtherPli, stored->sha256);
    ASSERT_FALSE(elsewhere);
    EXPECT_EQ(elsewhere.error().kind, ErrorKind::NotFound);
    EXPECT_EQ(elsewhere.error().code, "FILE_MISSING");
}

TEST_P(VaultConformance, GivesAFileAsAPathThatOutlivesItsErasing) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const auto stored = put(*vault, kPli, "page");
    ASSERT_TRUE(stored);
    auto local = LocalFile::of(*vault, kPli, stored->sha256);
    ASSERT_TRUE(local) << local.error().message;
    ASSERT_TRUE(vault->remove(kPli, stored->sha256));
    const auto moved = std::move(*local);
    for (int i = 0; i < 2; ++i) {
        std::ifstream stream(moved.path(), std::ios::binary);
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "page");
    }
}

TEST_P(VaultConformance, ErasesOneFileAndItsCopiesOnly) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const auto gone = put(*vault, kPli, "page");
    const auto kept = put(*vault, kPli, "other page");
    const auto elsewhere = put(*vault, kOtherPli, "page");
    ASSERT_TRUE(gone && kept && elsewhere);
    ::close(vault->open(kPli, gone->sha256).value());
    ASSERT_TRUE(vault->remove(kPli, gone->sha256));
    EXPECT_TRUE(vault->remove(kPli, gone->sha256)) << "erased already";
    for (const auto& opened : {vault->open(kPli, gone->sha256), store->open()->open(kPli, gone->sha256)}) {
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, "FILE_MISSING");
    }
    EXPECT_TRUE(vault->check(kPli, kept->sha256));
    EXPECT_TRUE(vault->check(kOtherPli, elsewhere->sha256));
    ASSERT_TRUE(vault->remove(kPli, kept->sha256));
    ASSERT_TRUE(put(*vault, kPli, "page")) << "a pli that was erased may come again";
    EXPECT_TRUE(vault->check(kPli, gone->sha256));
}

TEST_P(VaultConformance, NamesEveryFileOfAShardOnce) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    std::multiset<std::string> expected;
    for (unsigned n = 0; n < 12; ++n) {
        const auto stored = put(*vault, n % 2 == 0 ? kPli : kOtherPli, random_bytes(10, n));
        ASSERT_TRUE(stored);
        expected.insert((n % 2 == 0 ? kPli : kOtherPli).str() + stored->sha256);
    }
    std::multiset<std::string> found;
    for (const int shard : {0x00, 0x01, 0x02, 0x10, 0xfd, 0xfe, 0xff}) {
        const auto walked = vault->walk(shard, [&](const PliId& pli, const std::string& sha256) {
            found.insert(pli.str() + sha256);
            return true;
        });
        ASSERT_TRUE(walked) << walked.error().message;
    }
    EXPECT_EQ(found, expected);
    int seen = 0;
    ASSERT_TRUE(vault->walk(0x01, [&](const PliId&, const std::string&) { return ++seen < 2; }));
    EXPECT_EQ(seen, 2) << "the visitor said that it was enough";
}

// What a copy on this machine would hide.
TEST_P(VaultConformance, ChecksTheStoredBytesThemselves) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const auto stored = put(*vault, kPli, "page");
    ASSERT_TRUE(stored);
    ::close(vault->open(kPli, stored->sha256).value());
    EXPECT_TRUE(vault->check(kPli, stored->sha256));
    store->flip_a_bit(kPli, stored->sha256);
    const auto checked = vault->check(kPli, stored->sha256);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::Invalid);
    EXPECT_EQ(checked.error().code, "FILE_ALTERED");
    EXPECT_EQ(vault->check(kOtherPli, stored->sha256).error().code, "FILE_MISSING");
}

TEST_P(VaultConformance, RefusesToGiveAnAlteredFile) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const auto stored = put(*vault, kPli, "page");
    ASSERT_TRUE(stored);
    store->flip_a_bit(kPli, stored->sha256);
    const auto fd = vault->open(kPli, stored->sha256);
    ASSERT_FALSE(fd);
    EXPECT_EQ(fd.error().kind, ErrorKind::Invalid);
    EXPECT_EQ(fd.error().code, "FILE_ALTERED");
}

TEST_P(VaultConformance, PuttingAgainRestoresAnAlteredFile) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    const auto stored = put(*vault, kPli, "page");
    ASSERT_TRUE(stored);
    store->flip_a_bit(kPli, stored->sha256);
    ASSERT_TRUE(put(*vault, kPli, "page"));
    const auto fd = vault->open(kPli, stored->sha256);
    ASSERT_TRUE(fd) << fd.error().message;
    EXPECT_EQ(bytes_of(*fd), "page");
    ::close(*fd);
}

TEST_P(VaultConformance, TakesTheSameFilesFromManyThreads) {
    const auto store = GetParam().make();
    const auto vault = store->open();
    std::vector<std::thread> threads;
    std::atomic<int> kept{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (unsigned n = 0; n < 8; ++n) kept += put(*vault, kPli, random_bytes(5'000, n)).has_value() ? 1 : 0;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(kept, 32);
    for (unsigned n = 0; n < 8; ++n) {
        const auto fd = vault->open(kPli, sha256_hex(random_bytes(5'000, n)));
        ASSERT_TRUE(fd);
        ::close(*fd);
    }
}

}  // namespace
}  // namespace pleiade::vault
