// The example consumer of deploy/examples, as a métier team would run it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

namespace fs = std::filesystem;
using fake::document_id;
using fake::DocumentBuilder;

class Consumer : public testing::Test {
  protected:
    void SetUp() override {
        for (int pli = 1; pli <= 12; ++pli) {
            harness.desk.add(DocumentBuilder(pli, 1, pli == 5 ? "RIB" : "AAT")
                                 .pages({1, 2})
                                 .to("595", "IJ", "P1", pli == 7 ? std::vector<int>{} : std::vector<int>{2})
                                 .copy("595", "ELSM", {1, 2})
                                 .build());
        }
        std::string name = (fs::temp_directory_path() / "pleiade-consumer-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        std::ofstream(folder / "key.txt") << harness.desk.people.make_key("595", "IJ") << "\n";
    }
    void TearDown() override { fs::remove_all(folder); }

    int run(const std::string& more) {
        const char* source = std::getenv("PLEIADE_SOURCE");
        const std::string command =
            "python3 " + std::string(source != nullptr ? source : ".") +
            "/deploy/examples/consumer/consumer.py --url http://127.0.0.1:" + std::to_string(harness.port()) +
            " --caisse 595 --service IJ --folder " + folder.string() + " --key-file " + (folder / "key.txt").string() +
            " " + more + " 2>&1";
        FILE* pipe = ::popen(command.c_str(), "r");
        char buffer[4096];
        while (const auto n = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, n);
        const int status = ::pclose(pipe);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string state_of(int pli) {
        return std::string(harness.get("/api/v1/documents/" + document_id(pli, 1)).json().at("state").as_string());
    }

    Harness harness;
    fs::path folder;
    std::string output;
};

TEST_F(Consumer, EmptiesItsQueueAndKeepsPdfAndIndex) {
    ASSERT_EQ(run(""), 0) << output;
    EXPECT_NE(output.find("12 documents"), std::string::npos) << output;
    for (int pli = 1; pli <= 12; ++pli) {
        EXPECT_EQ(state_of(pli), "CLOSED");
        EXPECT_TRUE(fs::exists(folder / (document_id(pli, 1) + ".json")));
        EXPECT_EQ(fs::exists(folder / (document_id(pli, 1) + ".pdf")), pli != 7)
            << "without a page to see, the index alone";
    }
    EXPECT_EQ(run(""), 0);
}

TEST_F(Consumer, ReturnsWhatItDoesNotKnow) {
    ASSERT_EQ(run("--return AAT"), 0) << output;
    EXPECT_EQ(state_of(5), "RETURNED");
    EXPECT_EQ(state_of(6), "CLOSED");
}

TEST_F(Consumer, SaysWhatTheGatewayRefused) {
    harness.desk.fail_with(Error{ErrorKind::Unavailable, "HUB_UNREACHABLE", "away"});
    EXPECT_EQ(run(""), 1);
    EXPECT_NE(output.find("HUB_UNREACHABLE: "), std::string::npos) << output;
}

}  // namespace

}  // namespace pleiade::gateway
