#include "services/decoder/code_places.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace pleiade::decoder {
namespace {

constexpr int kCell = 8;      // pixels, 1.4 mm at 150 dpi
constexpr int kLineStep = 2;  // lines of a cell that are looked at: bars are the same in each
constexpr int kLinesOfACell = kCell / kLineStep;
// Narrow bars of 0.65 mm, wide for a letter, change 0.5 to 0.9 times a millimetre; combs and tables 0.4 times.
constexpr double kChangesPerMmMin = 0.45;
// Modules of 0.65 mm change 0.75 times a millimetre on average, both ways, and half of them are black: of letters, a
// quarter is at most.
constexpr double kModuleChangesPerMmMin = 0.5;
constexpr double kSmallChangesPerMmMin = 0.7;  // of a cell alone, whatever stands around it: small modules
constexpr double kModulesBlackMin = 0.33, kModulesBlackMax = 0.7;
constexpr int kContrastMin = 40;
constexpr int kOneWay = 3;  // bars change along at least so many times as much as across: a tilt of 15 degrees
constexpr std::size_t kPlacesPerKindMax = 16;

struct Cell {
    int along = 0, down = 0;  // sums of the steps between neighbours
    int light = 0;            // of all its pixels together
    std::uint8_t darkest = 255, lightest = 0;
};

struct Grid {
    int columns = 0, rows = 0;
    std::vector<Cell> cells;
    const Cell& at(int x, int y) const {
        return cells[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(x)];
    }
};

std::uint8_t step(std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::max(a, b) - std::min(a, b));
}

// What the rows of a line of cells hold, column by column: the loops run along whole rows, which is what makes them
// fast.
struct Strip {
    std::vector<std::uint16_t> along, down, light;
    std::vector<std::uint8_t> darkest, lightest;

    // `width` columns, each of which has a neighbour.
    void measure(const Picture& picture, int top, std::size_t width) {
        along.assign(width, 0);
        down.assign(width, 0);
        light.assign(width, 0);
        darkest.assign(width, 255);
        lightest.assign(width, 0);
        for (int y = top; y < top + kCell; ++y) {
            const std::uint8_t* row = picture.row(y);
            const std::uint8_t* below = picture.row(y + 1);
            for (std::size_t x = 0; x < width; ++x) {
                down[x] = static_cast<std::uint16_t>(down[x] + step(row[x], below[x]));
            }
            if (y % kLineStep != 0) continue;
            for (std::size_t x = 0; x < width; ++x) {
                along[x] = static_cast<std::uint16_t>(along[x] + step(row[x], row[x + 1]));
                light[x] = static_cast<std::uint16_t>(light[x] + row[x]);
                darkest[x] = std::min(darkest[x], row[x]);
                lightest[x] = std::max(lightest[x], row[x]);
            }
        }
    }

    Cell cell(std::size_t left) const {
        Cell cell;
        for (std::size_t x = left; x < left + kCell; ++x) {
            cell.along += along[x];
            cell.light += light[x];
            if (x % kLineStep == 0) cell.down += down[x];
            cell.darkest = std::min(cell.darkest, darkest[x]);
            cell.lightest = std::max(cell.lightest, lightest[x]);
        }
        return cell;
    }
};

Grid texture_of(const Picture& picture) {
    // The last column and row have no neighbour.
    Grid grid{(picture.width - 1) / kCell, (picture.height - 1) / kCell, {}};
    grid.cells.reserve(static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows));
    const std::size_t width = static_cast<std::size_t>(grid.columns) * kCell;
    Strip strip;
    for (int row = 0; row < grid.rows; ++row) {
        strip.measure(picture, row * kCell, width);
        for (std::size_t left = 0; left < width; left += kCell) grid.cells.push_back(strip.cell(left));
    }
    return grid;
}

// A cell with its neighbours before and after, along the rows or down the columns: a wide bar fills a cell alone. Where
// nothing stands out, which is nearly everywhere, nothing is worked out.
Cell with_neighbours(const Grid& grid, int x, int y, bool along_rows) {
    Cell sum;
    int cells = 0;
    for (int n = -1; n <= 1; ++n) {
        const int cx = along_rows ? x + n : x, cy = along_rows ? y : y + n;
        if (cx < 0 || cy < 0 || cx >= grid.columns || cy >= grid.rows) continue;
        const Cell& cell = grid.at(cx, cy);
        sum.along += cell.along;
        sum.down += cell.down;
        sum.darkest = std::min(sum.darkest, cell.darkest);
        sum.lightest = std::max(sum.lightest, cell.lightest);
        ++cells;
    }
    if (sum.lightest - sum.darkest < kContrastMin) return {};
    sum.along /= cells;
    sum.down /= cells;
    return sum;
}

// How often black and white change over the width of a cell: the steps of a line through it, in units of its contrast.
double changes(int steps, const Cell& cell) {
    const int contrast = cell.lightest - cell.darkest;
    return contrast < kContrastMin ? 0 : static_cast<double>(steps) / kLinesOfACell / contrast;
}

// A cell with the eight around it: a cell alone holds two modules or three, which may be all black.
bool are_modules(const Grid& grid, int x, int y, double changes_min) {
    const Cell& own = grid.at(x, y);
    if (own.lightest - own.darkest < kContrastMin) return false;
    Cell sum;
    int cells = 0;
    for (int cy = std::max(0, y - 1); cy <= std::min(grid.rows - 1, y + 1); ++cy) {
        for (int cx = std::max(0, x - 1); cx <= std::min(grid.columns - 1, x + 1); ++cx) {
            const Cell& cell = grid.at(cx, cy);
            sum.along += cell.along;
            sum.down += cell.down;
            sum.light += cell.light;
            sum.darkest = std::min(sum.darkest, cell.darkest);
            sum.lightest = std::max(sum.lightest, cell.lightest);
            ++cells;
        }
    }
    sum.along /= cells;
    sum.down /= cells;
    const double light = static_cast<double>(sum.light) / (cells * kLinesOfACell * kCell);
    const double black = (sum.lightest - light) / (sum.lightest - sum.darkest);
    return black >= kModulesBlackMin && black <= kModulesBlackMax && changes(sum.along, sum) >= changes_min &&
           changes(sum.down, sum) >= changes_min;
}

// Cells that are alike and touch, as their box in cells.
struct Patch {
    int left = 0, top = 0, right = 0, bottom = 0;  // last ones included
    int count = 0;
    int columns() const { return right - left + 1; }
    int rows() const { return bottom - top + 1; }
    double fill() const { return static_cast<double>(count) / (columns() * rows()); }
};

// `reach_x`, `reach_y`: how many cells further on a neighbour still counts as one.
std::vector<Patch> patches_of(std::vector<char> chosen, const Grid& grid, int reach_x, int reach_y) {
    std::vector<Patch> patches;
    std::vector<std::pair<int, int>> open;
    const auto at = [&](int x, int y) -> char& {
        return chosen[static_cast<std::size_t>(y) * static_cast<std::size_t>(grid.columns) +
                      static_cast<std::size_t>(x)];
    };
    for (int y = 0; y < grid.rows; ++y) {
        for (int x = 0; x < grid.columns; ++x) {
            if (!at(x, y)) continue;
            Patch patch{x, y, x, y, 0};
            at(x, y) = 0;
            open.emplace_back(x, y);
            while (!open.empty()) {
                const auto [cx, cy] = open.back();
                open.pop_back();
                ++patch.count;
                patch.left = std::min(patch.left, cx);
                patch.right = std::max(patch.right, cx);
                patch.top = std::min(patch.top, cy);
                patch.bottom = std::max(patch.bottom, cy);
                for (int ny = std::max(0, cy - reach_y); ny <= std::min(grid.rows - 1, cy + reach_y); ++ny) {
                    for (int nx = std::max(0, cx - reach_x); nx <= std::min(grid.columns - 1, cx + reach_x); ++nx) {
                        if (!at(nx, ny)) continue;
                        at(nx, ny) = 0;
                        open.emplace_back(nx, ny);
                    }
                }
            }
            patches.push_back(patch);
        }
    }
    return patches;
}

template <class Choose>
std::vector<char> cells_where(const Grid& grid, Choose choose) {
    std::vector<char> chosen;
    chosen.reserve(grid.cells.size());
    for (int y = 0; y < grid.rows; ++y) {
        for (int x = 0; x < grid.columns; ++x) chosen.push_back(choose(x, y) ? 1 : 0);
    }
    return chosen;
}

// Takes away what goes on for more than `length_max` cells across the bars: the rules of a table.
void without_rules(std::vector<char>& chosen, const Grid& grid, bool bars_along_rows, double length_max) {
    const int lines = bars_along_rows ? grid.columns : grid.rows, length = bars_along_rows ? grid.rows : grid.columns;
    for (int line = 0; line < lines; ++line) {
        const auto at = [&](int n) -> char& {
            const int x = bars_along_rows ? line : n, y = bars_along_rows ? n : line;
            return chosen[static_cast<std::size_t>(y) * static_cast<std::size_t>(grid.columns) +
                          static_cast<std::size_t>(x)];
        };
        for (int n = 0; n < length;) {
            int end = n;
            while (end < length && at(end)) ++end;
            if (end - n > length_max) {
                for (int i = n; i < end; ++i) at(i) = 0;
            }
            n = std::max(end, n + 1);
        }
    }
}

}  // namespace

std::vector<CodePlace> find_code_places(const Picture& picture, double dpi) {
    const Grid grid = texture_of(picture);
    const double cells_per_mm = dpi / 25.4 / kCell;
    const auto cells = [&](double mm) { return mm * cells_per_mm; };
    const double few = kChangesPerMmMin / cells_per_mm, many = kModuleChangesPerMmMin / cells_per_mm;

    std::vector<CodePlace> places;
    const auto take = [&](std::vector<Patch> patches, CodePlace::Kind kind, double margin_x_mm, double margin_y_mm) {
        std::sort(patches.begin(), patches.end(), [](const Patch& a, const Patch& b) { return a.count > b.count; });
        if (patches.size() > kPlacesPerKindMax) patches.resize(kPlacesPerKindMax);
        for (const Patch& patch : patches) {
            const int margin_x = static_cast<int>(margin_x_mm / 25.4 * dpi);
            const int margin_y = static_cast<int>(margin_y_mm / 25.4 * dpi);
            places.push_back(
                {kind, picture.on_page({patch.left * kCell - margin_x, patch.top * kCell - margin_y,
                                        patch.columns() * kCell + 2 * margin_x, patch.rows() * kCell + 2 * margin_y})});
        }
    };

    // Bars are 8 mm and more from the first to the last, and 5 to 45 mm high; rules of a table are longer.
    const auto are_bars = [&](int length, int height, double fill) {
        return length >= cells(8) && height >= cells(3.5) && height <= cells(45) && fill >= 0.4;
    };
    for (const bool along_rows : {true, false}) {
        auto bars = cells_where(grid, [&](int x, int y) {
            const Cell c = with_neighbours(grid, x, y, along_rows);
            const int along = along_rows ? c.along : c.down, across = along_rows ? c.down : c.along;
            return along >= kOneWay * across && changes(along, c) >= few;
        });
        without_rules(bars, grid, along_rows, cells(45));
        auto patches = patches_of(std::move(bars), grid, along_rows ? 2 : 1, along_rows ? 1 : 2);
        std::erase_if(patches, [&](const Patch& p) {
            return !are_bars(along_rows ? p.columns() : p.rows(), along_rows ? p.rows() : p.columns(), p.fill());
        });
        take(std::move(patches), along_rows ? CodePlace::Kind::BarsAlong : CodePlace::Kind::BarsDown,
             along_rows ? 8 : 0, along_rows ? 0 : 8);
    }
    // Places are cut in two ways, since the library reads one cut and not the other of the same code.
    const double small = kSmallChangesPerMmMin / cells_per_mm;
    const auto are_small = [&](const Cell& c) { return changes(c.along, c) >= small && changes(c.down, c) >= small; };
    const auto take_modules = [&](std::vector<char> chosen) {
        auto patches = patches_of(std::move(chosen), grid, 1, 1);
        std::erase_if(patches, [&](const Patch& p) {
            const int longer = std::max(p.columns(), p.rows()), shorter = std::min(p.columns(), p.rows());
            return shorter < cells(3.5) || longer < cells(5) || longer > cells(50) || longer > 3 * shorter ||
                   p.fill() < 0.6;
        });
        take(std::move(patches), CodePlace::Kind::Modules, 4, 4);
    };
    take_modules(cells_where(grid, [&](int x, int y) { return are_modules(grid, x, y, many); }));
    take_modules(cells_where(grid, [&](int x, int y) { return are_small(grid.at(x, y)); }));
    return places;
}

}  // namespace pleiade::decoder
