#include "services/reader/line_network/line_reader.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "services/reader/line_network/line_words.h"
#include "services/reader/line_network/strip.h"

namespace pleiade::reader::line_network {
namespace {

// The confidence of a word as Tesseract counts it, which thresholds and curves were learnt on: words that are in no
// dictionary are doubted more (lstm/lstmrecognizer.cpp: kCertOffset, kDictRatio; a logarithm of -1 takes 35
// hundredths).
constexpr double kAlwaysDoubted = 0.085, kAHundredth = 0.35, kOutsideDictionary = 2.25;

double confidence_of(const Word& word, const Dictionary& dictionary) {
    const double doubt = (kAlwaysDoubted - word.certainty) * (dictionary.knows(word.text) ? 1 : kOutsideDictionary);
    return std::clamp(1 - kAHundredth * doubt, 0.0, 1.0);
}

// The ink between two columns of pixels.
Box ink_between(const cv::Mat& ink, const cv::Rect& cut, double from, double to) {
    const int left = std::clamp(static_cast<int>(std::floor(from)), 0, cut.width - 1);
    const int right = std::clamp(static_cast<int>(std::ceil(to)), left + 1, cut.width);
    const cv::Rect where(left, 0, right - left, cut.height);
    cv::Rect there = cv::boundingRect(ink(where));
    if (there.empty()) there = {0, 0, where.width, where.height};
    return {cut.x + left + there.x, cut.y + there.y, there.width, there.height};
}

Box joined(const Box& a, const Box& b) {
    const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

}  // namespace

std::vector<OcrLine> LineReader::read(const cv::Mat& line) {
    const auto& model = network_.model();
    const auto strip = strip_of(line, model.height);
    if (strip.pixels.empty()) return {};
    const auto& columns = network_.read(strip.pixels);
    const auto words = words_of(columns, model);
    if (words.empty()) return {};
    cv::Mat ink;
    cv::threshold(line(strip.cut), ink, 0, 255, cv::THRESH_BINARY_INV | cv::THRESH_OTSU);
    const double pixels = columns.pixels / strip.scale;
    OcrLine read;
    for (const auto& word : words) {
        OcrWord one;
        one.text = word.text;
        one.confidence = confidence_of(word, model.words);
        one.box = ink_between(ink, strip.cut, word.first * pixels, word.last * pixels);
        read.box = read.words.empty() ? one.box : joined(read.box, one.box);
        read.words.push_back(std::move(one));
    }
    return {std::move(read)};
}

}  // namespace pleiade::reader::line_network
