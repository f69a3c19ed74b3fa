#include "services/reader/comb_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace pleiade::reader {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kRuleMin = 48;    // longer horizontal strokes are rules, not characters
constexpr int kBorderMin = 40;  // longer vertical strokes are borders
constexpr int kToothWidthMax = 5;
constexpr int kCharacterHeightMin = 12;
constexpr int kCharacterHeightMax = 60;
constexpr std::size_t kCharactersMin = 4;
// Steps from centre to centre, in heights of the character: printed text is denser, tables are looser.
constexpr double kStepMin = 1.15;
constexpr double kStepMax = 3.2;
constexpr double kGapMin = 0.4;        // of white between two characters: typewriters leave less
constexpr double kStepSlack = 0.22;    // around the usual step of the row
constexpr double kRegularShare = 0.6;  // of the steps; the others lead over a gap between groups
constexpr double kInkOverDark = 0.55;  // between the darkest ink and the paper
constexpr int kStripHeight = 48;
constexpr int kStripMargin = 16;
constexpr std::array<int, 3> kStripGaps = {6, 12, 3};  // tried in turn, until each character is read as one
constexpr std::size_t kLongestStrip = 40;
constexpr std::size_t kUnreadMin = 8;  // a row that long that cannot be read is said to be there

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
    const int dark = percentile(grey, 0.005);
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
        cv::Rect(box.x - 2, box.y - 4, box.width + 4, box.height + 8) & cv::Rect(0, 0, mask.cols, mask.rows);
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
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(marks, labels, stats, centres, 8, CV_32S);
    std::vector<cv::Rect> found;
    for (int i = 1; i < count; ++i) {
        const int* row = stats.ptr<int>(i);
        const cv::Rect box(row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP], row[cv::CC_STAT_WIDTH],
                           row[cv::CC_STAT_HEIGHT]);
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
    return std::abs(centre_y(a) - centre_y(b)) < 0.35 * tallest && std::min(a.height, b.height) > 0.65 * tallest;
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

bool is_regular(const std::vector<cv::Rect>& row) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < row.size(); ++i) steps.push_back(centre_x(row[i]) - centre_x(row[i - 1]));
    auto sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    const double usual = sorted[(sorted.size() - 1) / 2];
    const auto regular = std::count_if(steps.begin(), steps.end(),
                                       [&](double step) { return std::abs(step - usual) <= kStepSlack * usual; });
    return static_cast<double>(regular) >= kRegularShare * static_cast<double>(steps.size());
}

CombRow row_of(const std::vector<cv::Rect>& characters) {
    CombRow row;
    cv::Rect all = characters.front();
    for (const auto& one : characters) {
        row.cells.push_back({one.x, one.y, one.width, one.height});
        all |= one;
    }
    row.box = {all.x, all.y, all.width, all.height};
    return row;
}

cv::Rect inside(const Box& box, const cv::Mat& image, int margin) {
    return cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
           cv::Rect(0, 0, image.cols, image.rows);
}

// The characters side by side, of one height, as a line of print would hold them.
cv::Mat strip_of(const std::vector<cv::Mat>& characters, int gap) {
    std::vector<cv::Mat> scaled;
    int tallest = 1;
    for (const auto& character : characters) tallest = std::max(tallest, character.rows);
    const double scale = static_cast<double>(kStripHeight - 12) / tallest;
    int width = 2 * kStripMargin;
    for (const auto& character : characters) {
        cv::Mat one;
        cv::resize(character, one, {}, scale, scale, scale > 1 ? cv::INTER_CUBIC : cv::INTER_AREA);
        width += one.cols + gap;
        scaled.push_back(one);
    }
    cv::Mat strip(kStripHeight + 16, width, CV_8UC1, cv::Scalar(255));
    int x = kStripMargin;
    for (const auto& one : scaled) {
        one.copyTo(strip(cv::Rect(x, 14 + (kStripHeight - 12 - one.rows), one.cols, one.rows)));
        x += one.cols + gap;
    }
    return strip;
}

struct Character {
    char read = '?';
    double confidence = 0;
};

std::vector<Character> characters_of(const std::vector<OcrLine>& lines) {
    std::vector<Character> characters;
    for (const auto& line : lines) {
        for (const auto& word : line.words) {
            for (const char c : word.text) {
                if (c > ' ') characters.push_back({c, word.confidence});
            }
        }
    }
    return characters;
}

}  // namespace

std::vector<CombRow> find_comb_rows(const cv::Mat& upright) {
    const auto characters = characters_on(upright);
    std::vector<bool> used(characters.size(), false);
    std::vector<CombRow> rows;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (used[i]) continue;
        std::vector<cv::Rect> row{characters[i]};
        std::vector<std::size_t> members{i};
        for (auto next = follower(characters, i); next && !used[*next]; next = follower(characters, *next)) {
            row.push_back(characters[*next]);
            members.push_back(*next);
        }
        if (row.size() < kCharactersMin || !is_regular(row)) continue;
        for (const auto member : members) used[member] = true;
        rows.push_back(row_of(row));
    }
    return rows;
}

Result<std::vector<CombLine>> read_comb_rows(const cv::Mat& upright, const std::vector<CombRow>& rows,
                                             OcrEngine& engine, const std::function<bool()>& alive) {
    std::vector<CombLine> read_rows;
    for (const auto& row : rows) {
        std::vector<cv::Mat> images;
        for (const auto& cell : row.cells) {
            if (images.size() >= kLongestStrip) break;
            images.push_back(upright(inside(cell, upright, 2)));
        }
        std::vector<Character> characters;
        for (const int gap : kStripGaps) {
            const auto read = engine.read(strip_of(images, gap), 300, OcrLayout::Figures, alive);
            if (!read) return pass_on(read);
            characters = characters_of(*read);
            if (characters.size() == images.size()) break;
        }
        CombLine line;
        line.told = characters.size() == images.size();
        if (!line.told && images.size() < kUnreadMin) continue;  // a few letters of a word, more likely
        if (!line.told) characters.assign(images.size(), Character{});
        line.text.box = row.box;
        for (std::size_t i = 0; i < images.size(); ++i) {
            line.text.words.push_back({std::string(1, characters[i].read), characters[i].confidence, row.cells[i]});
        }
        read_rows.push_back(std::move(line));
    }
    return read_rows;
}

cv::Mat without_told(const cv::Mat& upright, const std::vector<CombLine>& rows) {
    cv::Mat cleaned = upright;
    for (const auto& row : rows) {
        if (!row.told) continue;
        if (cleaned.data == upright.data) cleaned = upright.clone();
        cleaned(inside(row.text.box, cleaned, 4)).setTo(255);
    }
    return cleaned;
}

}  // namespace pleiade::reader
