#include "services/reader/duplicates.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "services/reader/fold.h"

namespace pleiade::reader {
namespace {

constexpr double kSameWords = 0.85;  // of all words: two scans of one sheet differ in what OCR makes of dirt
constexpr double kWellRead = 0.75;   // a number read worse than that may be another one
constexpr std::size_t kFiguresMin = 2;
constexpr std::size_t kNumbersMin = 3;  // with fewer, only the print is the same
constexpr std::size_t kStrayMax = 1;    // numbers that one scan shows and the other does not

struct Content {
    int page = 0;
    std::vector<std::string> words;    // sorted
    std::vector<std::string> numbers;  // sorted; those that were read well
    std::vector<std::string> all_numbers;
};

std::size_t in_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    std::vector<std::string> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both.size();
}

Content content_of(const OcrPage& page) {
    Content content;
    content.page = page.page;
    for (const auto& line : page.lines) {
        for (const auto& word : line.words) {
            const auto plain = plain_words(word.text);
            if (plain.empty()) continue;
            content.words.push_back(plain);
            const auto figures = std::count_if(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; });
            if (static_cast<std::size_t>(figures) < kFiguresMin) continue;
            content.all_numbers.push_back(plain);
            if (word.confidence >= kWellRead) content.numbers.push_back(plain);
        }
    }
    for (auto* list : {&content.words, &content.numbers, &content.all_numbers}) std::sort(list->begin(), list->end());
    return content;
}

std::size_t strays(const Content& here, const Content& there) {
    return here.numbers.size() - in_common(here.numbers, there.all_numbers);
}

bool repeats(const Content& a, const Content& b) {
    if (std::min(a.words.size(), b.words.size()) < kRepeatWordsMin) return false;
    if (std::min(a.numbers.size(), b.numbers.size()) < kNumbersMin) return false;
    const auto larger = static_cast<double>(std::max(a.words.size(), b.words.size()));
    if (static_cast<double>(in_common(a.words, b.words)) < kSameWords * larger) return false;
    return strays(a, b) <= kStrayMax && strays(b, a) <= kStrayMax;
}

}  // namespace

std::map<int, int> repeated_pages(const std::vector<const OcrPage*>& pages) {
    std::vector<Content> contents;
    std::map<int, int> repeated;
    for (const auto* page : pages) {
        if (contents.size() >= kRepeatPagesMax) break;
        auto content = content_of(*page);
        const auto first = std::find_if(contents.begin(), contents.end(),
                                        [&](const Content& earlier) { return repeats(earlier, content); });
        if (first != contents.end()) repeated[content.page] = first->page;
        contents.push_back(std::move(content));
    }
    return repeated;
}

}  // namespace pleiade::reader
