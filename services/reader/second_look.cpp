#include "services/reader/second_look.h"

#include <algorithm>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>

#include "common/domain/identifiers/nir.h"
#include "services/reader/comb_rows.h"
#include "services/reader/fields/judgement.h"
#include "services/reader/fields/labels.h"
#include "services/reader/fields/numbers.h"
#include "services/reader/loose_figures.h"
#include "services/reader/loose_number.h"
#include "services/reader/touching_figures.h"

namespace pleiade::reader {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kInkDark = 175;
constexpr int kReach = 720;        // how far an answer runs from its label
constexpr int kOverAndUnder = 26;  // an answer beside its label is larger, and stands a little off
constexpr int kBelow = 80;
constexpr int kLeftOfLabel = 24;
constexpr int kAround = 8;
constexpr std::ptrdiff_t kLettersOfWord = 3;
constexpr double kSureOfWord = 0.8;
constexpr std::size_t kLabelsMax = 6;

// A number with its key, as text recognition or the boxes of a comb gave it.
struct ReadNumber {
    Box box;
    std::string figures;
    bool corrected = false;  // a letter was taken for the figure that it is confused with
    bool sure = false;
};

std::vector<ReadNumber> numbers_on(const fields::PageRows& rows) {
    std::vector<ReadNumber> found;
    for (const auto& whole : fields::stretches(rows, fields::number_runs(rows), kNirFigures)) {
        const auto [text, corrected] = fields::person_figures(whole);
        const auto number = parse_person_number(text);
        if (!number || number->status != FieldStatus::Valid) continue;
        const bool sure = !whole.odds.empty() ||
                          (corrected == 0 && fields::read_surely_under_modulo_97(whole.confidence, whole.weakest));
        found.push_back({whole.box, number->value, corrected > 0, sure});
    }
    return found;
}

std::vector<Box> places_of(const Box& label) {
    const int right = label.x + label.width, bottom = label.y + label.height;
    return {{right + 2, label.y - kOverAndUnder, kReach, label.height + 2 * kOverAndUnder},
            {label.x - kLeftOfLabel, bottom + 1, kReach + kLeftOfLabel, kBelow}};
}

bool inside(const Box& word, const Box& row) {
    const int x = word.x + word.width / 2, y = word.y + word.height / 2;
    return x >= row.x && x < row.x + row.width && y >= row.y && y < row.y + row.height;
}

Box place_around(const Box& number) {
    return {number.x - kLeftOfLabel, number.y - kAround, number.width + 2 * kLeftOfLabel, number.height + 2 * kAround};
}

// Beside the label or below it: nothing else is to be looked for there.
bool is_answered(const Box& label, const std::vector<ReadNumber>& numbers) {
    return std::any_of(numbers.begin(), numbers.end(), [&](const ReadNumber& number) {
        const auto places = places_of(label);
        return std::any_of(places.begin(), places.end(), [&](const Box& place) { return inside(number.box, place); });
    });
}

// What text recognition read surely as a word is no figure.
void blot_words(const OcrPage& page, cv::Mat& ink) {
    const cv::Rect all(0, 0, ink.cols, ink.rows);
    for (const auto& line : page.lines) {
        for (const auto& word : line.words) {
            const auto letters = std::count_if(word.text.begin(), word.text.end(), [](unsigned char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
            });
            const bool figures =
                std::any_of(word.text.begin(), word.text.end(), [](char c) { return c >= '0' && c <= '9'; });
            if (word.odds || figures || letters < kLettersOfWord || word.confidence < kSureOfWord) continue;
            ink(cv::Rect(word.box.x, word.box.y, word.box.width, word.box.height) & all).setTo(0);
        }
    }
}

std::string figures_of(const OcrLine& line) {
    std::string text;
    for (const auto& word : line.words) text += word.text;
    return text;
}

void replace(OcrPage& page, CombLine told) {
    for (auto& line : page.lines) {
        std::erase_if(line.words, [&](const OcrWord& word) { return inside(word.box, told.box); });
    }
    std::erase_if(page.lines, [](const OcrLine& line) { return line.words.empty(); });
    const auto at = std::find_if(page.lines.begin(), page.lines.end(),
                                 [&](const OcrLine& line) { return line.box.y > told.text.box.y; });
    page.lines.insert(at, std::move(told.text));
}

// What two readers read alike is as sure as the surer of them. False: a part of it was read as one word with its label.
bool confirm(OcrPage& page, const CombLine& told) {
    double surety = 1;
    for (const auto& word : told.text.words) surety = std::min(surety, word.confidence);
    std::vector<OcrWord*> words;
    std::size_t figures = 0;
    for (auto& line : page.lines) {
        for (auto& word : line.words) {
            if (!inside(word.box, told.box)) continue;
            words.push_back(&word);
            figures += static_cast<std::size_t>(std::count_if(word.text.begin(), word.text.end(), [](char c) {
                return (c >= '0' && c <= '9') || c == 'A' || c == 'B';  // of Corsica
            }));
        }
    }
    if (figures != kNirFigures) return false;
    for (auto* word : words) word->confidence = std::max(word->confidence, surety);
    return true;
}

}  // namespace

void look_again_for_numbers(const cv::Mat& grey, digits::DigitModel& model, OcrPage& page) {
    const auto rows = fields::page_rows(page);
    const auto numbers = numbers_on(rows);
    auto labels = fields::find_labels(rows).labels;
    std::erase_if(labels, [&](const fields::LabelHit& hit) {
        return hit.label != fields::Label::Nir || is_answered(hit.box, numbers);
    });
    if (labels.size() > kLabelsMax) labels.resize(kLabelsMax);
    const bool unsure = std::any_of(numbers.begin(), numbers.end(), [](const auto& number) { return !number.sure; });
    if (labels.empty() && !unsure) return;
    cv::Mat ink;
    cv::threshold(grey, ink, kInkDark, 255, cv::THRESH_BINARY_INV);
    blot_words(page, ink);
    const ReadRows read = [&](const std::vector<CombRow>& cut) { return read_comb_rows(grey, cut, model); };
    for (const auto& number : numbers) {
        if (number.sure) continue;
        const auto place = place_around(number.box);
        auto lines = rows_of_fifteen(ink, place, read);
        auto parted = rows_of_fifteen(touching_parted(ink, place), place, read);
        std::move(parted.begin(), parted.end(), std::back_inserter(lines));
        const auto same = std::find_if(lines.begin(), lines.end(),
                                       [&](const CombLine& line) { return figures_of(line.text) == number.figures; });
        if (same == lines.end()) continue;
        if (number.corrected || !confirm(page, *same)) replace(page, std::move(*same));
    }
    for (const auto& label : labels) {
        for (const auto& place : places_of(label.box)) {
            auto told = loose_number_at(ink, place, read);
            if (!told) continue;
            replace(page, std::move(*told));
            break;
        }
    }
}

}  // namespace pleiade::reader
