// Lines found on a page without being read, and read one by one, the most telling first.
#include "services/reader/line_reading.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "services/reader/page_reader.h"

namespace pleiade::reader {
namespace {

void print(cv::Mat& page, const std::string& text, int x, int y, double size = 0.8, int shade = 20) {
    cv::putText(page, text, {x, y}, cv::FONT_HERSHEY_DUPLEX, size, cv::Scalar(shade), size > 1.2 ? 3 : 1, cv::LINE_AA);
}

// An A4 page at 200 dpi: a large title, two paragraphs of two lines, a white line on a black band, a rule, a foot.
cv::Mat drawn_page() {
    cv::Mat page(2339, 1654, CV_8UC1, cv::Scalar(255));
    print(page, "ORDONNANCE", 500, 300, 2.4);
    print(page, "le premier alinea commence ici", 200, 900);
    print(page, "et finit sur cette ligne", 200, 932);
    print(page, "le second alinea est plus bas", 200, 1200);
    print(page, "et finit de meme", 200, 1232);
    cv::rectangle(page, {200, 1500}, {1400, 1550}, cv::Scalar(0), cv::FILLED);
    print(page, "TITRE DE LA SECTION", 240, 1536, 1.0, 255);
    cv::line(page, {200, 1700}, {1400, 1700}, cv::Scalar(0), 3);
    print(page, "page 1 sur 2", 700, 2280);
    return page;
}

class CountingEngine final : public OcrEngine {
  public:
    Result<std::vector<OcrLine>> read(const cv::Mat& image, double, OcrLayout layout,
                                      const std::function<bool()>&) override {
        layouts.push_back(layout);
        OcrLine line;
        line.box = {6, 6, image.cols - 12, image.rows - 12};
        line.words.push_back({"ordonnance", 0.95, line.box});
        return std::vector<OcrLine>{line};
    }
    std::vector<OcrLayout> layouts;
};

vision::PageImage image_of(const cv::Mat& grey) {
    vision::PageImage image;
    image.grey = grey;
    image.dpi_x = image.dpi_y = 200;
    return image;
}

TEST(TextLines, ASmallLabelAndItsLargeAnswerAreTwoAndOneSentenceIsOne) {
    cv::Mat page(2339, 1654, CV_8UC1, cv::Scalar(255));
    print(page, "numero de securite", 100, 300, 0.5);
    print(page, "2 73 12 59 112", 300, 308, 1.0);
    cv::rectangle(page, {90, 270}, {700, 325}, cv::Scalar(60), 2);  // both in a box, which is no letter
    print(page, "Le gage part, quand il y a un quai.", 100, 900, 1.0);
    const auto lines = find_text_lines(page);
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_NEAR(lines[0].box.x, 300, 12) << "the answer, whose letters reach higher and stand lower";
    EXPECT_NEAR(lines[1].box.x, 100, 12);
    EXPECT_GT(lines[0].letter_height, 1.5 * lines[1].letter_height);
}

TEST(TextLines, AreFoundInBlackAndInWhiteAndRulesAreNone) {
    const auto lines = find_text_lines(drawn_page());
    ASSERT_EQ(lines.size(), 7u);
    EXPECT_GT(lines[0].letter_height, 2 * usual_letter_height(lines));
    EXPECT_TRUE(lines[5].on_black);
    EXPECT_NEAR(lines[5].box.x, 240, 8);
    EXPECT_TRUE(find_text_lines(cv::Mat(2339, 1654, CV_8UC1, cv::Scalar(255))).empty());
}

TEST(TextLines, OfOneParagraphShareItsNumber) {
    const auto lines = find_text_lines(drawn_page());
    const auto blocks = paragraphs_of(lines);
    ASSERT_EQ(blocks.size(), 7u);
    EXPECT_EQ(blocks[1], blocks[2]);
    EXPECT_EQ(blocks[3], blocks[4]);
    EXPECT_NE(blocks[0], blocks[1]);
    EXPECT_NE(blocks[2], blocks[3]);
}

TEST(TextLines, AtHeadAndFootAndInLargeLettersAreAnchors) {
    const auto lines = find_text_lines(drawn_page());
    const double usual = usual_letter_height(lines);
    EXPECT_TRUE(is_anchor(lines[0], usual, 2339));
    EXPECT_FALSE(is_anchor(lines[1], usual, 2339));
    EXPECT_TRUE(is_anchor(lines[6], usual, 2339));
}

TEST(LineReading, PutsWhatItReadWhereItStands) {
    CountingEngine engine;
    const auto lines = find_text_lines(drawn_page());
    const auto read = read_lines(drawn_page(), lines, paragraphs_of(lines), engine, [] { return true; });
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), lines.size());
    EXPECT_NEAR((*read)[0].box.x, lines[0].box.x, 12);
    EXPECT_NEAR((*read)[0].box.y, lines[0].box.y, 12);
}

TEST(PageReading, StopsWhenItsAnchorsSettleThePage) {
    const auto opened = digits::DigitModel::open("deploy/models/digits.model");
    ASSERT_TRUE(opened) << opened.error().message;
    auto& model = **opened;
    CountingEngine engine;
    const auto alive = [] { return true; };
    const auto whole = read_page(image_of(drawn_page()), 1, std::nullopt, {engine, model}, alive);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->text.letters_unread, 0);
    EXPECT_EQ(whole->text.lines.size(), 7u);

    CountingEngine less;
    PageTools tools{less, model};
    int asked = 0;
    tools.settled = [&](const OcrPage& page) {
        ++asked;
        EXPECT_GT(page.letters_unread, 0);
        return true;
    };
    const auto stopped = read_page(image_of(drawn_page()), 1, std::nullopt, tools, alive);
    ASSERT_TRUE(stopped);
    EXPECT_EQ(asked, 1);
    EXPECT_GT(stopped->text.letters_unread, 40);
    EXPECT_LT(less.layouts.size(), engine.layouts.size());
    EXPECT_FALSE(stopped->text.lines.empty());
}

}  // namespace
}  // namespace pleiade::reader
