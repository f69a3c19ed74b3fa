// Real barcodes: how many must be read as the text beside them says, and how many may be read as something else. The
// counts may only get better. The webp files of the collection are not among our formats and are left out.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "common/base/csv.h"
#include "common/vision/decode.h"
#include "tests/unit/decoder/shared_data.h"

namespace pleiade::golden {
namespace {

constexpr int kReadMin = 20;
constexpr int kMisreadMax = 1;

struct Sample {
    std::string file;
    std::string text;
};

std::vector<Sample> samples() {
    std::vector<Sample> found;
    for (const std::string& file : files_of("codes_barres")) {
        if (!file.ends_with(".png") || file.find("falsepositives") != std::string::npos) continue;
        auto text = shared_data() / file;
        text.replace_extension(".txt");
        std::ifstream in(text, std::ios::binary);
        if (!in) continue;
        found.push_back({file, std::string(std::istreambuf_iterator<char>(in), {})});
    }
    return found;
}

TEST(Barcodes, AreReadAtLeastAsOftenAsBeforeAndHardlyEverWrongly) {
    PLEIADE_NEEDS_SHARED_DATA("codes_barres");
    const auto all = samples();
    ASSERT_FALSE(all.empty());
    std::vector<int> read(all.size(), 0);
    std::vector<int> misread(all.size(), 0);
    for_each_in_pairs(all.size(), [&](std::size_t i) {
        const auto decoded = vision::decode_file((shared_data() / all[i].file).string());
        ASSERT_TRUE(decoded) << all[i].file << " " << decoded.error().code;
        for (const Code& code : decoded->pages.front().codes) {
            (trim(code.text) == trim(all[i].text) ? read[i] : misread[i]) = 1;
        }
    });
    int right = 0;
    int wrong = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        right += read[i];
        wrong += misread[i];
        if (read[i] == 0) std::cout << (misread[i] == 0 ? "not read: " : "misread: ") << all[i].file << "\n";
    }
    std::cout << right << " of " << all.size() << " read, " << wrong << " misread\n";
    EXPECT_GE(right, kReadMin);
    EXPECT_LE(wrong, kMisreadMax);
}

TEST(Barcodes, AreNotSeenWhereThereAreNone) {
    PLEIADE_NEEDS_SHARED_DATA("codes_barres");
    for (const std::string& file : files_of("codes_barres/zxing_falsepositives-1")) {
        if (!file.ends_with(".png")) continue;
        const auto decoded = vision::decode_file((shared_data() / file).string());
        ASSERT_TRUE(decoded) << file;
        EXPECT_TRUE(decoded->pages.front().codes.empty()) << file;
    }
}

}  // namespace
}  // namespace pleiade::golden
