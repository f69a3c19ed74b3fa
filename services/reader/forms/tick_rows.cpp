#include "services/reader/forms/tick_rows.h"

#include <algorithm>
#include <cmath>

#include "services/reader/fold.h"

namespace pleiade::reader::forms {
namespace {

// Millimetres.
constexpr double kSameRow = 1.8;  // between the middles of a box and of its words
constexpr double kBeside = 6;     // words further from a box than that are not its own
constexpr double kEdge = 0.3;     // of a box's own line

constexpr double kNearer = 0.75;  // words of the side that names the boxes, against those of the other side

double middle(const cv::Rect2d& box) {
    return box.y + box.height / 2;
}

// OCR reads an empty box as a letter of the word beside it: those letters are taken off.
void take_off(const cv::Rect2d& tick, RowWord& word) {
    const auto letters = static_cast<double>(word.text.size());
    const double pitch = word.box.width / letters;
    const double left = tick.x - kEdge, right = tick.br().x + kEdge;
    const double from = word.box.x, to = word.box.br().x;
    if (from < right && to > right && from > left - pitch) {
        const auto count = static_cast<std::size_t>(std::lround((right - from) / pitch));
        if (count == 0 || count >= word.text.size()) return;
        word.text.erase(0, count);
        word.box.x += static_cast<double>(count) * pitch;
        word.box.width -= static_cast<double>(count) * pitch;
    } else if (to > left && from < left && to < right + pitch) {
        const auto count = static_cast<std::size_t>(std::lround((to - left) / pitch));
        if (count == 0 || count >= word.text.size()) return;
        word.text.erase(word.text.size() - count);
        word.box.width -= static_cast<double>(count) * pitch;
    }
}

void add_words(const std::vector<PrintedWord>& words, TickRow& row) {
    for (const auto& printed : words) {
        if (std::abs(middle(printed.box) - middle(row.boxes.front()->box)) >= kSameRow) continue;
        RowWord word{plain_words(printed.text), printed.box};
        if (word.text.empty()) continue;
        bool is_box = false;
        for (const auto* zone : row.boxes) {
            take_off(zone->box, word);
            is_box = is_box || (zone->box & word.box).area() > 0.5 * word.box.area();
        }
        if (!is_box) row.words.push_back(std::move(word));
    }
    std::sort(row.words.begin(), row.words.end(), [](const RowWord& a, const RowWord& b) { return a.box.x < b.box.x; });
}

struct Gaps {
    double before = kBeside, behind = kBeside;
};

Gaps gaps_of(const TickRow& row, const cv::Rect2d& tick) {
    Gaps gaps;
    for (const auto& word : row.words) {
        if (word.box.br().x < tick.x + 1) gaps.before = std::min(gaps.before, std::max(0.0, tick.x - word.box.br().x));
        if (word.box.x > tick.br().x - 1) gaps.behind = std::min(gaps.behind, std::max(0.0, word.box.x - tick.br().x));
    }
    return gaps;
}

}  // namespace

std::string TickRow::text_between(double from, double to) const {
    std::string text;
    for (const auto& word : words) {
        const double at = word.box.x + word.box.width / 2;
        if (at > from && at < to) text += (text.empty() ? "" : " ") + word.text;
    }
    return text;
}

std::vector<TickRow> tick_rows(Form& form, const std::vector<PrintedWord>& words) {
    std::vector<TickRow> rows;
    for (auto& zone : form.zones) {
        if (zone.kind != ZoneKind::Tick) continue;
        auto row = std::find_if(rows.begin(), rows.end(), [&](const TickRow& other) {
            return std::abs(middle(other.boxes.front()->box) - middle(zone.box)) < kSameRow;
        });
        if (row == rows.end()) row = rows.insert(rows.end(), TickRow{});
        row->boxes.push_back(&zone);
    }
    for (auto& row : rows) {
        std::sort(row.boxes.begin(), row.boxes.end(), [](auto* a, auto* b) { return a->box.x < b->box.x; });
        add_words(words, row);
    }
    return rows;
}

WordSide side_of_words(const std::vector<TickRow>& rows) {
    double before = 0, behind = 0;
    for (const auto& row : rows) {
        for (const auto* zone : row.boxes) {
            const auto gaps = gaps_of(row, zone->box);
            before += gaps.before;
            behind += gaps.behind;
        }
    }
    if (behind < kNearer * before) return WordSide::Behind;
    return before < kNearer * behind ? WordSide::Before : WordSide::Unsure;
}

}  // namespace pleiade::reader::forms
