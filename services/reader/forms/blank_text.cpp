#include "services/reader/forms/blank_text.h"

#include <algorithm>
#include <cmath>

#include "services/reader/forms/printed_words.h"
#include "services/reader/line_reading.h"
#include "services/reader/text_lines.h"

namespace pleiade::reader::forms {
namespace {

constexpr double kFineDpi = 300, kCoarseDpi = 200;
constexpr double kCombMargin = 0.5;  // millimetres

cv::Mat without_combs(const cv::Mat& coarse, const std::vector<Zone>& combs) {
    cv::Mat cleaned = coarse.clone();
    const auto pixels = [](double mm) { return static_cast<int>(std::lround(mm * kCoarseDpi / 25.4)); };
    for (const auto& comb : combs) {
        const cv::Rect box(pixels(comb.box.x - kCombMargin), pixels(comb.box.y - kCombMargin),
                           pixels(comb.box.width + 2 * kCombMargin), pixels(comb.box.height + 2 * kCombMargin));
        cleaned(box & cv::Rect(0, 0, cleaned.cols, cleaned.rows)).setTo(255);
    }
    return cleaned;
}

// What the engine makes of the teeth of a comb.
bool is_comb(const PrintedWord& word, const std::vector<Zone>& combs) {
    const cv::Point2d middle(word.box.x + word.box.width / 2, word.box.y + word.box.height / 2);
    return std::any_of(combs.begin(), combs.end(), [&](const Zone& comb) { return comb.box.contains(middle); });
}

bool is_known(const PrintedWord& word, const std::vector<PrintedWord>& words) {
    return std::any_of(words.begin(), words.end(), [&](const PrintedWord& other) {
        return (word.box & other.box).area() > 0.3 * std::min(word.box.area(), other.box.area());
    });
}

}  // namespace

Result<std::vector<PrintedWord>> read_blank(const cv::Mat& fine, const cv::Mat& coarse, const std::vector<Zone>& combs,
                                            OcrEngine& engine, const std::function<bool()>& alive) {
    const auto by_page = engine.read(fine, kFineDpi, OcrLayout::Page, alive);
    if (!by_page) return pass_on(by_page);
    const cv::Mat cleaned = without_combs(coarse, combs);
    const auto places = find_text_lines(cleaned);
    const auto by_line = read_lines(cleaned, places, paragraphs_of(places), engine, alive);
    if (!by_line) return pass_on(by_line);

    auto words = printed_words(*by_page, kFineDpi);
    std::erase_if(words, [&](const PrintedWord& word) { return is_comb(word, combs); });
    int lines = 0, blocks = 0;
    for (const auto& word : words) {
        lines = std::max(lines, word.line + 1);
        blocks = std::max(blocks, word.block + 1);
    }
    std::vector<PrintedWord> missed;
    for (auto word : printed_words(*by_line, kCoarseDpi)) {
        if (is_known(word, words)) continue;
        word.line += lines;
        word.block += blocks;
        missed.push_back(std::move(word));
    }
    words.insert(words.end(), std::make_move_iterator(missed.begin()), std::make_move_iterator(missed.end()));
    return words;
}

}  // namespace pleiade::reader::forms
