#include "common/vision/marks.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace pleiade::vision {
namespace {

struct Run {
    int left, right;  // right excluded
    std::uint32_t set;
};

struct Extent {
    int left, top, right, bottom;  // right and bottom included
    int area;
};

class Sets {
  public:
    std::uint32_t add() {
        parents_.push_back(static_cast<std::uint32_t>(parents_.size()));
        return parents_.back();
    }
    std::uint32_t root(std::uint32_t set) {
        while (parents_[set] != set) set = parents_[set] = parents_[parents_[set]];
        return set;
    }
    std::uint32_t join(std::uint32_t a, std::uint32_t b) {
        a = root(a);
        b = root(b);
        if (b < a) std::swap(a, b);
        parents_[b] = a;
        return a;
    }
    std::size_t size() const { return parents_.size(); }

  private:
    std::vector<std::uint32_t> parents_;
};

// The next pixel of ink at or after x, eight white ones at a time.
int next_ink(const std::uint8_t* row, int x, int width) {
    while (x + 8 <= width) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, row + x, 8);
        if (eight != 0) break;
        x += 8;
    }
    while (x < width && row[x] == 0) ++x;
    return x;
}

}  // namespace

std::vector<Mark> find_marks(const cv::Mat& mask, int area_min) {
    Sets sets;
    std::vector<Extent> extents;  // of each set, folded into its root at the end
    std::vector<Run> above, here;
    for (int y = 0; y < mask.rows; ++y) {
        const std::uint8_t* row = mask.ptr(y);
        here.clear();
        std::size_t up = 0;
        for (int x = next_ink(row, 0, mask.cols); x < mask.cols; x = next_ink(row, x, mask.cols)) {
            const int left = x;
            while (x < mask.cols && row[x] != 0) ++x;
            while (up < above.size() && above[up].right < left) ++up;
            bool joined = false;
            std::uint32_t set = 0;
            for (std::size_t u = up; u < above.size() && above[u].left <= x; ++u) {
                set = joined ? sets.join(set, above[u].set) : sets.root(above[u].set);
                joined = true;
            }
            if (!joined) {
                set = sets.add();
                extents.push_back({left, y, x - 1, y, 0});
            }
            Extent& extent = extents[set];
            extent.left = std::min(extent.left, left);
            extent.right = std::max(extent.right, x - 1);
            extent.bottom = y;
            extent.area += x - left;
            here.push_back({left, x, set});
        }
        above.swap(here);
    }
    for (std::uint32_t set = static_cast<std::uint32_t>(sets.size()); set-- > 0;) {
        const std::uint32_t root = sets.root(set);
        if (root == set) continue;
        Extent& into = extents[root];
        const Extent& from = extents[set];
        into = {std::min(into.left, from.left), std::min(into.top, from.top), std::max(into.right, from.right),
                std::max(into.bottom, from.bottom), into.area + from.area};
    }
    std::vector<Mark> marks;
    for (std::uint32_t set = 0; set < sets.size(); ++set) {
        const Extent& e = extents[set];
        if (sets.root(set) != set || e.area < area_min) continue;
        marks.push_back({{e.left, e.top, e.right - e.left + 1, e.bottom - e.top + 1}, e.area});
    }
    return marks;
}

}  // namespace pleiade::vision
