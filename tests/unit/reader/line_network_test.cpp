// Tesseract's line network run by ourselves: the same text as Tesseract, from the same file.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "services/reader/line_network/kernels.h"
#include "services/reader/line_network/line_words.h"
#include "services/reader/line_network/model_file.h"
#include "services/reader/line_network/strip.h"
#include "services/reader/tesseract_engine.h"

namespace pleiade::reader::line_network {
namespace {

constexpr double kDpi = 200;
const auto kAlive = [] { return true; };

std::string traineddata() {
    for (const char* version : {"5", "4.00"}) {
        const std::string path = std::string("/usr/share/tesseract-ocr/") + version + "/tessdata/fra.traineddata";
        std::ifstream file(path, std::ios::binary);
        if (file) return {std::istreambuf_iterator<char>(file), {}};
    }
    return {};
}
Result<LineModel> parsed(const std::string& bytes) {
    return parse_line_model(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

cv::Mat printed(const std::string& text, double size = 1.0, int thick = 2) {
    int below = 0;
    const auto room = cv::getTextSize(text, cv::FONT_HERSHEY_DUPLEX, size, thick, &below);
    cv::Mat line(room.height + below + 24, room.width + 24, CV_8UC1, cv::Scalar(255));
    cv::putText(line, text, {12, 12 + room.height}, cv::FONT_HERSHEY_DUPLEX, size, cv::Scalar(10), thick, cv::LINE_AA);
    return line;
}

std::vector<OcrLine> read_by(OcrEngine& engine, const cv::Mat& line) {
    auto read = engine.read(line, kDpi, OcrLayout::Line, kAlive);
    return read ? *read : std::vector<OcrLine>();
}

TEST(LineNetwork, ReadsWhatTesseractReadsWhereTesseractReadsIt) {
    const auto ours = open_tesseract("", "fra", LinesBy::Network);
    const auto theirs = open_tesseract("", "fra", LinesBy::Tesseract);
    ASSERT_TRUE(ours) << ours.error().message;
    ASSERT_TRUE(theirs) << theirs.error().message;
    for (const char* text : {"Feuille de soins", "ORDONNANCE", "Date de naissance 14/03/1971", "59500 Wambrecies",
                             "la caisse dont vous dependez"}) {
        for (const double size : {0.7, 1.0, 1.6}) {
            const auto line = printed(text, size, size > 1.2 ? 3 : 1);
            const auto a = read_by(**ours, line), b = read_by(**theirs, line);
            ASSERT_EQ(a.size(), 1U) << text;
            ASSERT_EQ(b.size(), 1U) << text;
            EXPECT_EQ(a[0].text(), text) << size;
            EXPECT_EQ(b[0].text(), text) << size;
            ASSERT_EQ(a[0].words.size(), b[0].words.size());
            for (std::size_t i = 0; i < a[0].words.size(); ++i) {
                const auto& word = a[0].words[i];
                const auto& same = b[0].words[i];
                const int space = static_cast<int>(12 * size);
                EXPECT_NEAR(word.box.x, same.box.x, space) << word.text;
                EXPECT_NEAR(word.box.x + word.box.width, same.box.x + same.box.width, space) << word.text;
                EXPECT_NEAR(word.box.y + word.box.height, same.box.y + same.box.height, space) << word.text;
                EXPECT_NEAR(word.confidence, same.confidence, 0.25) << word.text;
            }
        }
    }
}

TEST(LineNetwork, SaysTheSameEachTimeAndNothingOfNothing) {
    const auto engine = open_tesseract("", "fra");
    ASSERT_TRUE(engine);
    const auto line = printed("le 12 octobre 2026");
    const auto first = read_by(**engine, line);
    EXPECT_TRUE(read_by(**engine, cv::Mat(40, 300, CV_8UC1, cv::Scalar(255))).empty());
    EXPECT_TRUE(read_by(**engine, cv::Mat(4, 2, CV_8UC1, cv::Scalar(255))).empty());
    const auto again = read_by(**engine, line);
    ASSERT_EQ(first.size(), 1U);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(first[0].text(), again[0].text());
    for (std::size_t i = 0; i < first[0].words.size(); ++i)
        EXPECT_EQ(first[0].words[i].confidence, again[0].words[i].confidence);
}

TEST(LineNetwork, StopsWhenTheLeaseIsLost) {
    const auto engine = open_tesseract("", "fra");
    ASSERT_TRUE(engine);
    const auto read = (*engine)->read(printed("perdu"), kDpi, OcrLayout::Line, [] { return false; });
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "ABANDONED");
}

TEST(ModelFile, HoldsTheNetworkOfTheInstalledLanguage) {
    const auto model = parsed(traineddata());
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->height, 36);
    EXPECT_EQ(static_cast<int>(model->texts.size()), model->characters.outputs);
    EXPECT_TRUE(model->texts[static_cast<std::size_t>(model->blank)].empty());
    for (const char* needed : {" ", "a", "Z", "0", "9", "é", "ç", "°", "€", "/"})
        EXPECT_NE(std::find(model->texts.begin(), model->texts.end(), needed), model->texts.end()) << needed;
    for (const char* word : {"assurance", "l'assuré", "Médecin", "DATE", "feuille,", "(soins)"})
        EXPECT_TRUE(model->words.knows(word)) << word;
    for (const char* word : {"assurnace", "59500", "", "--", "l'assuuré", "Wambrecies"})
        EXPECT_FALSE(model->words.knows(word)) << word;
}

// Whatever stands in the file, it is refused or read whole: never a crash, never a network of another size.
TEST(ModelFile, RefusesWhatItDoesNotKnow) {
    const auto whole = traineddata();
    ASSERT_FALSE(whole.empty());
    for (const std::string& bytes : {std::string(), std::string("no traineddata"), std::string(400, '\xff')}) {
        const auto model = parsed(bytes);
        ASSERT_FALSE(model);
        EXPECT_EQ(model.error().code, "LINE_MODEL_UNKNOWN");
    }
    constexpr std::size_t kVersion = 200;  // the last part, which nobody needs
    for (std::size_t length = 0; length + kVersion < whole.size(); length += whole.size() / 97)
        EXPECT_FALSE(parsed(whole.substr(0, length))) << length;
    for (std::size_t at = 0; at < 4000; at += 23) {
        auto spoilt = whole;
        spoilt[at] = static_cast<char>(spoilt[at] ^ 0x55);
        const auto model = parsed(spoilt);
        if (!model) {
            EXPECT_EQ(model.error().code, "LINE_MODEL_UNKNOWN");
        } else {
            Network(*model).read(cv::Mat(model->height, 90, CV_32FC1, cv::Scalar(1)));
        }
    }
}

TEST(Strip, GivesCapitalsThreeQuartersAndTakesRulesOut) {
    const auto alone = printed("SOINS", 1.0, 2);
    auto underlined = alone.clone();
    cv::line(underlined, {2, underlined.rows - 8}, {underlined.cols - 3, underlined.rows - 8}, cv::Scalar(0), 2);
    const auto strip = strip_of(alone, 36), without = strip_of(underlined, 36);
    ASSERT_FALSE(strip.pixels.empty());
    EXPECT_EQ(strip.pixels.rows, 36);
    EXPECT_EQ(without.cut, strip.cut) << "a rule is no part of the line";
    EXPECT_EQ(cv::boundingRect(without.ink), cv::boundingRect(strip.ink)) << "nor of what its words are made of";
    cv::Mat ink;
    cv::reduce(strip.pixels < 0, ink, 1, cv::REDUCE_MAX, CV_8U);
    const int capitals = cv::countNonZero(ink);
    const double fills = capitals / (36.0 - 2 * 4 * strip.scale);
    EXPECT_NEAR(fills, 0.75, 0.07);
    EXPECT_TRUE(strip_of(cv::Mat(30, 90, CV_8UC1, cv::Scalar(255)), 36).pixels.empty());
}

// Three outputs: a, a space, and nothing new.
struct Told {
    LineModel model;
    Columns columns;

    explicit Told(const std::vector<std::array<float, 3>>& odds) {
        model.texts = {"a", " ", ""};
        model.blank = 2;
        columns = {static_cast<int>(odds.size()), 3, 3, {}};
        for (const auto& column : odds) columns.odds.insert(columns.odds.end(), column.begin(), column.end());
    }
    std::string text() const {
        std::string all;
        for (const auto& word : words_of(columns, model)) all += (all.empty() ? "" : "|") + word.text;
        return all;
    }
};

TEST(LineWords, TheSameTwiceNeedsABlankBetween) {
    EXPECT_EQ(Told({{0.9F, 0, 0.1F}, {0.9F, 0, 0.1F}}).text(), "a");
    EXPECT_EQ(Told({{0.9F, 0, 0.1F}, {0.1F, 0, 0.9F}, {0.9F, 0, 0.1F}}).text(), "aa");
    EXPECT_EQ(Told({}).text(), "");
    EXPECT_EQ(Told({{0, 0, 1}}).text(), "");
}

TEST(LineWords, ASpaceThatSeveralColumnsSpeakForALittleIsOne) {
    EXPECT_EQ(Told({{0.98F, 0, 0.02F}, {0, 0.4F, 0.6F}, {0, 0.4F, 0.6F}, {0.98F, 0, 0.02F}}).text(), "a|a");
    EXPECT_EQ(Told({{0.98F, 0, 0.02F}, {0, 0.1F, 0.9F}, {0, 0.1F, 0.9F}, {0.98F, 0, 0.02F}}).text(), "aa");
}

TEST(LineWords, AWordIsAsSureAsItsLeastSureColumn) {
    const Told told({{0.98F, 0.02F, 0}, {0, 1, 0}, {0.6F, 0.2F, 0.2F}});
    const auto words = words_of(told.columns, told.model);
    ASSERT_EQ(words.size(), 2U);
    EXPECT_NEAR(words[0].certainty, std::log(0.98), 1e-3);
    EXPECT_NEAR(words[1].certainty, std::log(0.8), 1e-3)
        << "whether a column is of the letter or beside it is no doubt";
    EXPECT_LE(words[0].last, words[1].first + 1);
}

TEST(Kernels, MultiplyAndStepAsWrittenOut) {
    constexpr int kRows = 7, kInputs = 5, kOutputs = 40;
    std::vector<float> from(kRows * kInputs), weights(kInputs * kOutputs), bias(kOutputs), to(kRows * kOutputs);
    unsigned state = 7;
    const auto next = [&] { return static_cast<float>((state = state * 1664525U + 1013904223U) >> 8U) * 0x1p-23F - 1; };
    for (auto* values : {&from, &weights, &bias})
        for (auto& value : *values) value = next();
    multiply(from.data(), kRows, kInputs, kInputs, weights.data(), bias.data(), kOutputs, to.data());
    for (int r = 0; r < kRows; ++r) {
        for (int o = 0; o < kOutputs; ++o) {
            double sum = bias[static_cast<std::size_t>(o)];
            for (int i = 0; i < kInputs; ++i)
                sum += static_cast<double>(from[static_cast<std::size_t>(r * kInputs + i)]) *
                       static_cast<double>(weights[static_cast<std::size_t>(i * kOutputs + o)]);
            EXPECT_NEAR(to[static_cast<std::size_t>(r * kOutputs + o)], sum, 1e-4);
        }
    }
    constexpr int kStates = 16;
    std::vector<float> gates(4 * kStates), held(kStates), output(kStates);
    for (auto& gate : gates) gate = 8 * next();
    for (auto& one : held) one = 2 * next();
    const auto before = held;
    step(gates.data(), kStates, held.data(), output.data());
    const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
    for (std::size_t i = 0; i < kStates; ++i) {
        const double cell = std::tanh(gates[i]), in = logistic(gates[kStates + i]);
        const double forget = logistic(gates[2 * kStates + i]), out = logistic(gates[3 * kStates + i]);
        const double now = static_cast<double>(before[i]) * forget + cell * in;
        EXPECT_NEAR(held[i], now, 2e-3);
        EXPECT_NEAR(output[i], std::tanh(now) * out, 2e-3);
    }
}

}  // namespace
}  // namespace pleiade::reader::line_network
