#include "services/reader/combs/stepped_combs.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "common/vision/marks.h"

namespace pleiade::reader::combs {
namespace {

// Characters are looked for on the page at half its size, which costs a quarter: pixels at 100 dpi (4 a millimetre).
constexpr int kShrink = 2;
constexpr int kRuleMin = 24;    // longer horizontal strokes are rules, not characters
constexpr int kBorderMin = 20;  // longer vertical strokes are borders
constexpr int kToothWidthMax = 3;
constexpr int kCharacterHeightMin = 5;
constexpr int kCharacterHeightMax = 30;
constexpr int kCellSlack = 4;  // around a comb found by its lines
constexpr std::size_t kCharactersMin = 5, kBegunMin = 4;
// Steps from centre to centre, in heights of the character: printed text is denser, tables are looser.
constexpr double kStepMin = 1.15;
constexpr double kStepMax = 4.6;
constexpr double kGapMin = 0.4;        // of white between two characters: typewriters leave less
constexpr double kStepSlack = 0.22;    // around the usual step of the row
constexpr double kRegularShare = 0.6;  // of the steps; the others lead over a gap between groups
// Once a row is begun its step is known, and what stands a step further belongs to it, be it wide or small.
constexpr double kNextMin = 0.7, kNextMax = 1.55;     // in steps
constexpr double kHeightMin = 0.65, kOffLine = 0.35;  // of the taller of two
constexpr double kNextHeightMin = 0.45, kNextOffLine = 0.5, kNextHeightFloor = 12;
constexpr std::size_t kLookedBack = 4;
constexpr double kUsualStepMin = 10;   // narrower are no cells: small print
constexpr double kInkOverDark = 0.55;  // between the darkest ink and the paper

int percentile(const cv::Mat& grey, double share) {
    std::vector<int> histogram(256, 0);
    for (int y = 0; y < grey.rows; y += 4) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        for (int x = 0; x < grey.cols; x += 4) ++histogram[row[x]];
    }
    const auto total = std::accumulate(histogram.begin(), histogram.end(), 0);
    int seen = 0;
    for (int level = 0; level < 256; ++level) {
        seen += histogram[static_cast<std::size_t>(level)];
        if (seen >= share * total) return level;
    }
    return 255;
}

// Shaded cells are not ink.
cv::Mat ink_of(const cv::Mat& grey) {
    const int dark = percentile(grey, 0.0005);
    const int paper = percentile(grey, 0.7);
    cv::Mat ink;
    cv::threshold(grey, ink, dark + kInkOverDark * (paper - dark), 255, cv::THRESH_BINARY_INV);
    return ink;
}

cv::Mat opened(const cv::Mat& ink, int width, int height) {
    cv::Mat out;
    cv::morphologyEx(ink, out, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, {width, height}));
    return out;
}

bool touches(const cv::Mat& mask, const cv::Rect& box) {
    const cv::Rect around =
        cv::Rect(box.x - 1, box.y - 2, box.width + 2, box.height + 4) & cv::Rect(0, 0, mask.cols, mask.rows);
    return cv::countNonZero(mask(around)) > 0;
}

// What is as high as a character, once rules, borders and the teeth that stand on rules are taken out.
std::vector<cv::Rect> characters_on(const cv::Mat& grey) {
    const cv::Mat ink = ink_of(grey);
    cv::Mat rules = opened(ink, kRuleMin, 1);
    cv::dilate(rules, rules, cv::getStructuringElement(cv::MORPH_RECT, {1, 3}));
    cv::Mat borders = opened(ink, 1, kBorderMin);
    cv::dilate(borders, borders, cv::getStructuringElement(cv::MORPH_RECT, {3, 1}));
    cv::Mat marks = ink.clone();
    marks.setTo(0, rules);
    marks.setTo(0, borders);
    std::vector<cv::Rect> found;
    for (const auto& mark : vision::find_marks(marks, 1)) {
        const auto& box = mark.box;
        if (box.height < kCharacterHeightMin || box.height > kCharacterHeightMax || box.width > box.height * 3 / 2)
            continue;
        if (box.width <= kToothWidthMax && touches(rules, box)) continue;
        found.push_back(box);
    }
    std::sort(found.begin(), found.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
    return found;
}

double centre_x(const cv::Rect& box) {
    return box.x + box.width / 2.0;
}
double centre_y(const cv::Rect& box) {
    return box.y + box.height / 2.0;
}

bool on_one_line(const cv::Rect& a, const cv::Rect& b) {
    const int tallest = std::max(a.height, b.height);
    return std::abs(centre_y(a) - centre_y(b)) < kOffLine * tallest &&
           std::min(a.height, b.height) > kHeightMin * tallest;
}

// The character that follows on the line; none when it is too near (a word) or too far.
std::optional<std::size_t> follower(const std::vector<cv::Rect>& characters, std::size_t of) {
    const auto& from = characters[of];
    for (std::size_t next = of + 1; next < characters.size(); ++next) {
        const auto& to = characters[next];
        const double step = centre_x(to) - centre_x(from);
        if (step > kStepMax * std::max(from.height, to.height)) return std::nullopt;
        const bool beside = to.y < from.y + from.height && from.y < to.y + to.height;
        if (!beside) continue;
        const int height = std::max(from.height, to.height);
        if (!on_one_line(from, to) || step < kStepMin * height || to.x - from.x - from.width < kGapMin * height) {
            return std::nullopt;
        }
        return next;
    }
    return std::nullopt;
}

double usual_step(const std::vector<cv::Rect>& row) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < row.size(); ++i) steps.push_back(centre_x(row[i]) - centre_x(row[i - 1]));
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

bool is_regular(const std::vector<cv::Rect>& row, double usual) {
    int regular = 0;
    for (std::size_t i = 1; i < row.size(); ++i) {
        const double step = centre_x(row[i]) - centre_x(row[i - 1]);
        regular += std::abs(step - usual) <= kStepSlack * usual ? 1 : 0;
    }
    return regular >= kRegularShare * static_cast<double>(row.size() - 1);
}

// Where the row is at its end, and how high its characters: hands go up and down from one to the next.
struct Level {
    double middle = 0, height = 0;
};

Level level_of(const std::vector<cv::Rect>& characters, const std::vector<std::size_t>& members, int direction) {
    const std::size_t count = std::min(members.size(), kLookedBack);
    Level level;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = characters[direction > 0 ? members[members.size() - 1 - i] : members[i]];
        level.middle += centre_y(one) / static_cast<double>(count);
        level.height += one.height / static_cast<double>(count);
    }
    return level;
}

// What stands a step before (-1) or after (+1) the row, with nothing between.
std::optional<std::size_t> next_by_step(const std::vector<cv::Rect>& characters,
                                        const std::vector<std::size_t>& members, double step, int direction) {
    const auto from = direction > 0 ? members.back() : members.front();
    const auto level = level_of(characters, members, direction);
    for (std::size_t at = from; direction > 0 ? at + 1 < characters.size() : at > 0;) {
        at = direction > 0 ? at + 1 : at - 1;
        const auto& one = characters[at];
        const double away = direction * (centre_x(one) - centre_x(characters[from]));
        if (away > kNextMax * step + kCharacterHeightMax) break;  // sorted by their left sides
        const bool on_line =
            std::abs(centre_y(one) - level.middle) < kNextOffLine * std::max(level.height, kNextHeightFloor) &&
            one.height >= kNextHeightMin * level.height && one.height * kNextHeightMin <= level.height;
        if (away <= 0 || !on_line) continue;
        if (away < kNextMin * step) return std::nullopt;
        if (away <= kNextMax * step) return at;
    }
    return std::nullopt;
}

// The members of the row that begins with the character, none when it is none.
std::vector<std::size_t> row_from(const std::vector<cv::Rect>& characters, const std::vector<bool>& used,
                                  std::size_t begin) {
    std::vector<std::size_t> members{begin};
    for (auto next = follower(characters, begin); next && !used[*next]; next = follower(characters, *next)) {
        members.push_back(*next);
    }
    if (members.size() < kBegunMin) return {};
    const auto boxes = [&] {
        std::vector<cv::Rect> row;
        for (const auto member : members) row.push_back(characters[member]);
        return row;
    };
    const double step = usual_step(boxes());
    if (step < kUsualStepMin || !is_regular(boxes(), step)) return {};
    for (auto next = next_by_step(characters, members, step, 1); next && !used[*next];
         next = next_by_step(characters, members, step, 1)) {
        members.push_back(*next);
    }
    for (auto next = next_by_step(characters, members, step, -1); next && !used[*next];
         next = next_by_step(characters, members, step, -1)) {
        members.insert(members.begin(), *next);
    }
    return members.size() >= kCharactersMin && is_regular(boxes(), step) ? members : std::vector<std::size_t>{};
}

CombRow row_of(const std::vector<cv::Rect>& characters, const std::vector<std::size_t>& members) {
    CombRow row;
    cv::Rect all;
    for (const auto member : members) {
        const auto& one = characters[member];
        row.cells.push_back({one.x * kShrink, one.y * kShrink, one.width * kShrink, one.height * kShrink});
        all |= one;
    }
    row.box = {all.x * kShrink, all.y * kShrink, all.width * kShrink, all.height * kShrink};
    return row;
}

}  // namespace

std::vector<CombRow> find_stepped_combs(const cv::Mat& grey, const std::vector<CombRow>& found) {
    if (grey.rows < 50 || grey.cols < 100) return {};
    // OpenCV's area average is fast by whole numbers only: the last row or column is left out where there is one too
    // many.
    cv::Mat small;
    const cv::Size size(grey.cols / kShrink, grey.rows / kShrink);
    cv::resize(grey({0, 0, size.width * kShrink, size.height * kShrink}), small, size, 0, 0, cv::INTER_AREA);
    auto characters = characters_on(small);
    std::erase_if(characters, [&](const cv::Rect& character) {
        const double x = centre_x(character) * kShrink, y = centre_y(character) * kShrink;
        return std::any_of(found.begin(), found.end(), [&](const CombRow& row) {
            return x >= row.box.x && x <= row.box.x + row.box.width && y >= row.box.y - kShrink * kCellSlack &&
                   y <= row.box.y + row.box.height + kShrink * kCellSlack;
        });
    });
    std::vector<bool> used(characters.size(), false);
    std::vector<CombRow> rows;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (used[i]) continue;
        const auto members = row_from(characters, used, i);
        for (const auto member : members) used[member] = true;
        if (!members.empty()) rows.push_back(row_of(characters, members));
    }
    return rows;
}

}  // namespace pleiade::reader::combs
