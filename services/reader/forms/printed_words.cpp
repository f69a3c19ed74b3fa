#include "services/reader/forms/printed_words.h"

#include <algorithm>
#include <cmath>

#include "services/reader/forms/page_look.h"

namespace pleiade::reader::forms {
namespace {

constexpr double kConfidenceMin = 0.35;  // small print reads badly and is still the print
constexpr double kMm = 25.4;

// Letters or figures, not the bars and brackets that combs are taken for.
bool is_print(const std::string& text) {
    int letters = 0, strokes = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) ++letters;
        if (c == '|' || c == '_' || c == '[' || c == ']' || c == 'I' || c == 'l') ++strokes;
    }
    return letters > 0 && (strokes < 2 || strokes * 2 < static_cast<int>(text.size())) &&
           text.find('\t') == std::string::npos && text.find('\n') == std::string::npos;
}

Box bounds(const cv::Rect2d& box, const cv::Matx33d& map) {
    double left = 1e18, top = 1e18, right = -1e18, bottom = -1e18;
    for (const auto& corner : {box.tl(), cv::Point2d(box.br().x, box.y), cv::Point2d(box.x, box.br().y), box.br()}) {
        const auto p = mapped(map, corner);
        left = std::min(left, p.x), right = std::max(right, p.x);
        top = std::min(top, p.y), bottom = std::max(bottom, p.y);
    }
    const int x = static_cast<int>(std::lround(left)), y = static_cast<int>(std::lround(top));
    return {x, y, static_cast<int>(std::lround(right)) - x, static_cast<int>(std::lround(bottom)) - y};
}

}  // namespace

std::vector<PrintedWord> printed_words(const std::vector<OcrLine>& lines, double dpi) {
    std::vector<PrintedWord> words;
    int number = 0;
    for (const auto& line : lines) {
        ++number;
        for (const auto& word : line.words) {
            if (word.confidence < kConfidenceMin || !is_print(word.text) || word.box.empty()) continue;
            const double mm = kMm / dpi;
            words.push_back({word.text,
                             {word.box.x * mm, word.box.y * mm, word.box.width * mm, word.box.height * mm},
                             number,
                             std::max(0, line.block)});
        }
    }
    return words;
}

std::vector<OcrLine> lines_on_page(const std::vector<PrintedWord>& words, const cv::Matx33d& map) {
    std::vector<OcrLine> lines;
    int number = -1;
    for (const auto& word : words) {
        if (lines.empty() || word.line != number) {
            lines.emplace_back();
            lines.back().block = word.block;
            number = word.line;
        }
        auto& line = lines.back();
        const Box box = bounds(word.box, map);
        line.words.push_back({word.text, 1.0, box, std::nullopt, true});
        if (line.words.size() == 1) {
            line.box = box;
        } else {
            const int right = std::max(line.box.x + line.box.width, box.x + box.width);
            const int bottom = std::max(line.box.y + line.box.height, box.y + box.height);
            line.box.x = std::min(line.box.x, box.x);
            line.box.y = std::min(line.box.y, box.y);
            line.box.width = right - line.box.x;
            line.box.height = bottom - line.box.y;
        }
    }
    return lines;
}

OcrPage page_of_words(const std::vector<PrintedWord>& words, cv::Size2d page_mm) {
    OcrPage page;
    page.page = 1;
    page.width = page.scanned_width = static_cast<int>(std::lround(page_mm.width * pixels_per_mm()));
    page.height = page.scanned_height = static_cast<int>(std::lround(page_mm.height * pixels_per_mm()));
    page.lines = lines_on_page(words, cv::Matx33d::diag({pixels_per_mm(), pixels_per_mm(), 1}));
    return page;
}

}  // namespace pleiade::reader::forms
