#include "services/reader/line_reading.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace pleiade::reader {
namespace {

constexpr double kDpi = 200;
constexpr int kAside = 2, kOver = 4;  // pixels kept around a line: accents; beside it begins something else
constexpr int kPaper = 6;             // of white around that, which the engine needs
constexpr double kHead = 0.33, kFoot = 0.92;
constexpr double kLarge = 1.35;  // times the usual letter height
constexpr int kLinesBack = 12;   // how far above a paragraph's last line may stand in the list

int bottom_of(const Box& box) {
    return box.y + box.height;
}

// White letters are turned into black ones.
cv::Mat image_of(const cv::Mat& upright, const TextLine& line, cv::Point& origin) {
    const cv::Rect wanted(line.box.x - kAside, line.box.y - kOver, line.box.width + 2 * kAside,
                          line.box.height + 2 * kOver);
    const cv::Rect there = wanted & cv::Rect(0, 0, upright.cols, upright.rows);
    cv::Mat cut = upright(there);
    if (line.on_black) {
        cv::Mat inverted;
        cv::bitwise_not(cut, inverted);
        cut = inverted;
    }
    cv::Mat image;
    cv::copyMakeBorder(cut, image, kPaper, kPaper, kPaper, kPaper, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED,
                       cv::Scalar(255));
    origin = there.tl() - cv::Point(kPaper, kPaper);
    return image;
}

}  // namespace

double usual_letter_height(const std::vector<TextLine>& lines) {
    std::vector<double> heights;
    for (const auto& line : lines) heights.push_back(line.letter_height);
    if (heights.empty()) return 0;
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::nth_element(heights.begin(), middle, heights.end());
    return *middle;
}

bool is_anchor(const TextLine& line, double usual_height, int page_height) {
    const double y = (line.box.y + line.box.height / 2.0) / page_height;
    return y < kHead || y > kFoot || line.letter_height >= kLarge * usual_height;
}

std::vector<int> paragraphs_of(const std::vector<TextLine>& lines) {
    std::vector<int> blocks(lines.size());
    int next = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& box = lines[i].box;
        blocks[i] = -1;
        for (std::size_t back = 1; back <= std::min<std::size_t>(i, kLinesBack) && blocks[i] < 0; ++back) {
            const auto& above = lines[i - back];
            const int gap = box.y - bottom_of(above.box);
            const int shared =
                std::min(box.x + box.width, above.box.x + above.box.width) - std::max(box.x, above.box.x);
            const bool alike = above.letter_height < 1.5 * lines[i].letter_height &&
                               lines[i].letter_height < 1.5 * above.letter_height;
            if (alike && gap > -box.height / 2 && gap < 1.1 * lines[i].letter_height &&
                2 * shared > std::min(box.width, above.box.width)) {
                blocks[i] = blocks[i - back];
            }
        }
        if (blocks[i] < 0) blocks[i] = next++;
    }
    return blocks;
}

Result<std::vector<OcrLine>> read_lines(const cv::Mat& upright, const std::vector<TextLine>& lines,
                                        const std::vector<int>& blocks, OcrEngine& engine,
                                        const std::function<bool()>& alive) {
    std::vector<OcrLine> read;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        cv::Point origin;
        const auto image = image_of(upright, lines[i], origin);
        auto found = engine.read(image, kDpi, OcrLayout::Line, alive);
        if (!found) return pass_on(found);
        for (auto& line : *found) {
            line.block = blocks[i];
            line.box.x += origin.x;
            line.box.y += origin.y;
            for (auto& word : line.words) {
                word.box.x += origin.x;
                word.box.y += origin.y;
            }
            read.push_back(std::move(line));
        }
    }
    return read;
}

}  // namespace pleiade::reader
