#include "services/ingest/separators.h"

#include <gtest/gtest.h>

namespace pleiade::ingest {
namespace {

const std::vector<std::string> kPrefixes = {"PLEIADE-SEP", "PATCHT"};

// "s" a separator, "." any other page.
InspectedFile file_of(const std::string& pages) {
    InspectedFile file;
    for (const char page : pages) {
        file.pages.emplace_back();
        if (page == 's') file.pages.back().codes.push_back({"Code128", "PLEIADE-SEP-7", {}});
    }
    return file;
}

// Each pli as "first page number: kinds".
std::vector<std::string> cut(const std::string& pages) {
    std::vector<std::string> plis;
    for (const auto& pli : cut_at_separators(file_of(pages), kPrefixes)) {
        std::string text = std::to_string(pli.front().page) + ":";
        for (const auto& page : pli) {
            EXPECT_EQ(page.index, page.page - 1);
            EXPECT_EQ(page.file, 0);
            text += page.known == PageKind::Separator ? 's' : '.';
        }
        plis.push_back(text);
    }
    return plis;
}

using Plis = std::vector<std::string>;

TEST(Separators, OpenAPliAndAreListedWithIt) {
    EXPECT_EQ(cut("..."), Plis({"1:..."}));
    EXPECT_EQ(cut("s..s."), Plis({"1:s..", "4:s."}));
    EXPECT_EQ(cut(".s..s."), Plis({"1:.", "2:s..", "5:s."}));
}

TEST(Separators, MakeNoEmptyPli) {
    EXPECT_EQ(cut("ss.."), Plis({"1:ss.."}));
    EXPECT_EQ(cut("..ss."), Plis({"1:..", "3:ss."}));
    EXPECT_EQ(cut("..s"), Plis({"1:..s"}));
    EXPECT_EQ(cut("..s.ss"), Plis({"1:..", "3:s.ss"}));
    EXPECT_EQ(cut("ss"), Plis({"1:ss"}));
    EXPECT_EQ(cut("s"), Plis({"1:s"}));
}

TEST(Separators, LoseNoPageWhateverTheirOrder) {
    for (unsigned bits = 0; bits < 256; ++bits) {
        std::string pages;
        for (int i = 0; i < 8; ++i) pages += (bits >> i) & 1u ? 's' : '.';
        int next = 1;
        for (const auto& pli : cut_at_separators(file_of(pages), kPrefixes)) {
            EXPECT_FALSE(pli.empty());
            for (const auto& page : pli) EXPECT_EQ(page.page, next++);
        }
        EXPECT_EQ(next, 9);
    }
}

TEST(Separators, AreOnlyTheKnownCodesWithAKnownPrefix) {
    const auto page_with = [](const char* symbology, const char* text) {
        InspectedPage page;
        page.codes.push_back({symbology, text, {}});
        return page;
    };
    for (const auto* symbology : {"QRCode", "Code128", "Code39"}) {
        EXPECT_TRUE(is_separator(page_with(symbology, "PATCHT"), kPrefixes)) << symbology;
    }
    EXPECT_FALSE(is_separator(page_with("DataMatrix", "PATCHT"), kPrefixes));
    EXPECT_FALSE(is_separator(page_with("QRCode", "XPATCHT"), kPrefixes));
    EXPECT_FALSE(is_separator(page_with("QRCode", "anything"), {""}));
    EXPECT_TRUE(is_separator(page_with("QRCode", "COUPE-12"), {"COUPE"}));
}

}  // namespace
}  // namespace pleiade::ingest
