// A number that text recognition missed or was not sure of, looked at again with the digit model.
#include "services/reader/second_look.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "common/base/check.h"
#include "services/reader/fields.h"
#include "services/reader/ocr_page.h"
#include "tests/unit/reader/drawn_text.h"

namespace pleiade::reader {
namespace {

const std::string kNir = "255081416802538";
constexpr int kPitch = 20, kTop = 300, kNumberAt = 460;

// A typed line: a label, and a number in plain figures.
class Typed {
  public:
    Typed() : grey_(2339, 1654, CV_8UC1, cv::Scalar(255)), page_(drawn_page(1, {})) {}
    Typed& draw(const std::string& figures, int x = kNumberAt) {
        for (const char figure : figures) {
            cv::putText(grey_, std::string(1, figure), {x, kTop + 22}, cv::FONT_HERSHEY_DUPLEX, 0.9, cv::Scalar(20), 2,
                        cv::LINE_AA);
            x += kPitch;
        }
        return *this;
    }
    Typed& read(const std::string& words, int x, double confidence) {
        OcrLine line;
        line.box = {x, kTop, static_cast<int>(words.size()) * kPitch, 24};
        for (std::size_t from = 0; from < words.size();) {
            const auto to = std::min(words.find(' ', from), words.size());
            const Box box{x + static_cast<int>(from) * kPitch, kTop, static_cast<int>(to - from) * kPitch, 24};
            line.words.push_back({words.substr(from, to - from), confidence, box});
            from = to + 1;
        }
        page_.lines.push_back(std::move(line));
        return *this;
    }
    std::string said() {
        static const auto model = digits::DigitModel::open("deploy/models/digits.model");
        PLEIADE_CHECK(model);
        look_again_for_numbers(grey_, **model, page_);
        const auto fields = extract_fields({&page_}, {"2026-11-20", nullptr});
        const auto nir = fields.find("nir");
        if (nir == fields.end()) return "-";
        return nir->second.front().value + " " + std::string(to_word(nir->second.front().status));
    }

  private:
    cv::Mat grey_;
    OcrPage page_;
};

TEST(SecondLook, FindsTheNumberThatALabelAnnounces) {
    EXPECT_EQ(Typed().draw(kNir).read("NIR :", 300, 0.95).said(), kNir + " valid");
    EXPECT_EQ(Typed().draw("255081416802539").read("NIR :", 300, 0.95).said(), "-") << "its key does not hold";
}

TEST(SecondLook, IsSureOfANumberThatTwoReadersReadAlike) {
    const auto unsure = [] { return Typed().read("NIR :", 300, 0.95).read(kNir, kNumberAt, 0.3); };
    EXPECT_EQ(unsure().draw(kNir).said(), kNir + " valid");
    EXPECT_EQ(unsure().draw("284052932102579").said(), kNir + " unchecked") << "the page shows something else";
}

TEST(SecondLook, TakesALetterForAFigureOnlyWhereThePageShowsTheFigure) {
    const auto misread = [] { return Typed().read("NIR :", 300, 0.95).read("2550B1416802538", kNumberAt, 0.9); };
    EXPECT_EQ(misread().draw(kNir).said(), kNir + " valid");
    EXPECT_EQ(misread().said(), kNir + " unchecked");
}

TEST(SecondLook, PassesOverTheWordsBesideANumber) {
    EXPECT_EQ(Typed()
                  .draw("oos", kNumberAt - 4 * kPitch)
                  .draw(kNir)
                  .draw("code", kNumberAt + 16 * kPitch)
                  .read("NIR :", 200, 0.95)
                  .read("oos", kNumberAt - 4 * kPitch, 0.9)
                  .read("code", kNumberAt + 16 * kPitch, 0.9)
                  .said(),
              kNir + " valid");
}

}  // namespace
}  // namespace pleiade::reader
