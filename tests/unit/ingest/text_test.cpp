#include "services/ingest/text.h"

#include <gtest/gtest.h>

namespace pleiade::ingest {
namespace {

TEST(Text, TellsWhatIsFitToBeShown) {
    EXPECT_TRUE(is_plain_text("Lettre n°1 – été.tif"));
    EXPECT_TRUE(is_plain_text("\xF0\x9F\x93\x84"));
    for (const std::string& bad :
         {std::string("a\nb"), std::string("a\0b", 3), std::string("\x7F"), std::string("\xC0\xAF"),
          std::string("\xED\xA0\x80"), std::string("\xF5\x80\x80\x80"), std::string("caf\xE9"),
          std::string("a\xE2\x80\xAE"
                      "fdp.exe"),
          std::string("\xE2\x80"), std::string("\x1B[2J")}) {
        EXPECT_FALSE(is_plain_text(bad)) << escaped(bad);
        EXPECT_TRUE(is_plain_text(escaped(bad)));
    }
}

TEST(Text, EscapesOnlyWhatIsNotPlain) {
    EXPECT_EQ(escaped("été\n"), "été\\x0A");
    EXPECT_EQ(escaped("caf\xE9.tif"), "caf\\xE9.tif");
}

TEST(Text, MakesOneFolderNameOfAnyText) {
    EXPECT_EQ(folder_name("20261120-595-0001"), "20261120-595-0001");
    EXPECT_EQ(folder_name("../../etc"), "%2E.%2F..%2Fetc");
    EXPECT_EQ(folder_name("."), "%2E");
    EXPECT_EQ(folder_name(".."), "%2E.");
    EXPECT_EQ(folder_name(""), "%");
    EXPECT_EQ(folder_name(" a b "), "%20a b%20");
    EXPECT_EQ(folder_name("été"), "été");
    EXPECT_NE(folder_name("a%2Fb"), folder_name("a/b"));
    const std::string letters = "é";
    std::string long_name;
    for (int i = 0; i < 200; ++i) long_name += letters;
    EXPECT_LE(folder_name(long_name).size(), kFolderNameBytesMax);
    EXPECT_TRUE(is_plain_text(folder_name(long_name)));
    EXPECT_NE(folder_name(long_name + "a"), folder_name(long_name + "b"));
}

}  // namespace
}  // namespace pleiade::ingest
