#include "services/hub/vault_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/sha256.h"
#include "common/vault/layout.h"
#include "common/vault/open.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::hub {
namespace {

using std::chrono::milliseconds;

constexpr int kPlis = 40;

// Stepped while the watch's thread looks at it.
class DayClock final : public Clock {
  public:
    WallTime now() const override { return WallTime{std::chrono::hours{24} * day_.load()}; }
    MonotonicTime monotonic() const override { return {}; }
    void next_day() { ++day_; }

  private:
    std::atomic<int> day_{20'000};
};

class VaultWatched : public testing::Test {
  protected:
    VaultWatched() {
        for (int i = 0; i < kPlis; ++i) {
            test::write_file(folder_ / "scan", "page " + std::to_string(i));
            const int fd = ::open((folder_ / "scan").c_str(), O_RDONLY | O_CLOEXEC);
            const PliId pli(sha256_hex(std::to_string(i)).substr(0, 32));
            const auto stored = vault_->put(pli, fd, "scan").value();
            paths_.push_back(folder_ / "vault" + "/" + vault::place_of(pli, stored.sha256));
            ::close(fd);
        }
    }
    // All days of a turn pass, one after the other.
    void watch_one_turn() {
        const VaultWatchOptions options{.days = 5, .pace = milliseconds{0}, .look_every = milliseconds{50}};
        VaultWatch watch(*vault_, options, clock_, registry_);
        for (int day = 0; day < 5; ++day) {
            std::this_thread::sleep_for(milliseconds{400});
            clock_.next_day();
        }
        std::this_thread::sleep_for(milliseconds{400});
        read_ = watch.read();
        altered_ = watch.altered();
        ready_ = watch.readiness().ok;
    }

    test::TemporaryFolder folder_;
    std::unique_ptr<vault::Vault> vault_ = vault::open_posix_vault(folder_ / "vault");
    DayClock clock_;
    prometheus::Registry registry_;
    std::vector<std::string> paths_;
    std::uint64_t read_ = 0;
    std::uint64_t altered_ = 0;
    bool ready_ = false;
};

TEST_F(VaultWatched, IsReadWholeWithinItsDaysAndFoundWhole) {
    watch_one_turn();
    EXPECT_GE(read_, kPlis);
    EXPECT_EQ(altered_, 0u);
    EXPECT_TRUE(ready_);
}

TEST_F(VaultWatched, AlarmsOnOneAlteredByte) {
    ::chmod(paths_[7].c_str(), 0600);
    test::write_file(paths_[7], "page x");
    watch_one_turn();
    EXPECT_GE(altered_, 1u);
    EXPECT_FALSE(ready_);
}

}  // namespace
}  // namespace pleiade::hub
