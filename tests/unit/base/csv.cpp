#include "common/base/csv.h"

#include <gtest/gtest.h>

namespace pleiade {
namespace {

TEST(Csv, ReadsRowsByHeaderWhateverTheOrderOfColumns) {
    const auto table = CsvTable::parse("t.csv", "b;a;more\n# a comment\n\n 2 ;1;x\r\n4;3;\n", {"a", "b"});
    ASSERT_TRUE(table) << table.error().message;
    ASSERT_EQ((*table)->rows().size(), 2u);
    EXPECT_EQ((*table)->rows()[0]["a"], "1");
    EXPECT_EQ((*table)->rows()[0]["b"], "2");
    EXPECT_EQ((*table)->rows()[1]["more"], "");
    EXPECT_EQ((*table)->rows()[0].line(), 4);
}

TEST(Csv, SaysWhereACellStands) {
    const auto table = CsvTable::parse("t.csv", "a;b\nxx;yy\n", {"a"});
    ASSERT_TRUE(table);
    const auto& cell = (*table)->rows()[0].at("b");
    EXPECT_EQ(cell.line, 2);
    EXPECT_EQ(cell.column, 4);
    const tl::unexpected<Error> error = (*table)->error_at(cell, "is wrong");
    EXPECT_EQ(error.value().message, "t.csv:2:4: is wrong");
    EXPECT_EQ(error.value().code, "CONFIG_INVALID");
    EXPECT_EQ(error.value().kind, ErrorKind::Invalid);
}

TEST(Csv, RefusesAMissingColumnAndARowOfAnotherWidth) {
    const auto missing = CsvTable::parse("t.csv", "a;b\n", {"a", "c"});
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("t.csv:1:1:"), std::string::npos);
    EXPECT_NE(missing.error().message.find("c"), std::string::npos);

    const auto narrow = CsvTable::parse("t.csv", "a;b\n1;2\n3\n", {"a"});
    ASSERT_FALSE(narrow);
    EXPECT_NE(narrow.error().message.find("t.csv:3:1:"), std::string::npos);

    const auto empty = CsvTable::parse("t.csv", "# only a comment\n", {});
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, "CONFIG_INVALID");
}

TEST(Csv, SkipsTheMarkThatSpreadsheetsPutFirst) {
    const auto table = CsvTable::parse("t.csv",
                                       "\xEF\xBB\xBF"
                                       "a\n1\n",
                                       {"a"});
    ASSERT_TRUE(table);
    EXPECT_EQ((*table)->rows()[0]["a"], "1");
}

TEST(Csv, SplitsListsAndDropsEmptyItems) {
    const auto table = CsvTable::parse("t.csv", "a\none| two ||three|\n", {"a"});
    ASSERT_TRUE(table);
    EXPECT_EQ((*table)->rows()[0].list("a"), (std::vector<std::string>{"one", "two", "three"}));
}

TEST(Csv, SplitsAndTrims) {
    EXPECT_EQ(split("a;;b", ';'), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(split("", ';'), std::vector<std::string>{""});
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim("  "), "");
}

}  // namespace
}  // namespace pleiade
