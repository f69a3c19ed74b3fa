#include "services/reader/combs/cell_ink.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>

namespace pleiade::reader::combs {
namespace {

constexpr int kInkMin = 90;      // of 255: paler is a shade, the soft edge of a stroke, or the other side of the sheet
constexpr int kLineInkMin = 40;  // lines of the form may be pale
constexpr int kLineReach = 4;    // pixels around where a line is expected
constexpr int kRunMax = 14;      // how far a run is followed away from the line
constexpr int kStrokeMin = 2;    // past the line: a stroke, not the line's own unevenness
constexpr double kAboveShare = 0.35, kBelowShare = 0.4, kBesideShare = 0.4;  // room around the row, in cells
constexpr double kEmptyHeight = 0.2, kEmptyWidth = 0.22;                     // of the cell: less is a speck
constexpr double kShareInOther = 0.25;  // of a stroke's ink: more, and it is cut at the border
constexpr double kCutHeightMin = 0.25;  // of the cell: a stroke, no remains of the line
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

// A line of the form seen across: `count` places along it, and how to reach the pixel `away` from it at each.
struct Across {
    int count = 0;
    std::function<std::uint8_t*(int place, int away)> pixel;  // nullptr outside of the image
};

// Ink without a gap across the line: from `begin` to `end`, both included.
struct RunAcross {
    int begin = 0, end = 0;
    bool found = false;
    int length() const { return end - begin + 1; }
};

RunAcross run_at(const Across& line, int place) {
    RunAcross run;
    int strongest = kLineInkMin, middle = 0;
    for (int away = -kLineReach; away <= kLineReach; ++away) {
        const auto* pixel = line.pixel(place, away);
        const int near = pixel == nullptr ? 0 : *pixel - 3 * std::abs(away);  // of two, the nearer one
        if (pixel != nullptr && near > strongest) {
            strongest = near;
            middle = away;
            run.found = true;
        }
    }
    const auto inked = [&](int away) {
        const auto* pixel = line.pixel(place, away);
        return pixel != nullptr && *pixel >= kLineInkMin;
    };
    run.begin = run.end = middle;
    while (run.found && middle - run.begin < kRunMax && inked(run.begin - 1)) --run.begin;
    while (run.found && run.end - middle < kRunMax && inked(run.end + 1)) ++run.end;
    return run;
}

int quantile(std::vector<int>& values, double share) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

// Takes a line out: where it stands alone, whole; where a stroke touches it, the line alone; where one crosses it,
// nothing.
void take_out(const Across& line) {
    std::vector<RunAcross> runs;
    std::vector<int> lengths, begins;
    for (int place = 0; place < line.count; ++place) {
        runs.push_back(run_at(line, place));
        if (runs.back().found) lengths.push_back(runs.back().length());
    }
    if (lengths.empty()) return;
    const int thick = std::clamp(quantile(lengths, 0.4), 1, 7);
    for (const auto& run : runs) {
        if (run.found && run.length() <= thick + 1) begins.push_back(run.begin);
    }
    if (begins.empty()) return;
    const int first = quantile(begins, 0.5), last = first + thick - 1;  // where the line itself is
    for (int place = 0; place < line.count; ++place) {
        const auto& run = runs[static_cast<std::size_t>(place)];
        if (!run.found) continue;
        int from = run.begin, to = run.end;
        if (run.length() > thick + 1) {
            const bool before = first - run.begin >= kStrokeMin, after = run.end - last >= kStrokeMin;
            if (before && after) continue;
            if (before) from = first;
            if (after) to = last;
        }
        for (int away = from; away <= to; ++away) {
            if (auto* pixel = line.pixel(place, away)) *pixel = 0;
        }
    }
}

Across level_line(cv::Mat& ink, const std::function<double(int)>& y_at) {
    return {ink.cols, [&ink, y_at](int x, int away) -> std::uint8_t* {
                const int y = static_cast<int>(std::lround(y_at(x))) + away;
                return y < 0 || y >= ink.rows ? nullptr : ink.ptr<std::uint8_t>(y) + x;
            }};
}

Across upright_line(cv::Mat& ink, int x, int top, int bottom) {
    return {bottom - top, [&ink, x, top](int place, int away) -> std::uint8_t* {
                const int y = top + place, at = x + away;
                return y < 0 || y >= ink.rows || at < 0 || at >= ink.cols ? nullptr : ink.ptr<std::uint8_t>(y) + at;
            }};
}

struct Band {
    cv::Rect where;  // on the page
    cv::Mat ink;
    std::vector<cv::Rect> cells;  // in the band
};

Band band_of(const cv::Mat& grey, const CombRow& row) {
    const int step = row.box.width / static_cast<int>(row.cells.size());
    const int above = static_cast<int>(kAboveShare * step), below = static_cast<int>(kBelowShare * step);
    const int beside = static_cast<int>(kBesideShare * step);
    Band band;
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
    take_out(level_line(band.ink, height_at(first.height)));
    take_out(level_line(band.ink, height_at(0)));
    if (!row.teeth) return;
    const auto tooth = [&](const cv::Rect& cell, int x) {
        take_out(upright_line(band.ink, x, cell.y - kLineReach, cell.y + cell.height + kLineReach));
    };
    for (std::size_t i = 0; i < band.cells.size(); ++i) {
        const auto& cell = band.cells[i];
        const bool follows = i > 0 && std::abs(band.cells[i - 1].x + band.cells[i - 1].width - cell.x) <= 2;
        if (!follows) tooth(cell, cell.x);
        tooth(cell, cell.x + cell.width);
    }
}

int cell_at(const std::vector<cv::Rect>& cells, double x) {
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
    return best <= cells.front().width * 0.5 ? nearest : -1;
}

// Gives each stroke to its cell: labels of the pixels, 0 for none, else cell + 1. `cut`: the cells whose stroke runs
// far into the next one.
cv::Mat cells_of_strokes(const Band& band, std::vector<bool>& cut_cells) {
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(band.ink >= kInkMin, labels, stats, centres, 8, CV_32S);
    cv::Mat owner(band.ink.size(), CV_16U, cv::Scalar(0));
    std::vector<int> cell_of_column(static_cast<std::size_t>(band.ink.cols));
    for (int x = 0; x < band.ink.cols; ++x) cell_of_column[static_cast<std::size_t>(x)] = cell_at(band.cells, x + 0.5);
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
        const bool cut = total - mass[static_cast<std::size_t>(most)] > kShareInOther * total;
        if (cut && box.height > kCutHeightMin * own.height) cut_cells[static_cast<std::size_t>(most)] = true;
        for (int y = box.y; y < box.y + box.height; ++y) {
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
    if (!row.drawn) {  // the cells are the characters themselves
        for (std::size_t i = 0; i < band.cells.size(); ++i) {
            const auto& cell = band.cells[i];
            const cv::Rect around = cv::Rect(cell.x - 2, cell.y - 2, cell.width + 4, cell.height + 4) &
                                    cv::Rect(0, 0, band.ink.cols, band.ink.rows);
            if (!around.empty()) found[i] = {band.ink(around).clone(), row.cells[i]};
        }
        return found;
    }
    take_out_the_form(band, row);
    std::vector<bool> cut(band.cells.size(), false);
    const cv::Mat owner = cells_of_strokes(band, cut);
    for (std::size_t i = 0; i < band.cells.size(); ++i) {
        found[i] = of_one_cell(band, owner, i);
        found[i].cut = cut[i];
    }
    return found;
}

}  // namespace pleiade::reader::combs
