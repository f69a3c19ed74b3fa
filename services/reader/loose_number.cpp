#include "services/reader/loose_number.h"

#include <algorithm>
#include <iterator>

#include "services/reader/fields/numbers.h"
#include "services/reader/loose_figures.h"
#include "services/reader/touching_figures.h"

namespace pleiade::reader {
namespace {

constexpr std::size_t kPiecesMax = 24;  // a number with letters beside it

// Letters that stand beside a number are no figures to the digit model: what is left between them is the number.
std::vector<CombLine> without_strangers(const std::vector<CombLine>& lines) {
    std::vector<CombLine> numbers;
    for (const auto& line : lines) {
        const auto& words = line.text.words;
        const auto is_figure = [](const OcrWord& word) { return word.text != "?"; };
        for (auto from = std::find_if(words.begin(), words.end(), is_figure); from != words.end();) {
            const auto to = std::find_if_not(from, words.end(), is_figure);
            if (static_cast<std::size_t>(to - from) == kNirFigures) {
                CombLine number;
                number.told = true;
                number.text.words.assign(from, to);
                number.text.box = number.text.words.front().box;
                for (const auto& word : number.text.words) number.text.box = fields::around(number.text.box, word.box);
                number.box = number.text.box;
                numbers.push_back(std::move(number));
            }
            from = std::find_if(to, words.end(), is_figure);
        }
    }
    return numbers;
}

std::optional<CombLine> whole_number(const cv::Mat& ink, const Box& place, const ReadRows& read) {
    for (auto& line : rows_of_fifteen(ink, place, read)) {
        if (is_person_number(line.text)) return std::move(line);
    }
    return std::nullopt;
}

std::optional<CombLine> number_in_groups(const cv::Mat& ink, const Box& place, const ReadRows& read) {
    auto rows = figures_apart(ink, place, kNirFigures, kNirFigures);
    std::erase_if(rows, [](const CombRow& row) { return !stands_in_groups_of_a_nir(row); });
    for (auto& line : read(rows)) {
        if (line.told) return std::move(line);
    }
    return std::nullopt;
}

}  // namespace

std::vector<CombLine> rows_of_fifteen(const cv::Mat& ink, const Box& place, const ReadRows& read) {
    auto lines = read(figures_apart(ink, place, kNirFigures, kNirFigures));
    auto others = without_strangers(read(figures_apart(ink, place, kNirFigures, kPiecesMax)));
    std::move(others.begin(), others.end(), std::back_inserter(lines));
    return lines;
}

std::optional<CombLine> loose_number_at(const cv::Mat& ink, const Box& place, const ReadRows& read) {
    auto number = whole_number(ink, place, read);
    if (number) return number;
    const auto parted = touching_parted(ink, place);
    if (!number) number = whole_number(parted, place, read);
    if (!number) number = number_in_groups(ink, place, read);
    if (!number) number = number_in_groups(parted, place, read);
    return number;
}

}  // namespace pleiade::reader
