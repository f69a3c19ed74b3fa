// Fuzzers' files, bombs, loops, damaged and encrypted files: each gets a coded outcome, within its limits, and nothing
// happens to the program that asked.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <map>

#include "common/vision/decode.h"
#include "tests/unit/decoder/shared_data.h"

namespace pleiade::golden {
namespace {

constexpr std::array kCodes = {"REJ_FORMAT_UNKNOWN", "REJ_FILE_EMPTY", "REJ_FILE_TRUNCATED", "REJ_FILE_CORRUPT",
                               "REJ_FILE_ENCRYPTED", "REJ_TOO_LARGE",  "REJ_DECODER_LIMIT",  "REJ_DECODER_CRASH"};

std::size_t own_memory_peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

TEST(HostileFiles, EachGetACodedOutcomeWithinTheLimits) {
    PLEIADE_NEEDS_SHARED_DATA("hostile");
    const std::vector<std::string> files = files_of("hostile");
    std::vector<std::string> outcomes(files.size());
    std::vector<vision::DecodeCost> costs(files.size());
    std::vector<double> seconds(files.size());
    const vision::DecodeLimits limits;
    for_each_in_pairs(files.size(), [&](std::size_t i) {
        vision::DecodeOptions options;
        options.cost = &costs[i];
        const auto begin = std::chrono::steady_clock::now();
        const auto decoded = vision::decode_file((shared_data() / files[i]).string(), options);
        seconds[i] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        outcomes[i] = decoded ? "read" : decoded.error().code;
    });
    std::map<std::string, int> counts;
    for (std::size_t i = 0; i < files.size(); ++i) {
        ++counts[outcomes[i]];
        EXPECT_TRUE(outcomes[i] == "read" || std::find(kCodes.begin(), kCodes.end(), outcomes[i]) != kCodes.end())
            << files[i] << ": " << outcomes[i];
        // The kernel counts what the child shared with us before it became the decoder.
        EXPECT_LE(costs[i].memory_peak_bytes, std::max(limits.memory_bytes, own_memory_peak())) << files[i];
        EXPECT_LE(seconds[i], 2.0 * static_cast<double>(limits.wall.count())) << files[i];
    }
    for (const auto& [outcome, count] : counts) std::cout << "  " << outcome << ": " << count << "\n";
    EXPECT_EQ(counts["REJ_FILE_ENCRYPTED"], 4);  // those that need a password
}

TEST(HostileFiles, StayHarmlessWithAHandfulOfMemory) {
    PLEIADE_NEEDS_SHARED_DATA("hostile");
    const std::vector<std::string> files = files_of("hostile/pillow");
    ASSERT_FALSE(files.empty());
    for_each_in_pairs(files.size(), [&](std::size_t i) {
        vision::DecodeOptions options;
        options.limits.memory_bytes = 64 << 20;
        const auto decoded = vision::decode_file((shared_data() / files[i]).string(), options);
        if (!decoded) EXPECT_EQ(decoded.error().kind, ErrorKind::Invalid) << files[i] << " " << decoded.error().message;
    });
}

}  // namespace
}  // namespace pleiade::golden
