#include "services/reader/second_look.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "common/domain/identifiers/nir.h"
#include "services/reader/comb_rows.h"
#include "services/reader/fields/labels.h"
#include "services/reader/fields/numbers.h"
#include "services/reader/loose_figures.h"

namespace pleiade::reader {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kInkDark = 175;
constexpr int kReach = 720;        // how far an answer runs from its label
constexpr int kOverAndUnder = 26;  // an answer beside its label is larger, and stands a little off
constexpr int kBelow = 80;
constexpr int kLeftOfLabel = 24;
constexpr std::size_t kLabelsMax = 6;
constexpr std::size_t kNirFigures = 15;  // its key included

bool has_whole_number(const fields::PageRows& rows) {
    const auto whole = fields::stretches(rows, fields::number_runs(rows), kNirFigures);
    return std::any_of(whole.begin(), whole.end(), [](const fields::Candidate& candidate) {
        const auto number = parse_person_number(candidate.digits);
        return number && number->status == FieldStatus::Valid;
    });
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

void replace(OcrPage& page, CombLine told) {
    for (auto& line : page.lines) {
        std::erase_if(line.words, [&](const OcrWord& word) { return inside(word.box, told.box); });
    }
    std::erase_if(page.lines, [](const OcrLine& line) { return line.words.empty(); });
    const auto at = std::find_if(page.lines.begin(), page.lines.end(),
                                 [&](const OcrLine& line) { return line.box.y > told.text.box.y; });
    page.lines.insert(at, std::move(told.text));
}

}  // namespace

void look_again_for_numbers(const cv::Mat& grey, digits::DigitModel& model, OcrPage& page) {
    const auto rows = fields::page_rows(page);
    auto labels = fields::find_labels(rows).labels;
    std::erase_if(labels, [](const fields::LabelHit& hit) { return hit.label != fields::Label::Nir; });
    if (labels.empty() || has_whole_number(rows)) return;
    if (labels.size() > kLabelsMax) labels.resize(kLabelsMax);
    cv::Mat ink;
    cv::threshold(grey, ink, kInkDark, 255, cv::THRESH_BINARY_INV);
    for (const auto& label : labels) {
        for (const auto& place : places_of(label.box)) {
            auto read = read_comb_rows(grey, figures_apart(ink, place, kNirFigures, kNirFigures), model);
            const auto told = std::find_if(read.begin(), read.end(),
                                           [](const CombLine& line) { return is_person_number(line.text); });
            if (told == read.end()) continue;
            replace(page, std::move(*told));
            break;
        }
    }
}

}  // namespace pleiade::reader
