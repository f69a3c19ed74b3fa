// The table of formats (tests/golden/images/expected.csv): for each real file, that it is read with so many pages, or
// the code that it gets and why.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "common/base/csv.h"
#include "common/vision/decode.h"
#include "tests/unit/decoder/shared_data.h"

namespace pleiade::golden {
namespace {

struct Outcome {
    std::string outcome;
    std::string pages;
    bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& o) {
    return out << o.outcome << " " << o.pages;
}

std::map<std::string, Outcome> table() {
    std::ifstream in(source_folder() / "tests/golden/images/expected.csv");
    std::stringstream text;
    text << in.rdbuf();
    const auto parsed = CsvTable::parse("expected.csv", text.str(), {"file", "outcome", "pages", "why"});
    EXPECT_TRUE(parsed) << parsed.error().message;
    std::map<std::string, Outcome> rows;
    if (!parsed) return rows;
    for (const CsvRow& row : (*parsed)->rows()) {
        rows[row["file"]] = {row["outcome"], row["pages"]};
        if (row["outcome"] != "read") EXPECT_FALSE(row["why"].empty()) << row["file"];
    }
    return rows;
}

TEST(Formats, AreReadOrRefusedAsTheTableSays) {
    PLEIADE_NEEDS_SHARED_DATA("formats_tiff");
    std::vector<std::string> files = files_of("formats_tiff");
    for (std::string& file : files_of("scan_qualite")) files.push_back(std::move(file));
    const auto expected = table();
    EXPECT_EQ(files.size(), expected.size()) << "the table names files that are not there";

    std::vector<Outcome> found(files.size());
    for_each_in_pairs(files.size(), [&](std::size_t i) {
        vision::DecodeOptions options;
        options.codes = false;
        const auto decoded = vision::decode_file((shared_data() / files[i]).string(), options);
        found[i] =
            decoded ? Outcome{"read", std::to_string(decoded->pages.size())} : Outcome{decoded.error().code, "0"};
        if (!decoded) return;
        for (const vision::PageImage& page : decoded->pages) {
            if (page.grey.empty()) found[i].outcome = "a page without pixels";
        }
    });
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto row = expected.find(files[i]);
        if (row == expected.end()) {
            ADD_FAILURE() << files[i] << " is not in the table: " << found[i];
        } else {
            EXPECT_EQ(found[i], row->second) << files[i];
        }
    }
}

}  // namespace
}  // namespace pleiade::golden
