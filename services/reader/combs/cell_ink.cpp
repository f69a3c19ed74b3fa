#include "services/reader/combs/cell_ink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "services/reader/combs/form_lines.h"

namespace pleiade::reader::combs {
namespace {

constexpr int kInkMin = 90;  // of 255: paler is a shade, the soft edge of a stroke, or the other side of the sheet
constexpr double kAboveShare = 0.8, kBelowShare = 0.4, kBesideShare = 0.4;  // room around the row, in cells
constexpr double kRiseMax = 0.35;                         // of a cell, above it: of what runs through several cells
constexpr double kManyCells = 1.6;                        // as wide: several figures that touch, or a label with them
constexpr double kEmptyHeight = 0.2, kEmptyWidth = 0.22;  // of the cell: less is a speck
constexpr double kShareInOther = 0.25;                    // of a stroke's ink: more, and it is cut at the border
constexpr double kShareOfNarrow = 0.38;                   // of one that is no wider than a wide letter
constexpr double kOneCharacter = 1.3;                     // cells
constexpr double kCutHeightMin = 0.25;                    // of the cell: a stroke, no remains of the line
constexpr int kSpeckArea = 4;

// The part of the page around a row as ink: 0 for the paper there, 255 for the darkest stroke.
cv::Mat ink_map(const cv::Mat& band) {
    double histogram[256] = {};
    for (int y = 0; y < band.rows; ++y) {
        const auto* row = band.ptr<std::uint8_t>(y);
        for (int x = 0; x < band.cols; ++x) ++histogram[row[x]];
    }
    const double total = static_cast<double>(band.total());
    double seen = 0;
    int dark = -1, paper = 255;
    for (int level = 0; level < 256; ++level) {
        seen += histogram[level];
        if (dark < 0 && seen >= 0.004 * total) dark = level;
        if (seen >= 0.65 * total) {
            paper = level;
            break;
        }
    }
    const double span = std::max(70, paper - std::max(dark, 0));
    cv::Mat ink;
    band.convertTo(ink, CV_8U, -255 / span, 255.0 * paper / span);
    return ink;
}

struct Band {
    cv::Rect where;  // on the page
    cv::Mat ink;
    std::vector<cv::Rect> cells;  // in the band
    int step = 0;                 // from a cell to the next
};

Band band_of(const cv::Mat& grey, const CombRow& row) {
    const int step = row.box.width / static_cast<int>(row.cells.size());
    const int above = static_cast<int>(kAboveShare * step), below = static_cast<int>(kBelowShare * step);
    const int beside = static_cast<int>(kBesideShare * step);
    Band band;
    band.step = step;
    band.where =
        cv::Rect(row.box.x - beside, row.box.y - above, row.box.width + 2 * beside, row.box.height + above + below) &
        cv::Rect(0, 0, grey.cols, grey.rows);
    if (band.where.empty()) return band;
    band.ink = ink_map(grey(band.where));
    for (const auto& cell : row.cells) {
        band.cells.emplace_back(cell.x - band.where.x, cell.y - band.where.y, cell.width, cell.height);
    }
    return band;
}

void take_out_the_form(Band& band, const CombRow& row) {
    const auto& first = band.cells.front();
    const double middle = first.x + first.width / 2.0;
    const auto height_at = [&](int below_top) {
        return [&, below_top](int x) { return first.y + below_top + row.slope * (x - middle); };
    };
    take_out_level(band.ink, height_at(first.height), first.width, LevelLine::Foot);
    take_out_level(band.ink, height_at(0), first.width, LevelLine::Top);
    if (!row.teeth) return;
    std::vector<UprightLine> teeth;
    for (std::size_t i = 0; i < band.cells.size(); ++i) {
        const auto& cell = band.cells[i];
        const bool follows = i > 0 && std::abs(band.cells[i - 1].x + band.cells[i - 1].width - cell.x) <= 2;
        if (!follows) teeth.push_back({cell.x, cell.y, cell.y + cell.height});
        teeth.push_back({cell.x + cell.width, cell.y, cell.y + cell.height});
    }
    take_out_teeth(band.ink, teeth);
}

int cell_at(const std::vector<cv::Rect>& cells, int step, double x) {
    int nearest = -1;
    double best = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double left = cells[i].x, right = cells[i].x + cells[i].width;
        const double off = x < left ? left - x : x > right ? x - right : 0;
        if (nearest < 0 || off < best) {
            nearest = static_cast<int>(i);
            best = off;
        }
        if (off == 0) return static_cast<int>(i);
    }
    return best <= step * 0.5 ? nearest : -1;
}

// Gives each stroke to its cell: labels of the pixels, 0 for none, else cell + 1. `cut`: the cells whose stroke runs
// far into the next one.
cv::Mat cells_of_strokes(const Band& band, std::vector<bool>& cut_cells) {
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(band.ink >= kInkMin, labels, stats, centres, 8, CV_32S);
    cv::Mat owner(band.ink.size(), CV_16U, cv::Scalar(0));
    std::vector<int> cell_of_column(static_cast<std::size_t>(band.ink.cols));
    for (int x = 0; x < band.ink.cols; ++x)
        cell_of_column[static_cast<std::size_t>(x)] = cell_at(band.cells, band.step, x + 0.5);
    for (int i = 1; i < count; ++i) {
        const int* stat = stats.ptr<int>(i);
        const cv::Rect box(stat[cv::CC_STAT_LEFT], stat[cv::CC_STAT_TOP], stat[cv::CC_STAT_WIDTH],
                           stat[cv::CC_STAT_HEIGHT]);
        if (stat[cv::CC_STAT_AREA] < kSpeckArea) continue;
        std::vector<int> mass(band.cells.size(), 0);
        int total = 0;
        for (int y = box.y; y < box.y + box.height; ++y) {
            const int* row = labels.ptr<int>(y);
            for (int x = box.x; x < box.x + box.width; ++x) {
                const int cell = cell_of_column[static_cast<std::size_t>(x)];
                if (row[x] != i || cell < 0) continue;
                ++mass[static_cast<std::size_t>(cell)];
                ++total;
            }
        }
        if (total == 0) continue;
        const auto most = static_cast<int>(std::max_element(mass.begin(), mass.end()) - mass.begin());
        const auto& own = band.cells[static_cast<std::size_t>(most)];
        // A label above the row, the next row below it.
        const double middle = box.y + box.height / 2.0;
        if (middle < own.y - 0.05 * own.height || middle > own.y + 1.12 * own.height) continue;
        const int elsewhere = total - mass[static_cast<std::size_t>(most)];
        const bool wide = box.width > kOneCharacter * band.step;
        const bool cut = elsewhere > (wide ? kShareInOther : kShareOfNarrow) * total;
        if (cut && box.height > kCutHeightMin * own.height) cut_cells[static_cast<std::size_t>(most)] = true;
        const int rise = box.width > kManyCells * band.step ? own.y - static_cast<int>(kRiseMax * band.step) : 0;
        for (int y = std::max(box.y, rise); y < box.y + box.height; ++y) {
            const int* row = labels.ptr<int>(y);
            auto* own_row = owner.ptr<std::uint16_t>(y);
            for (int x = box.x; x < box.x + box.width; ++x) {
                if (row[x] != i) continue;
                const int cell = cut ? cell_of_column[static_cast<std::size_t>(x)] : most;
                if (cell >= 0) own_row[x] = static_cast<std::uint16_t>(cell + 1);
            }
        }
    }
    return owner;
}

// Where no line was taken out, a border that a character touches would come along with it.
void keep_to_the_characters(const Band& band, cv::Mat& owner) {
    cv::Mat characters(owner.size(), CV_8UC1, cv::Scalar(0));
    for (const auto& cell : band.cells) {
        cv::rectangle(characters, cv::Rect(cell.x - 2, cell.y - 2, cell.width + 4, cell.height + 4), cv::Scalar(255),
                      cv::FILLED);
    }
    owner.setTo(0, characters == 0);
}

CellInk of_one_cell(const Band& band, const cv::Mat& owner, std::size_t index) {
    CellInk found;
    const auto& cell = band.cells[index];
    cv::Mat mask = owner == static_cast<int>(index) + 1;
    const cv::Rect box = cv::boundingRect(mask);
    if (box.height < kEmptyHeight * cell.height && box.width < kEmptyWidth * cell.width) return found;
    // The soft edges of the strokes belong to them.
    cv::dilate(mask, mask, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    const cv::Rect around =
        cv::Rect(box.x - 2, box.y - 2, box.width + 4, box.height + 4) & cv::Rect(0, 0, band.ink.cols, band.ink.rows);
    found.ink = cv::Mat(around.size(), CV_8UC1, cv::Scalar(0));
    band.ink(around).copyTo(found.ink, mask(around));
    found.box = {box.x + band.where.x, box.y + band.where.y, box.width, box.height};
    return found;
}

}  // namespace

std::vector<CellInk> ink_of_cells(const cv::Mat& grey, const CombRow& row) {
    std::vector<CellInk> found(row.cells.size());
    if (row.cells.empty()) return found;
    Band band = band_of(grey, row);
    if (band.where.empty()) return found;
    if (row.drawn) take_out_the_form(band, row);
    std::vector<bool> cut(band.cells.size(), false);
    cv::Mat owner = cells_of_strokes(band, cut);
    if (!row.drawn) keep_to_the_characters(band, owner);
    for (std::size_t i = 0; i < band.cells.size(); ++i) {
        found[i] = of_one_cell(band, owner, i);
        found[i].cut = cut[i];
    }
    return found;
}

}  // namespace pleiade::reader::combs
