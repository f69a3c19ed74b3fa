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

// The ink between two columns of the cut, where the line's image has it.
cv::Rect ink_between(const Strip& strip, double from, double to) {
    const int left = std::clamp(static_cast<int>(std::floor(from)), 0, strip.cut.width - 1);
    const int right = std::clamp(static_cast<int>(std::ceil(to)), left + 1, strip.cut.width);
    const cv::Rect where(left, 0, right - left, strip.cut.height);
    const cv::Rect ink = cv::boundingRect(strip.ink(where));
    return (ink.empty() ? where : ink + where.tl()) + strip.cut.tl();
}

Box box_of(const cv::Rect& rect) {
    return {rect.x, rect.y, rect.width, rect.height};
}

}  // namespace

std::vector<OcrLine> LineReader::read(const cv::Mat& line) {
    const auto& model = network_.model();
    const auto strip = strip_of(line, model.height);
    if (strip.pixels.empty()) return {};
    const auto& columns = network_.read(strip.pixels);
    const auto words = words_of(columns, model);
    if (words.empty()) return {};
    const double pixels = columns.pixels / strip.scale;
    OcrLine read;
    cv::Rect all;
    for (const auto& word : words) {
        OcrWord one;
        one.text = word.text;
        one.confidence = confidence_of(word, model.words);
        const auto ink = ink_between(strip, word.first * pixels, word.last * pixels);
        one.box = box_of(ink);
        all |= ink;
        read.words.push_back(std::move(one));
    }
    read.box = box_of(all);
    return {std::move(read)};
}

}  // namespace pleiade::reader::line_network
