#include "services/reader/comb_rows.h"

#include <algorithm>

#include "services/reader/combs/cell_ink.h"
#include "services/reader/combs/drawn_combs.h"
#include "services/reader/combs/stepped_combs.h"
#include "services/reader/digits/glyph.h"

namespace pleiade::reader {
namespace {

// Of the cells that are filled, those that must be figures for the row to be one of figures.
constexpr double kFiguresOfDrawn = 0.6;
constexpr double kSureOfDrawn = 0.6;        // mean odds of these; letters taken for figures are less sure
constexpr double kFiguresOfStepped = 0.85;  // words written wide apart look like a row too
constexpr double kSureOfStepped = 0.8;
constexpr double kDistrusted = 0.3;
constexpr double kCutMax = 0.3;  // of the cells that are filled

struct Cell {
    Box box;
    Box ink;
    digits::Odds odds{};
    int kind = digits::kEmpty;
};

bool is_character(int kind) {
    return kind < digits::kEmpty;
}

std::vector<Cell> read_cells(const cv::Mat& upright, const CombRow& row, digits::DigitModel& model) {
    const auto inks = combs::ink_of_cells(upright, row);
    std::vector<cv::Mat> glyphs;
    for (const auto& ink : inks) glyphs.push_back(digits::glyph_of(ink.ink));
    const auto odds = model.read(glyphs);
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < inks.size(); ++i) {
        cells.push_back({row.cells[i], inks[i].box, odds[i], digits::likeliest(odds[i])});
    }
    return cells;
}

void add_words(const std::vector<Cell>& cells, OcrLine& line) {
    const auto filled = [](const Cell& cell) { return cell.kind != digits::kEmpty; };
    const auto first = std::find_if(cells.begin(), cells.end(), filled);
    const auto last = std::find_if(cells.rbegin(), cells.rend(), filled).base();
    for (auto cell = first; cell != last; ++cell) {
        OcrWord word;
        word.text = is_character(cell->kind) ? digits::character_of(cell->kind) : '?';
        word.confidence = is_character(cell->kind) ? cell->odds[static_cast<std::size_t>(cell->kind)] : 0.0;
        // As wide as the cell, so that figures of one number stand at one distance; as high as what is written.
        word.box = {cell->box.x, cell->ink.empty() ? cell->box.y : cell->ink.y, cell->box.width,
                    cell->ink.empty() ? cell->box.height : cell->ink.height};
        word.odds = cell->odds;
        line.words.push_back(std::move(word));
    }
}

cv::Rect rect_of(const Box& box) {
    return {box.x, box.y, box.width, box.height};
}

CombLine line_of(const CombRow& row, const std::vector<Cell>& cells) {
    CombLine line;
    cv::Rect all = rect_of(row.box);
    double filled = 0, figures = 0, sure = 0;
    for (const auto& cell : cells) {
        if (cell.kind == digits::kEmpty) continue;
        ++filled;
        figures += is_character(cell.kind) ? 1 : 0;
        sure += is_character(cell.kind) ? cell.odds[static_cast<std::size_t>(cell.kind)] : 0;
        all |= rect_of(cell.ink);
    }
    line.box = {all.x, all.y, all.width, all.height};
    line.text.box = row.box;
    line.told = row.drawn ? figures >= kFiguresOfDrawn * filled && sure >= kSureOfDrawn * figures
                          : figures >= kFiguresOfStepped * filled && sure >= kSureOfStepped * figures;
    if (line.told && filled > 0) add_words(cells, line.text);
    return line;
}

// People write between the borders of cells: where they do not, these were lines of something else.
bool is_written_across(const cv::Mat& upright, const CombRow& row) {
    int written = 0, cut = 0;
    for (const auto& cell : combs::ink_of_cells(upright, row)) {
        written += cell.ink.empty() ? 0 : 1;
        cut += cell.cut ? 1 : 0;
    }
    return cut > kCutMax * written;
}

}  // namespace

std::vector<CombRow> find_comb_rows(const cv::Mat& upright) {
    auto rows = combs::find_drawn_combs(upright);
    std::erase_if(rows, [&](const CombRow& row) { return is_written_across(upright, row); });
    auto stepped = combs::find_stepped_combs(upright, rows);
    rows.insert(rows.end(), std::make_move_iterator(stepped.begin()), std::make_move_iterator(stepped.end()));
    return rows;
}

std::vector<CombLine> read_comb_rows(const cv::Mat& upright, const std::vector<CombRow>& rows,
                                     digits::DigitModel& model) {
    std::vector<CombLine> lines;
    for (const auto& row : rows) lines.push_back(line_of(row, read_cells(upright, row, model)));
    return lines;
}

cv::Mat without_told(const cv::Mat& upright, const std::vector<CombLine>& rows) {
    cv::Mat cleaned = upright;
    for (const auto& row : rows) {
        if (!row.told) continue;
        if (cleaned.data == upright.data) cleaned = upright.clone();
        const cv::Rect box(row.box.x - 4, row.box.y - 4, row.box.width + 8, row.box.height + 8);
        cleaned(box & cv::Rect(0, 0, cleaned.cols, cleaned.rows)).setTo(255);
    }
    return cleaned;
}

void distrust_untold(std::vector<OcrLine>& lines, const std::vector<CombLine>& rows) {
    for (auto& line : lines) {
        for (auto& word : line.words) {
            const bool figures =
                std::any_of(word.text.begin(), word.text.end(), [](char c) { return c >= '0' && c <= '9'; });
            const bool inside = std::any_of(rows.begin(), rows.end(), [&](const CombLine& row) {
                const auto shared = rect_of(row.box) & rect_of(word.box);
                return !row.told && shared.area() * 2 > rect_of(word.box).area();
            });
            if (figures && inside) word.confidence = std::min(word.confidence, kDistrusted);
        }
    }
}

}  // namespace pleiade::reader
