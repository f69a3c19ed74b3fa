// The POSIX adapter: the conformance suite, and what is its own (layout, modes, full disk, failed sync).
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/vault/layout.h"
#include "common/vault/open.h"
#include "common/vault/posix/sync.h"
#include "tests/unit/vault/conformance.h"

namespace pleiade::vault {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "pleiade-vault-XXXXXX").string();
        PLEIADE_CHECK(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~TemporaryFolder() { fs::remove_all(path_); }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

class PosixUnderTest final : public VaultUnderTest {
  public:
    std::unique_ptr<Vault> open() override { return open_posix_vault(folder_.path() + "/home/vault/"); }
    void flip_a_bit(const PliId& pli, const std::string& sha256) override {
        const auto path = folder_.path() + "/home/vault/" + place_of(pli, sha256);
        fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        const int byte = file.get();
        file.seekp(0);
        file.put(static_cast<char>(byte ^ 1));
    }
    PosixUnderTest() { fs::create_directory(folder_.path() + "/home"); }

  private:
    TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Posix, VaultConformance,
                         testing::Values(Adapter{"posix", [] { return std::make_unique<PosixUnderTest>(); }}),
                         [](const auto& adapter) { return adapter.param.name; });

TEST(PosixVault, LaysFilesOutByPliAndLeavesNothingElse) {
    const TemporaryFolder home;
    const auto vault = open_posix_vault(home.path());
    const int fd = file_with("page");
    const auto stored = vault->put(kPli, fd, "../../etc/passwd");
    ::close(fd);
    ASSERT_TRUE(stored);
    const auto path = home.path() + "/01/" + kPli.str() + "/" + sha256_hex("page");
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0400u);
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(home.path())) files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, 1);
}

TEST(PosixVault, DoesNotFollowALinkPutInItsPlace) {
    const TemporaryFolder home;
    const auto vault = open_posix_vault(home.path());
    const auto path = home.path() + "/" + place_of(kPli, sha256_hex("page"));
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(home.path() + "/outside") << "page";
    fs::create_symlink(home.path() + "/outside", path);
    EXPECT_FALSE(vault->open(kPli, sha256_hex("page")));
}

TEST(PosixVaultDeathTest, AFailedSyncStopsTheProcess) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    EXPECT_DEATH(sync_or_abort(ends[0], "a pipe"), "fsync of a pipe failed");  // a pipe cannot be synced: EINVAL
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace
}  // namespace pleiade::vault
