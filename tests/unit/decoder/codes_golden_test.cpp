// Real barcodes (tests/golden/images/codes.csv): how many must be read, and how many may be read wrongly. The counts
// may only get better. The webp files of the collection are not among our formats and are left out.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "common/base/csv.h"
#include "common/vision/decode.h"
#include "tests/unit/decoder/shared_data.h"

namespace pleiade::golden {
namespace {

constexpr int kReadMin = PLEIADE_READ_MIN;
constexpr int kMisreadMax = PLEIADE_MISREAD_MAX;

using FileAndText = std::pair<std::string, std::string>;

std::string start_of(const std::string& text) {
    std::string start = text.substr(0, 40);
    std::replace_if(
        start.begin(), start.end(), [](unsigned char c) { return c < 0x20 || c == ';' || c == '|'; }, ' ');
    return std::string(trim(start));
}

TEST(Barcodes, AreReadAtLeastAsOftenAsBeforeAndHardlyEverWrongly) {
    PLEIADE_NEEDS_SHARED_DATA("codes_barres");
    std::ifstream in(source_folder() / "tests/golden/images/codes.csv");
    std::stringstream text;
    text << in.rdbuf();
    const auto table = CsvTable::parse("codes.csv", text.str(), {"file", "page", "symbology", "text"});
    ASSERT_TRUE(table) << table.error().message;
    std::set<std::string> expected;
    for (const CsvRow& row : (*table)->rows()) {
        expected.insert(row["file"] + " " + row["page"] + " " + row["symbology"] + " " + row["text"]);
    }

    std::vector<std::string> files;
    for (const std::string& file : files_of("codes_barres")) {
        if (!file.ends_with(".webp")) files.push_back(file);
    }
    std::vector<std::vector<std::string>> found(files.size());
    for_each_in_pairs(files.size(), [&](std::size_t i) {
        const auto decoded = vision::decode_file((shared_data() / files[i]).string());
        ASSERT_TRUE(decoded) << files[i] << " " << decoded.error().code;
        for (std::size_t page = 0; page < decoded->pages.size(); ++page) {
            for (const Code& code : decoded->pages[page].codes) {
                EXPECT_FALSE(code.box.empty()) << files[i];
                found[i].push_back(files[i].substr(std::string("codes_barres/").size()) + " " +
                                   std::to_string(page + 1) + " " + code.symbology + " " + start_of(code.text));
            }
        }
    });
    int misread = 0;
    std::set<std::string> read;
    for (std::size_t i = 0; i < files.size(); ++i) {
        for (const std::string& code : found[i]) {
            if (expected.contains(code)) {
                read.insert(code);
            } else {
                ++misread;
                std::cout << "  not in the table: " << code << "\n";
            }
            EXPECT_FALSE(files[i].find("falsepositives") != std::string::npos) << code;
        }
    }
    for (const std::string& code : expected) {
        if (!read.contains(code)) std::cout << "  not read: " << code << "\n";
    }
    std::cout << "  read " << read.size() << " of " << expected.size() << ", wrongly " << misread << "\n";
    EXPECT_GE(static_cast<int>(read.size()), kReadMin);
    EXPECT_LE(misread, kMisreadMax);
}

TEST(Barcodes, AreNotSeenOnPlainForms) {
    PLEIADE_NEEDS_SHARED_DATA("forms_sante");
    // Printed forms full of bars and boxes, none of which carries a code of ours.
    int codes = 0;
    for (const char* file : {"forms_sante/digirisk/CERFA-14463-03.pdf",
                             "forms_sante/medintux/declarationMT_12485-01.pdf", "scan_qualite/ocrmypdf/epson.pdf"}) {
        const auto decoded = vision::decode_file((shared_data() / file).string());
        ASSERT_TRUE(decoded) << file;
        for (const vision::PageImage& page : decoded->pages) {
            codes += static_cast<int>(page.codes.size());
            EXPECT_TRUE(page.codes_complete) << file;
        }
    }
    EXPECT_EQ(codes, 0);
}

}  // namespace
}  // namespace pleiade::golden
