// kill -9 at every crash point of vault and ingest, one after the other, then again at the second passage: restarted
// until it finishes, ingest has registered each pli once, lost nothing and left nothing half moved.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "common/base/sha256.h"
#include "common/vault/open.h"
#include "services/ingest/registration_key.h"
#include "tests/unit/ingest/fakes.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHomeVariable = "PLEIADE_TEST_HOME";
constexpr const char* kRunOnce = "CrashedIngester.DISABLED_RunsOnce";
constexpr int kLivesMax = 6;

// The life of one process: this program again, with the crash point in its environment. Its exit status.
int live(const std::string& home, const std::string& failpoints) {
    const auto child = ::fork();
    if (child == 0) {
        ::setenv(kHomeVariable, home.c_str(), 1);
        if (failpoints.empty()) {
            ::unsetenv("PLEIADE_FAILPOINTS");
        } else {
            ::setenv("PLEIADE_FAILPOINTS", failpoints.c_str(), 1);
        }
        const int nothing = ::open("/dev/null", O_WRONLY);
        ::dup2(nothing, STDOUT_FILENO);
        ::dup2(nothing, STDERR_FILENO);
        const auto filter = std::string("--gtest_filter=") + kRunOnce;
        ::execl("/proc/self/exe", "test_ingest", "--gtest_also_run_disabled_tests", filter.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

TEST(CrashedIngester, DISABLED_RunsOnce) {
    const char* home = std::getenv(kHomeVariable);
    ASSERT_NE(home, nullptr) << "only run by the other tests";
    Bench bench(home);
    bench.hub = FakeHub(std::string(home) + "/hub");
    const auto ingester = bench.open();
    ASSERT_NE(ingester, nullptr);
    bench.run(*ingester, 6);
}

// Two lots, one with a bad file, and a loose file of two plis: six plis to register, one to reject.
void drop_mail(const TemporaryHome& home) {
    drop_lot(home / "inbox", "L1", 2);
    const auto folder = drop_lot(home / "inbox", "L2", 3);
    write_file(folder + "/0002.tif", "REJ_FILE_CORRUPT");
    write_file(home / "inbox/scan.pdf", "PAGES 4 SEP 3");
}

void expect_nothing_lost(const TemporaryHome& home) {
    const FakeHub hub(home / "hub");  // complains of what was said twice
    EXPECT_EQ(hub.registered.size(), 6u);
    EXPECT_EQ(hub.rejected.size(), 1u);
    EXPECT_EQ(files_under(home / "inbox"), std::vector<std::string>{});
    const auto scan = "scan-" + sha256_hex("PAGES 4 SEP 3").substr(0, 8);
    std::vector<std::string> done = {"L1/0001.tif",         "L1/0002.tif",     "L1/lot.json", "L1/report.json",
                                     "L2/0001.tif",         "L2/0003.tif",     "L2/lot.json", "L2/report.json",
                                     scan + "/report.json", scan + "/scan.pdf"};
    EXPECT_EQ(files_under(home / "done"), done);
    EXPECT_EQ(files_under(home / "rejected"), (std::vector<std::string>{"L2/0002/0002.tif", "L2/0002/rejection.json"}));
    const auto vault = vault::open_posix_vault(home / "vault");
    for (const auto& file : files_under(home / "vault")) {
        const fs::path path(file);
        const auto fd = vault->open(PliId(path.parent_path().filename().string()), path.filename().string());
        EXPECT_TRUE(fd) << file;
        if (fd) ::close(*fd);
    }
    EXPECT_EQ(files_under(home / "vault").size(), 6u);
}

struct Outcome {
    int crashes = 0;
    bool finished = false;
};

// Lives until one ends by itself.
Outcome restart_until_done(const TemporaryHome& home, const std::string& failpoints) {
    Outcome outcome;
    for (int life = 0; life < kLivesMax && !outcome.finished; ++life) {
        const int status = live(home.path(), life == 0 ? failpoints : "");
        if (WIFSIGNALED(status)) ++outcome.crashes;
        outcome.finished = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return outcome;
}

class CrashPoint : public testing::TestWithParam<const char*> {};

TEST_P(CrashPoint, LosesNothingAndRegistersNothingTwice) {
    for (const auto* passage : {"1", "2"}) {
        const TemporaryHome home;
        drop_mail(home);
        const auto outcome = restart_until_done(home, std::string(GetParam()) + ":crash@" + passage);
        EXPECT_TRUE(outcome.finished);
        EXPECT_EQ(outcome.crashes, 1) << "the point was not passed";
        expect_nothing_lost(home);
    }
}

INSTANTIATE_TEST_SUITE_P(All, CrashPoint,
                         testing::Values("vault.open", "vault.write", "vault.sync", "vault.before_name",
                                         "vault.before_folder_sync", "vault.after_put", "ingest.before_register",
                                         "ingest.after_registered", "ingest.before_plan", "ingest.before_release",
                                         "ingest.mid_release", "ingest.after_release"));

TEST(CrashPoints, ADiskThatFailsOrFillsOnceDelaysOnly) {
    for (const auto* failpoints : {"vault.open:enospc", "vault.write:enospc@2", "vault.before_name:eio@3",
                                   "ingest.before_register:eio@2", "ingest.after_registered:eio@4"}) {
        const TemporaryHome home;
        drop_mail(home);
        const auto outcome = restart_until_done(home, failpoints);
        EXPECT_TRUE(outcome.finished);
        EXPECT_EQ(outcome.crashes, 0) << failpoints;
        expect_nothing_lost(home);
    }
}

TEST(CrashPoints, AFailedSyncKillsTheProcessAndIsRedone) {
    const TemporaryHome home;
    drop_mail(home);
    const auto outcome = restart_until_done(home, "vault.sync:eio@7");
    EXPECT_EQ(outcome.crashes, 1);
    EXPECT_TRUE(outcome.finished);
    expect_nothing_lost(home);
}

TEST(CrashPoints, AFullDiskForeverKeepsEverySource) {
    const TemporaryHome home;
    drop_mail(home);
    live(home.path(), "vault.write:enospc@1+");
    EXPECT_EQ(files_under(home / "inbox").size(), 8u);
    EXPECT_TRUE(FakeHub(home / "hub").registered.empty());
    EXPECT_TRUE(restart_until_done(home, "").finished);
    expect_nothing_lost(home);
}

}  // namespace
}  // namespace pleiade::ingest
