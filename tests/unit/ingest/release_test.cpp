#include "services/ingest/release.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "services/ingest/durable_file.h"
#include "tests/unit/ingest/fakes.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

// A lot of two plis, the second rejected.
LotReport report_of(const std::string& lot) {
    LotReport report;
    report.lot = lot;
    report.content_sha256 = "00";
    report.at = "2026-11-20T06:11:02Z";
    report.announced_plis = 2;
    PliOutcome taken;
    taken.pli = "0001";
    taken.pli_id = "0123456789abcdef0123456789abcdef";
    taken.pages = 2;
    taken.files = {{"00", 12, "0001.tif"}};
    PliOutcome refused;
    refused.pli = "0002";
    refused.rejection = Error{ErrorKind::Invalid, "REJ_FILE_CORRUPT", "said so"};
    refused.rejected_file = "0002.tif";
    refused.present = {"0002.tif"};
    report.plis = {taken, refused};
    return report;
}

class Release : public testing::Test {
  protected:
    void plan(const std::string& name, const std::string& source) {
        fs::create_directories(home / "plans");
        const auto planned = plan_release(report_of("L1"), source, folders, home / "plans", name);
        ASSERT_TRUE(planned) << planned.error().message;
    }
    Result<bool> carry_out(const std::string& name) { return carry_out_release(folders, home / "plans", name); }

    const TemporaryHome home;
    const ReleaseFolders folders{home / "done", home / "rejected"};
};

TEST_F(Release, PlansWithoutTouchingAnythingAndThenDoesWhatThePlanSays) {
    plan("a", drop_lot(home / "inbox", "L1", 2));
    EXPECT_FALSE(exists(home / "done/L1"));
    EXPECT_FALSE(exists(home / "rejected/L1"));
    ASSERT_TRUE(carry_out("a"));
    EXPECT_EQ(files_under(home / "done"), (Names{"L1/0001.tif", "L1/lot.json", "L1/report.json"}));
    EXPECT_EQ(files_under(home / "rejected"), (Names{"L1/0002/0002.tif", "L1/0002/rejection.json"}));
    EXPECT_EQ(files_under(home / "plans"), Names{});
}

TEST_F(Release, TakesTheNextNameWhenSomebodyWasFaster) {
    plan("a", drop_lot(home / "inbox", "L1", 2));
    fs::create_directories(home / "second");
    plan("b", drop_lot(home / "second", "L1", 2));  // both chose done/L1 and rejected/L1/0002
    ASSERT_TRUE(carry_out("a"));
    const auto left = carry_out("b");
    ASSERT_TRUE(left) << left.error().message;
    EXPECT_EQ(files_under(home / "done"), (Names{"L1/0001.tif", "L1/lot.json", "L1/report.json", "L1~2/0001.tif",
                                                 "L1~2/lot.json", "L1~2/report.json"}));
    EXPECT_EQ(files_under(home / "rejected"),
              (Names{"L1/0002/0002.tif", "L1/0002/rejection.json", "L1/0002~2/0002.tif", "L1/0002~2/rejection.json"}));
    EXPECT_EQ(files_under(home / "plans"), Names{});
}

TEST_F(Release, NeverMovesIntoAFolderThatItDidNotMakeHoweverEmpty) {
    plan("a", drop_lot(home / "inbox", "L1", 2));
    fs::create_directories(home / "done/L1");
    fs::create_directories(home / "rejected/L1/0002");
    ASSERT_TRUE(carry_out("a"));
    EXPECT_EQ(files_under(home / "done"), (Names{"L1~2/0001.tif", "L1~2/lot.json", "L1~2/report.json"}));
    EXPECT_EQ(files_under(home / "rejected"), (Names{"L1/0002~2/0002.tif", "L1/0002~2/rejection.json"}));
}

TEST_F(Release, SaidAgainAfterItWasDoneMovesNothingMore) {
    const auto lot = drop_lot(home / "inbox", "L1", 2);
    plan("a", lot);
    const auto text = read_text(home / "plans/a");
    ASSERT_TRUE(carry_out("a"));
    const auto done = files_under(home / "done"), rejected = files_under(home / "rejected");
    write_file(home / "plans/a", text);  // killed before the plan was removed
    ASSERT_TRUE(carry_out("a"));
    EXPECT_EQ(files_under(home / "done"), done);
    EXPECT_EQ(files_under(home / "rejected"), rejected);
}

TEST_F(Release, KeepsASourceThatBearsTheNameOfOurReport) {
    const auto folder = drop_lot(home / "inbox", "L1", 2);
    write_file(folder + "/report.json", "the scanner's own");
    plan("a", folder);
    ASSERT_TRUE(carry_out("a"));
    EXPECT_EQ(read_text(home / "done/L1/received-report.json"), "the scanner's own");
    EXPECT_TRUE(report_from_json(read_text(home / "done/L1/report.json")));
}

TEST(LotReport, ComesBackAsItWasWritten) {
    const auto report = report_of("L1");
    const auto read = report_from_json(to_json(report));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), to_json(report));
    EXPECT_EQ(read->registered(), 1);
    EXPECT_EQ(read->rejected(), 1);
    EXPECT_EQ(read->pages(), 2);
    EXPECT_FALSE(report_from_json("{"));
    EXPECT_FALSE(report_from_json("{}"));
}

TEST(LotReport, NamesALooseFileInLogsByItsDigitsOnly) {
    EXPECT_EQ(log_name("courrier de Mme Martin-0a1b2c3d", true), "loose-0a1b2c3d");
    EXPECT_EQ(log_name("20261120-595-0001", false), "20261120-595-0001");
}

}  // namespace
}  // namespace pleiade::ingest
