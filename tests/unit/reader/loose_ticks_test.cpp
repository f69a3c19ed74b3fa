// Boxes to tick of a page whose form is not registered: found as they are drawn, named by the words beside them.
#include "services/reader/loose_ticks.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <random>

#include "services/reader/tick_boxes.h"
#include "services/reader/ticks.h"
#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

enum class Ink { None, Cross, Stroke, Fill, Dot, StruckOut };

// A page at 200 dpi: its picture, and what text recognition would make of its words.
class Page {
  public:
    Page() : grey_(2339, 1654, CV_8UC1, cv::Scalar(255)), text_(drawn_page(1, {})) {}
    Page& line(int y, int x = 120) {
        y_ = y;
        x_ = x;
        text_.lines.emplace_back();
        return *this;
    }
    Page& words(const std::string& text) {
        for (std::size_t from = 0; from < text.size();) {
            const auto to = std::min(text.find(' ', from), text.size());
            const auto word = text.substr(from, to - from);
            const Box box{x_, y_, static_cast<int>(word.size()) * 13, 24};
            for (std::size_t i = 0; i < word.size(); ++i) {  // something that looks like letters
                const int at = x_ + static_cast<int>(i) * 13;
                cv::line(grey_, {at + 3, y_ + 8}, {at + 3, y_ + 21}, cv::Scalar(30), 2);
                cv::line(grey_, {at + 3, y_ + 20}, {at + 9, y_ + 8}, cv::Scalar(30), 2);
            }
            text_.lines.back().words.push_back({word, 0.9, box});
            x_ += box.width + 13;
            from = to + 1;
        }
        auto& line = text_.lines.back();
        line.box = {line.words.front().box.x, y_, x_ - line.words.front().box.x, 24};
        return *this;
    }
    Page& room(int pixels) {
        x_ += pixels;
        return *this;
    }
    Page& box(Ink ink, bool round = false) {
        const cv::Rect box(x_, y_, 25, 25);
        if (round) {
            cv::circle(grey_, (box.tl() + box.br()) / 2, 12, cv::Scalar(60), 2);
        } else {
            cv::rectangle(grey_, box, cv::Scalar(60), 2);
        }
        put(ink, box);
        x_ += 25 + 9;
        return *this;
    }
    std::string ticked() const {
        vision::PageImage scan;
        scan.grey = grey_;
        return told(scan, text_);
    }
    // As a scanner may hand the page over: turned, tilted, at another resolution, with only black and white.
    std::string ticked_on_a_scan(int quarter_turns, double tilt, double scale) const {
        auto text = text_;
        text.skew_degrees = tilt;
        text.rotation = (360 - 90 * quarter_turns) % 360;
        cv::Mat scan = grey_;
        const auto turn = cv::getRotationMatrix2D({grey_.cols / 2.0f, grey_.rows / 2.0f}, -tilt, 1);
        cv::warpAffine(scan, scan, turn, scan.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, cv::Scalar(255));
        cv::resize(scan, scan, {}, scale, scale, cv::INTER_CUBIC);
        cv::threshold(scan, scan, 160, 255, cv::THRESH_BINARY);
        for (int i = 0; i < quarter_turns; ++i) cv::rotate(scan, scan, cv::ROTATE_90_CLOCKWISE);
        text.scanned_width = scan.cols;
        text.scanned_height = scan.rows;
        vision::PageImage image;
        image.grey = scan;
        image.bitonal = true;
        return told(image, text);
    }

  private:
    static std::string told(const vision::PageImage& scan, const OcrPage& text) {
        static const auto table = forms::TickWords::parse(shipped_text("tick_words.csv"), "tick_words.csv");
        EXPECT_TRUE(table);
        const auto zones = find_loose_ticks(scan, text, *table);
        std::string told;
        for (const auto& tick : ticks_of({1}, {{1, &zones}}))
            told += (told.empty() ? "" : " ") + tick.question + "=" + (tick.doubtful ? "?" : tick.answer);
        return told;
    }
    void put(Ink ink, const cv::Rect& box) {
        const auto stroke = [&](cv::Point from, cv::Point to) {
            cv::line(grey_, from, to, cv::Scalar(20), 3, cv::LINE_AA);
        };
        const cv::Point low(box.x + 4, box.br().y - 4), high(box.br().x - 4, box.y + 4);
        if (ink == Ink::Cross || ink == Ink::Stroke) stroke(low, ink == Ink::Stroke ? high + cv::Point(9, -9) : high);
        if (ink == Ink::Cross) stroke(box.tl() + cv::Point(4, 4), box.br() - cv::Point(4, 4));
        if (ink == Ink::Fill) cv::rectangle(grey_, box, cv::Scalar(20), cv::FILLED);
        if (ink == Ink::Dot) cv::circle(grey_, (box.tl() + box.br()) / 2, 2, cv::Scalar(20), cv::FILLED);
        if (ink == Ink::StruckOut) stroke({box.x - 60, box.y + 10}, {box.br().x + 60, box.y + 14});
    }

    cv::Mat grey_;
    OcrPage text_;
    int x_ = 0, y_ = 0;
};

Page asked(Ink yes, Ink no, bool round = false) {
    Page page;
    page.line(400).words("Accident cause par un tiers ?").room(40);
    page.box(yes, round).words("oui").room(30).box(no, round).words("non");
    return page;
}

TEST(LooseTicks, AnswerWhereExactlyOneIsTicked) {
    for (const bool round : {false, true}) {
        EXPECT_EQ(asked(Ink::Cross, Ink::None, round).ticked(), "third_party=yes") << round;
        EXPECT_EQ(asked(Ink::None, Ink::Cross, round).ticked(), "third_party=no") << round;
        EXPECT_EQ(asked(Ink::None, Ink::None, round).ticked(), "") << round;
    }
    EXPECT_EQ(asked(Ink::Stroke, Ink::None).ticked(), "third_party=yes") << "a stroke that leaves the box";
}

TEST(LooseTicks, AreDoubtfulWhereTwoAreTickedOrOneIsNoPlainTick) {
    EXPECT_EQ(asked(Ink::Cross, Ink::Cross).ticked(), "third_party=?");
    EXPECT_EQ(asked(Ink::Fill, Ink::None).ticked(), "third_party=?");
    EXPECT_EQ(asked(Ink::StruckOut, Ink::None).ticked(), "third_party=?");
    EXPECT_EQ(asked(Ink::Dot, Ink::Cross).ticked(), "third_party=no") << "dust";
}

TEST(LooseTicks, AreDoubtfulWhereTheBoxesAreNotFound) {
    Page page;
    page.line(400).words("Accident cause par un tiers ?").room(60).words("oui").room(60).words("non");
    EXPECT_EQ(page.ticked(), "third_party=?");
    Page half;
    half.line(400).words("Accident cause par un tiers ?").room(60).box(Ink::None).words("oui").room(60).words("non");
    EXPECT_EQ(half.ticked(), "third_party=?") << "the other one may be ticked";
}

TEST(LooseTicks, SayNothingOfAPageThatAsksNothing) {
    Page letter;
    letter.line(400).words("En cas d accident cause par un tiers prevenez votre caisse");
    EXPECT_EQ(letter.ticked(), "");
    Page other;
    other.line(400).words("Etes-vous salarie ?").box(Ink::Cross).words("oui").room(30).box(Ink::None).words("non");
    EXPECT_EQ(other.ticked(), "");
}

TEST(LooseTicks, StandOnTheLineBelowTheirQuestionOrBehindTheirWords) {
    Page below;
    below.line(400).words("L accident a-t-il ete provoque par un tiers ?");
    below.line(440, 160).box(Ink::None).words("oui").room(40).box(Ink::Cross).words("non");
    EXPECT_EQ(below.ticked(), "third_party=no");
    Page behind;
    behind.line(400)
        .words("tiers responsable")
        .room(60)
        .words("OUI")
        .box(Ink::Cross)
        .room(40)
        .words("NON")
        .box(Ink::None);
    EXPECT_EQ(behind.ticked(), "third_party=yes");
}

TEST(LooseTicks, OfAListTellItsStageAndTheOnlyBoxOfAQuestion) {
    Page stage;
    stage.line(400).box(Ink::None).words("initial").room(50).box(Ink::Cross).words("prolongation");
    EXPECT_EQ(stage.ticked(), "stage=prolongation");
    Page alone;
    alone.line(400).box(Ink::None).words("maladie").room(50).box(Ink::Cross).words("accident cause par un tiers");
    EXPECT_EQ(alone.ticked(), "third_party=yes");
}

TEST(LooseTicks, ReadThePageHoweverItWasScanned) {
    for (const double tilt : {0.0, 1.1, -2.0}) {
        EXPECT_EQ(asked(Ink::Cross, Ink::None).ticked_on_a_scan(0, tilt, 1.5), "third_party=yes") << tilt;
        EXPECT_EQ(asked(Ink::None, Ink::Cross).ticked_on_a_scan(2, tilt, 1.5), "third_party=no") << tilt;
        EXPECT_EQ(asked(Ink::None, Ink::Cross).ticked_on_a_scan(1, tilt, 1.0), "third_party=no") << tilt;
    }
}

TEST(LooseTicks, ReadAQuestionOfWhichALetterWasMisread) {
    Page page;
    page.line(400).words("Accident causé par nn tiers").room(40);
    page.box(Ink::Cross).words("oui[").room(30).box(Ink::None).words("non");
    EXPECT_EQ(page.ticked(), "third_party=yes");
}

TEST(TickBoxes, AreNoLettersNoCellsOfTablesAndNoRules) {
    cv::Mat ink = cv::Mat::zeros(200, 900, CV_8UC1);
    cv::putText(ink, "HEMOD 0 rn", {20, 60}, cv::FONT_HERSHEY_DUPLEX, 0.6, cv::Scalar(255), 2);
    cv::rectangle(ink, cv::Rect(400, 20, 300, 60), cv::Scalar(255), 2);
    for (int x = 460; x < 700; x += 60) cv::line(ink, {x, 20}, {x, 80}, cv::Scalar(255), 2);
    cv::line(ink, {20, 120}, {860, 120}, cv::Scalar(255), 2);
    EXPECT_TRUE(find_tick_boxes(ink).empty());
    cv::rectangle(ink, cv::Rect(40, 140, 24, 24), cv::Scalar(255), 2);
    ASSERT_EQ(find_tick_boxes(ink).size(), 1U);
    EXPECT_NEAR(find_tick_boxes(ink)[0].box.x, 40, 2);
}

}  // namespace
}  // namespace pleiade::reader
