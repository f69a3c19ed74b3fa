// The file of a registered form, and the folder that holds them.
#include "services/reader/forms/form_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>

#include "services/reader/forms/blank_files.h"
#include "services/reader/forms/form_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader::forms {
namespace {

using testing::HasSubstr;

constexpr const char* kGood = R"(type = "AAT"
cerfa = "10170"
version = "07"
reference = "S3116h"
page = 1
volet = 2
size_mm = [210, 297]

[[zone]]
name = "nir"
kind = "comb"
box = [50, 40, 75, 5]
cells = 15

[[zone]]
name = "avis_initial"
kind = "tick"
box = [20, 60, 4, 4]
group = "nature"
)";

std::vector<std::string> errors_of(std::string text) {
    std::vector<Error> errors;
    const auto form = parse_form(text, "aat.toml", shipped_nomenclature(), errors);
    EXPECT_EQ(form.has_value(), errors.empty());
    std::vector<std::string> messages;
    for (const auto& error : errors) messages.push_back(error.message);
    return messages;
}

std::string with(std::string text, const std::string& old, const std::string& fresh) {
    const auto at = text.find(old);
    EXPECT_NE(at, std::string::npos);
    return text.replace(at, old.size(), fresh);
}

TEST(FormFile, GivesTheFormAndTheCellsOfItsCombs) {
    std::vector<Error> errors;
    const auto form = parse_form(kGood, "folder/aat-07.toml", shipped_nomenclature(), errors);
    ASSERT_TRUE(form);
    EXPECT_EQ(form->id, "aat-07");
    EXPECT_EQ(form->type, "AAT");
    EXPECT_EQ(form->volet, 2);
    ASSERT_EQ(form->zones.size(), 2u);
    ASSERT_EQ(form->zones[0].cell_starts.size(), 15u);
    EXPECT_DOUBLE_EQ(form->zones[0].cell_starts[14], 120);
    EXPECT_DOUBLE_EQ(form->zones[0].cell_width, 5);
    EXPECT_EQ(form->zones[1].group, "nature");
    EXPECT_EQ(form->title(), "AAT 10170*07 S3116h page 1");
}

TEST(FormFile, ReadsFractionsOfThePage) {
    auto text = with(kGood, "page = 1", "page = 1\nunit = \"fraction\"");
    text = with(text, "[50, 40, 75, 5]", "[0.5, 0.1, 0.25, 0.02]");
    text = with(text, "[20, 60, 4, 4]", "[0.1, 0.2, 0.02, 0.01]");
    std::vector<Error> errors;
    const auto form = parse_form(text, "a.toml", shipped_nomenclature(), errors);
    ASSERT_TRUE(form);
    EXPECT_DOUBLE_EQ(form->zones[0].box.x, 105);
    EXPECT_DOUBLE_EQ(form->zones[0].box.y, 29.7);
}

TEST(FormFile, IsReadBackAsItWasWritten) {
    std::vector<Error> errors;
    auto form = parse_form(kGood, "aat.toml", shipped_nomenclature(), errors);
    ASSERT_TRUE(form);
    form->notice = true;
    const auto text = write_form(*form, "a comment");
    const auto again = parse_form(text, "aat.toml", shipped_nomenclature(), errors);
    ASSERT_TRUE(again) << errors.front().message;
    EXPECT_EQ(write_form(*again, "a comment"), text);
    EXPECT_TRUE(again->notice);
    EXPECT_EQ(again->zones[0].cell_starts.size(), 15u);
}

TEST(FormFile, NamesLineAndColumnOfEachMistake) {
    EXPECT_THAT(errors_of("type = \"AAT\nsize_mm = 1"), testing::ElementsAre(HasSubstr("aat.toml:1:")));
    EXPECT_THAT(errors_of(with(kGood, "\"AAT\"", "\"NOPE\"")),
                testing::ElementsAre(HasSubstr("aat.toml:1:8: the nomenclature has no type «NOPE»")));
    EXPECT_THAT(errors_of(with(kGood, "[50, 40, 75, 5]", "[150, 40, 75, 5]")),
                testing::ElementsAre(HasSubstr("aat.toml:12:7: this zone lies outside the page")));
    EXPECT_THAT(errors_of(with(kGood, "avis_initial", "nir")),
                testing::ElementsAre(HasSubstr("the zone «nir» is named twice, first in line 10")));
    EXPECT_THAT(errors_of(with(kGood, "\"tick\"", "\"checkbox\"")), testing::ElementsAre(HasSubstr("aat.toml:17:8")));
    EXPECT_THAT(errors_of(with(kGood, "cells = 15", "")), testing::ElementsAre(HasSubstr("how many «cells»")));
    EXPECT_THAT(errors_of(with(kGood, "group", "grp")),
                testing::ElementsAre(HasSubstr("no key of a zone is called «grp»")));
    EXPECT_THAT(errors_of(with(kGood, "\"10170\"", "10170")), testing::ElementsAre(HasSubstr("aat.toml:2:9")));
    EXPECT_THAT(errors_of(with(kGood, "[210, 297]", "[210, 29700]")), testing::ElementsAre(HasSubstr("aat.toml:7:11")));
    EXPECT_THAT(errors_of("page = 1"),
                testing::ElementsAre(HasSubstr("«type» is missing"), HasSubstr("«size_mm» is missing")));
}

TEST(FormFile, TellsEveryMistakeAtOnce) {
    const auto text = with(with(with(kGood, "\"07\"", "\"a b\""), "\"comb\"", "1"), "[20, 60, 4, 4]", "[20, 60, 4]");
    EXPECT_EQ(errors_of(text).size(), 3u);
}

TEST(BlankFiles, AreReadBackBitByBit) {
    BlankPrint print{cv::Mat(13, 21, CV_8UC1, cv::Scalar(0)), cv::Mat(13, 21, CV_8UC1, cv::Scalar(255))};
    print.sure.at<std::uint8_t>(3, 20) = 255;
    print.sure.at<std::uint8_t>(12, 0) = 255;
    const auto bytes = write_print(print);
    const auto again = parse_print(bytes, "a.pbm");
    ASSERT_TRUE(again);
    EXPECT_EQ(cv::countNonZero(again->sure != print.sure), 0);
    EXPECT_EQ(cv::countNonZero(again->all != print.all), 0);
    EXPECT_FALSE(parse_print(bytes + "x", "a.pbm"));
    EXPECT_FALSE(parse_print(bytes.substr(0, bytes.size() / 2), "a.pbm"));
    EXPECT_FALSE(parse_print(bytes.substr(0, bytes.size() - 1), "a.pbm"));
    EXPECT_FALSE(parse_print("P4\n100000 100000\n", "a.pbm"));
    EXPECT_FALSE(parse_print("P5\n1 1\n255\nx", "a.pbm"));
    EXPECT_FALSE(parse_print("", "a.pbm"));

    const std::vector<PrintedWord> words = {{"arrêt", {10, 20, 30, 4}, 1, 0}, {"n°", {45, 20, 5, 4}, 1, 0}};
    const auto read = parse_words(write_words(words), "a.words");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 2u);
    EXPECT_EQ(read->front().text, "arrêt");
    EXPECT_FALSE(parse_words("x\ty\n", "a.words"));
    const auto wrong = parse_words(write_words(words) + "1\t2\tnan\t4\t0\t1\tmot\n", "a.words");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("a.words:4:5"));
}

class FormFolderTest : public testing::Test {
  protected:
    void put(const std::string& name, const std::string& bytes) {
        std::ofstream((folder_.path() / name), std::ios::binary) << bytes;
    }
    void put_form(const std::string& name, const std::string& toml) {
        cv::Mat ink(1754, 1240, CV_8UC1, cv::Scalar(0));
        cv::rectangle(ink, {100, 100}, {900, 900}, cv::Scalar(255), 3);
        put(name + ".pbm", write_print({ink, ink}));
        put(name + ".toml", toml);
    }
    FormFolder load() { return load_form_folder(folder_.path().string(), shipped_nomenclature()); }

    test::TemporaryFolder folder_;
};

TEST_F(FormFolderTest, HoldsNoFormsWhenItIsNotThere) {
    const auto found = load_form_folder((folder_.path() / "nowhere").string(), shipped_nomenclature());
    EXPECT_TRUE(found.forms.empty());
    EXPECT_TRUE(found.errors.empty());
    EXPECT_EQ(state_of_folder((folder_.path() / "nowhere").string()), 0u);
}

TEST_F(FormFolderTest, LeavesOutWhatIsWrongAndSaysWhy) {
    put_form("good", kGood);
    put_form("twice", kGood);
    put("broken.toml", "type = ");
    put("imageless.toml", with(kGood, "page = 1", "page = 2"));
    put_form("other_size", with(with(kGood, "page = 1", "page = 3"), "[210, 297]", "[297, 210]"));
    const auto found = load();
    ASSERT_EQ(found.forms.size(), 1u);
    EXPECT_EQ(found.forms[0].form.id, "good");
    std::vector<std::string> messages;
    for (const auto& error : found.errors) messages.push_back(error.message);
    EXPECT_THAT(messages,
                testing::ElementsAre(HasSubstr("broken.toml:1:"), HasSubstr("its image imageless.pbm is not there"),
                                     HasSubstr("«size_mm» says 297"),
                                     HasSubstr("the same page of the same form as good.toml")));
}

TEST_F(FormFolderTest, ShowsThatItChanged) {
    put_form("a", kGood);
    const auto before = state_of_folder(folder_.path().string());
    EXPECT_EQ(state_of_folder(folder_.path().string()), before);
    put_form("b", with(kGood, "page = 1", "page = 2"));
    EXPECT_NE(state_of_folder(folder_.path().string()), before);
}

TEST_F(FormFolderTest, SavesAFormOnceUnlessToldToReplaceIt) {
    put_form("good", kGood);
    auto form = load().forms.at(0);
    form.form.id = "saved";
    form.form.page = 4;
    const auto folder = (folder_.path() / "new").string();
    ASSERT_TRUE(save_form(folder, form, "from a test", false));
    const auto again = save_form(folder, form, "from a test", false);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "FORM_EXISTS");
    EXPECT_TRUE(save_form(folder, form, "from a test", true));
    const auto found = load_form_folder(folder, shipped_nomenclature());
    ASSERT_EQ(found.forms.size(), 1u);
    EXPECT_EQ(found.forms[0].form.page, 4);
}

}  // namespace
}  // namespace pleiade::reader::forms
