#include "services/reader/page_text.h"

#include <algorithm>
#include <map>

#include "common/base/check.h"
#include "services/reader/fold.h"

namespace pleiade::reader {
namespace {

constexpr double kTopShare = 0.30;  // titles stand in the first third, below the letterhead
constexpr double kBottomShare = 0.90;
constexpr double kLargeLetters = 1.25;  // against the page's median
constexpr double kCropRatio = 0.9;      // height / width under which an image is a crop and not a page

// A line's box includes what hangs over and under; the median of its words is closer to the letters.
double letter_height(const OcrLine& line) {
    std::vector<int> heights;
    for (const auto& word : line.words) {
        if (word.text.size() > 2) heights.push_back(word.box.height);
    }
    if (heights.empty()) return line.box.height;
    std::nth_element(heights.begin(), heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2), heights.end());
    return heights[heights.size() / 2];
}

Box joined(const Box& a, const Box& b) {
    if (a.empty()) return b;
    const int left = std::min(a.x, b.x), top = std::min(a.y, b.y);
    const int right = std::max(a.x + a.width, b.x + b.width), bottom = std::max(a.y + a.height, b.y + b.height);
    return {left, top, right - left, bottom - top};
}

}  // namespace

PageText::PageText(const OcrPage& page) : page_(&page) {
    crop_ = page.width > 0 && page.height < kCropRatio * page.width;
    // Paragraph by paragraph, so that a phrase broken over two lines of a column stays whole.
    std::map<int, std::vector<const OcrLine*>> blocks;
    std::vector<int> order;
    for (const auto& line : page.lines) {
        auto& lines = blocks[line.block];
        if (lines.empty()) order.push_back(line.block);
        lines.push_back(&line);
    }
    std::vector<double> heights;
    for (const int block : order) {
        for (const OcrLine* line : blocks[block]) {
            const double height = letter_height(*line);
            const auto first = words_.size();
            for (const auto& word : line->words) {
                const auto plain = plain_words(word.text);
                Word entry;
                if (!raw_.empty()) raw_ += ' ';
                entry.raw_begin = raw_.size();
                raw_ += word.text;
                entry.raw_end = raw_.size();
                if (!plain.empty() && !folded_.empty()) folded_ += ' ';
                entry.folded_begin = folded_.size();
                folded_ += plain;
                entry.folded_end = folded_.size();
                entry.box = word.box;
                entry.height = height;
                words_.push_back(entry);
                if (plain.size() > 2) heights.push_back(height);
            }
            for (auto i = first; i < words_.size(); ++i) {
                words_[i].line_begin = words_[first].folded_begin;
                words_[i].line_end = words_.back().folded_end;
            }
        }
    }
    groups_ = CharacterGroups(folded_);
    if (!heights.empty()) {
        const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
        std::nth_element(heights.begin(), middle, heights.end());
        usual_height_ = *middle;
    }
}

const PageText::Word& PageText::word_at(std::size_t offset, bool raw) const {
    PLEIADE_CHECK(!words_.empty());
    const auto after = std::upper_bound(words_.begin(), words_.end(), offset, [raw](std::size_t at, const Word& word) {
        return at < (raw ? word.raw_begin : word.folded_begin);
    });
    return after == words_.begin() ? words_.front() : *std::prev(after);
}

Box PageText::box_of(std::size_t begin, std::size_t end, bool raw) const {
    Box box;
    for (const auto& word : words_) {
        const auto from = raw ? word.raw_begin : word.folded_begin;
        const auto to = raw ? word.raw_end : word.folded_end;
        if (from < end && to > begin) box = joined(box, word.box);
    }
    return box;
}

Box PageText::box_of_folded(std::size_t begin, std::size_t end) const {
    return box_of(begin, end, false);
}
Box PageText::box_of_raw(std::size_t begin, std::size_t end) const {
    return box_of(begin, end, true);
}

double PageText::share_of_lines(std::size_t begin, std::size_t end) const {
    std::size_t letters = 0, last = std::string::npos;
    for (const auto& word : words_) {
        if (word.folded_begin >= end || word.folded_end <= begin || word.line_begin == last) continue;
        last = word.line_begin;
        letters += word.line_end - word.line_begin;
    }
    return letters == 0 ? 0 : static_cast<double>(end - begin) / static_cast<double>(letters);
}

double PageText::x_of(const Box& upright) const {
    return page_->width > 0 ? (upright.x + upright.width / 2.0) / page_->width : 0;
}
double PageText::y_of(const Box& upright) const {
    return page_->height > 0 ? (upright.y + upright.height / 2.0) / page_->height : 0;
}

Place PageText::place_of_folded(std::size_t begin, std::size_t end) const {
    const auto box = box_of_folded(begin, end);
    const bool large = usual_height_ > 0 && word_at(begin, false).height >= kLargeLetters * usual_height_;
    const double y = y_of(box);
    if (crop_ || y < kTopShare) return large ? Place::Title : Place::Top;
    if (large) return Place::Large;
    return y > kBottomShare ? Place::Bottom : Place::Body;
}

}  // namespace pleiade::reader
