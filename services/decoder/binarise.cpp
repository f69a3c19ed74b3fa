#include "services/decoder/binarise.h"

#include <algorithm>

namespace pleiade::decoder {
namespace {

constexpr int kBlock = 8;         // pixels
constexpr int kReach = 2;         // blocks on each side whose light counts
constexpr int kContrastMin = 24;  // below it, a block is all paper or all ink

// Blocks from the left and the top; the last one of a row or column lies against the far side, over the one before it.
struct Blocks {
    int columns, rows;
    int width, height;  // of the picture

    explicit Blocks(const Picture& picture)
        : columns((picture.width + kBlock - 1) / kBlock),
          rows((picture.height + kBlock - 1) / kBlock),
          width(picture.width),
          height(picture.height) {}
    int left(int column) const { return std::min(column * kBlock, width - kBlock); }
    int top(int row) const { return std::min(row * kBlock, height - kBlock); }
};

// What eight rows hold, column by column: the loops run along whole rows, which is what makes them fast.
struct Strip {
    std::vector<std::uint16_t> sum;
    std::vector<std::uint8_t> darkest, lightest;

    void measure(const Picture& picture, int top) {
        const auto width = static_cast<std::size_t>(picture.width);
        sum.assign(width, 0);
        darkest.assign(width, 255);
        lightest.assign(width, 0);
        for (int y = top; y < top + kBlock; ++y) {
            const std::uint8_t* row = picture.row(y);
            for (std::size_t x = 0; x < width; ++x) {
                sum[x] = static_cast<std::uint16_t>(sum[x] + row[x]);
                darkest[x] = std::min(darkest[x], row[x]);
                lightest[x] = std::max(lightest[x], row[x]);
            }
        }
    }
};

// The light that parts ink from paper in each block. A block without contrast is paper, unless it is darker than what
// parts them in the blocks before it: then it is the inside of something dark.
std::vector<int> levels_of(const Picture& picture, const Blocks& blocks) {
    std::vector<int> levels(static_cast<std::size_t>(blocks.columns) * static_cast<std::size_t>(blocks.rows));
    Strip strip;
    int* level = levels.data();
    for (int row = 0; row < blocks.rows; ++row) {
        strip.measure(picture, blocks.top(row));
        for (int column = 0; column < blocks.columns; ++column, ++level) {
            const auto left = static_cast<std::size_t>(blocks.left(column));
            int sum = 0;
            std::uint8_t darkest = 255, lightest = 0;
            for (std::size_t x = left; x < left + kBlock; ++x) {
                sum += strip.sum[x];
                darkest = std::min(darkest, strip.darkest[x]);
                lightest = std::max(lightest, strip.lightest[x]);
            }
            *level = sum / (kBlock * kBlock);
            if (lightest - darkest > kContrastMin) continue;
            *level = darkest / 2;
            if (row == 0 || column == 0) continue;
            const int* above = level - blocks.columns;
            const int before = (above[0] + 2 * level[-1] + above[-1]) / 4;
            if (darkest < before) *level = before;
        }
    }
    return levels;
}

}  // namespace

Picture binarised(const Picture& picture) {
    const Blocks blocks(picture);
    const std::vector<int> levels = levels_of(picture, blocks);
    constexpr int kSide = 2 * kReach + 1;
    Picture result = {picture.width,   picture.height, {},          picture.scale_x,
                      picture.scale_y, picture.left,   picture.top, picture.turned};
    result.pixels.resize(picture.pixels.size());
    std::vector<int> column_sums(static_cast<std::size_t>(blocks.columns));
    std::vector<std::uint8_t> limits(static_cast<std::size_t>(picture.width));
    for (int row = 0; row < blocks.rows; ++row) {
        const int middle = std::clamp(row, kReach, blocks.rows - 1 - kReach);
        std::fill(column_sums.begin(), column_sums.end(), 0);
        for (int near = middle - kReach; near <= middle + kReach; ++near) {
            const int* of_row = levels.data() + static_cast<std::ptrdiff_t>(near) * blocks.columns;
            for (std::size_t column = 0; column < column_sums.size(); ++column) column_sums[column] += of_row[column];
        }
        for (int column = 0; column < blocks.columns; ++column) {
            const int* sums = column_sums.data() + std::clamp(column, kReach, blocks.columns - 1 - kReach);
            int sum = 0;
            for (int near = -kReach; near <= kReach; ++near) sum += sums[near];
            std::fill_n(limits.begin() + blocks.left(column), kBlock, static_cast<std::uint8_t>(sum / (kSide * kSide)));
        }
        for (int y = blocks.top(row); y < blocks.top(row) + kBlock; ++y) {
            const std::uint8_t* from = picture.row(y);
            std::uint8_t* to = result.row(y);
            for (std::size_t x = 0; x < limits.size(); ++x) to[x] = from[x] <= limits[x] ? 0 : 255;
        }
    }
    return result;
}

}  // namespace pleiade::decoder
