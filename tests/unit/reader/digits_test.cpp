#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>

#include "services/reader/digits/digit_model.h"
#include "services/reader/digits/glyph.h"
#include "services/reader/digits/training/distort.h"
#include "services/reader/digits/training/network.h"
#include "services/reader/digits/training/train.h"

namespace pleiade::reader::digits {
namespace {

const std::string kShipped = "deploy/models/digits.model";

Sample sample_of(const cv::Mat& glyph, int kind) {
    Sample sample{std::vector<float>(static_cast<std::size_t>(kGlyphSide) * kGlyphSide), kind};
    cv::Mat pixels(kGlyphSide, kGlyphSide, CV_32F, sample.pixels.data());
    glyph.convertTo(pixels, CV_32F, 1.0 / 255);
    return sample;
}

TEST(DigitGlyph, IsTheSameWhateverTheSizeAndPlaceAndSpecks) {
    cv::Mat small(60, 60, CV_8UC1, cv::Scalar(0)), large(160, 160, CV_8UC1, cv::Scalar(0));
    cv::rectangle(small, {10, 10, 16, 30}, cv::Scalar(200), 4);
    cv::rectangle(large, {80, 40, 48, 90}, cv::Scalar(255), 12);
    cv::circle(large, {10, 150}, 2, cv::Scalar(255), cv::FILLED);
    const auto a = glyph_of(small), b = glyph_of(large);
    ASSERT_FALSE(a.empty());
    EXPECT_LT(cv::norm(a, b, cv::NORM_L1) / 255, 25);
    EXPECT_TRUE(glyph_of(cv::Mat(30, 30, CV_8UC1, cv::Scalar(0))).empty());
    EXPECT_TRUE(glyph_of(cv::Mat()).empty());
}

TEST(DigitWeights, ComeBackFromTheirFileAndADamagedOneIsRefused) {
    const auto weights = Network(7).weights();
    const auto bytes = to_file(weights);
    EXPECT_LT(bytes.size(), 2u << 20);
    const auto back = from_file(bytes);
    ASSERT_TRUE(back) << back.error().message;
    for (std::size_t i = 0; i < weights.layers[1].weights.size(); ++i) {
        ASSERT_NEAR(back->layers[1].weights[i], weights.layers[1].weights[i], 1e-3);
    }
    for (const std::size_t at : {std::size_t{0}, std::size_t{12}, bytes.size() / 2, bytes.size() - 1}) {
        auto damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        const auto read = from_file(damaged);
        ASSERT_FALSE(read) << at;
        EXPECT_EQ(read.error().code, "MODEL_INVALID");
    }
    EXPECT_FALSE(from_file(bytes.substr(0, 1000)));
    EXPECT_FALSE(from_file(""));
    EXPECT_EQ(DigitModel::open("/nonexistent/digits.model").error().code, "MODEL_MISSING");
}

// The network that learns and the one that reads are two programs of the same layers.
TEST(DigitModel, ReadsWhatTheNetworkLearnt) {
    Network network(3);
    Random random(1);
    std::vector<Sample> batch;
    std::vector<cv::Mat> glyphs;
    for (int kind = 0; kind < 10; ++kind) {
        glyphs.push_back(scanned(write_figure(kind, random), random));
        ASSERT_FALSE(glyphs.back().empty());
        batch.push_back(sample_of(glyphs.back(), kind));
    }
    for (int step = 0; step < 5; ++step) network.learn(batch, 1e-3);
    const auto scores = network.scores(batch);
    const auto odds = DigitModel(network.weights()).read(glyphs);
    for (std::size_t i = 0; i < odds.size(); ++i) {
        double sum = 0;
        for (const float score : scores[i]) sum += std::exp(score);
        for (std::size_t k = 0; k < kKinds; ++k) EXPECT_NEAR(odds[i][k], std::exp(scores[i][k]) / sum, 2e-3);
    }
}

TEST(DigitNetwork, LearnsAndTheSameSeedLearnsTheSame) {
    const auto loss_after = [](int steps) {
        Network network(5);
        Random random(2);
        double loss = 0;
        for (int step = 0; step < steps; ++step) {
            std::vector<Sample> batch;
            while (batch.size() < 32) {
                const int kind = pick(random, 10);
                const auto glyph = scanned(write_figure(kind, random), random);
                if (!glyph.empty()) batch.push_back(sample_of(glyph, kind));
            }
            loss = network.learn(batch, 2e-3);
        }
        return loss;
    };
    const double late = loss_after(40);
    EXPECT_LT(late, 0.7 * loss_after(1));
    EXPECT_EQ(late, loss_after(40));
}

TEST(DigitModel, AnEmptyBoxIsEmpty) {
    const auto model = DigitModel::open(kShipped);
    ASSERT_TRUE(model) << model.error().message;
    const auto odds = (*model)->read({cv::Mat()});
    ASSERT_EQ(odds.size(), 1u);
    EXPECT_EQ(odds[0], certain(kEmpty));
}

// The shapes that French schools teach and American samples lack.
TEST(DigitModel, KnowsTheFrenchOneFourAndSeven) {
    const auto model = DigitModel::open(kShipped);
    ASSERT_TRUE(model) << model.error().message;
    Random random(11);
    for (const int kind : {1, 4, 7}) {
        int right = 0;
        constexpr int kTimes = 150;
        for (int i = 0; i < kTimes; ++i) {
            const auto odds = (*model)->read({scanned(write_figure(kind, random), random)});
            right += likeliest(odds[0]) == kind ? 1 : 0;
        }
        EXPECT_GE(right, kTimes * 92 / 100) << kind;
    }
}

// Of the real figures that no model of ours ever learnt from.
TEST(DigitModel, ReadsRealHandwriting) {
    const auto sheet_path = std::filesystem::path(std::getenv("PLEIADE_SOURCE") ? std::getenv("PLEIADE_SOURCE") : ".") /
                            "../shared/data/chiffres/digits.png";
    if (!std::filesystem::exists(sheet_path)) GTEST_SKIP() << "the shared data is not there";
    const auto sheet = read_sheet(sheet_path.string());
    ASSERT_TRUE(sheet) << sheet.error().message;
    const auto model = DigitModel::open(kShipped);
    ASSERT_TRUE(model) << model.error().message;
    int right = 0, all = 0;
    for (int kind = 0; kind < 10; ++kind) {
        for (const auto& ink : sheet->held_out[static_cast<std::size_t>(kind)]) {
            const auto odds = (*model)->read({glyph_of(ink)});
            ++all;
            right += likeliest(odds[0]) == kind ? 1 : 0;
        }
    }
    EXPECT_EQ(all, 1000);
    EXPECT_GE(right, 970);
}

TEST(DigitFontList, SaysWhereItIsWrong) {
    EXPECT_TRUE(parse_font_list("file;writing;use\na.ttf;hand;learn\n", "fonts.csv"));
    const auto wrong = parse_font_list("file;writing;use\na.ttf;hand;learn\nb.ttf;pen;learn\n", "fonts.csv");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("fonts.csv:3:7"), std::string::npos) << wrong.error().message;
}

}  // namespace
}  // namespace pleiade::reader::digits
