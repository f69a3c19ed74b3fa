#include "services/reader/fields/rows.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/domain/text_fold.h"

namespace pleiade::reader::fields {
namespace {

constexpr int kTextHeightByDefault = 20;
// Rows looked back at when a line is placed: lines come sorted, so that only neighbours can be at the same height.
constexpr std::size_t kRowsBack = 6;
constexpr std::size_t kLabelLettersMin = 4;  // «Doc.1» may be a name of its own
constexpr std::size_t kFirstGroupMax = 3;    // figures of a number that stand before its first space

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int middle_of(const Box& box) {
    return box.y + box.height / 2;
}

bool overlap_across(const Box& a, const Box& b) {
    const int shared = std::min(right_of(a), right_of(b)) - std::max(a.x, b.x);
    return shared * 10 > std::min(a.width, b.width) * 3;  // the box of a label may reach into the first cell
}

// Where most of its words stand: one of them may have a speck below it or a stamp above.
Box usual_box(const OcrLine& line) {
    std::vector<int> middles, heights;
    for (const auto& word : line.words) {
        if (word.box.empty()) continue;
        middles.push_back(middle_of(word.box));
        heights.push_back(word.box.height);
    }
    if (middles.empty()) return line.box;
    const auto median = [](std::vector<int>& values) {
        const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), at, values.end());
        return *at;
    };
    const int height = median(heights);
    return {line.box.x, median(middles) - height / 2, line.box.width, height};
}

template <class Words>
bool is_comb(const Words& words) {
    return std::all_of(words.begin(), words.end(), [](const auto& word) { return word.odds.has_value(); });
}

bool holds_a_comb(const Row& row) {
    return std::any_of(row.words.begin(), row.words.end(), [](const auto& word) { return word.odds.has_value(); });
}

// Text recognition draws the box of a label around the comb's lines too, and a label stands where its printer put it
// beside cells that are higher: it is enough that the middle of one is within the other.
bool stands_beside(const Box& label, const Box& comb) {
    const auto reaches = [](const Box& box, int y) { return y >= box.y && y <= bottom_of(box); };
    return reaches(label, middle_of(comb)) || reaches(comb, middle_of(label));
}

bool fits_row(const Row& row, const OcrLine& line) {
    const Box own = usual_box(line);
    const int lower = std::min(row.box.height, own.height);
    const bool beside =
        (is_comb(line.words) && stands_beside(row.box, own)) || (holds_a_comb(row) && stands_beside(own, row.box));
    if (!beside && std::abs(middle_of(row.box) - middle_of(own)) * 5 > lower * 2) return false;
    // The words, not the line's box: «numéro d'immatriculation ... code organisme» goes round the comb between them.
    return std::none_of(row.words.begin(), row.words.end(), [&](const Word& word) {
        return std::any_of(line.words.begin(), line.words.end(),
                           [&](const OcrWord& other) { return overlap_across(word.box, other.box); });
    });
}

// What text recognition made of a stroke that is left of a figure which the digit model told.
bool is_remains(const OcrWord& word, const std::vector<Box>& told) {
    if (word.odds) return false;
    const int x = word.box.x + word.box.width / 2, y = middle_of(word.box);
    return std::any_of(told.begin(), told.end(), [&](const Box& comb) {
        return x >= comb.x && x < right_of(comb) && y >= comb.y && y < bottom_of(comb);
    });
}

bool is_word_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Where a label that was read together with its value ends: «NIR:2550814168025» at the colon, «sociale.1 55 08» and
// «Sociale1 55 08» where figures begin that the next word goes on with. 0: it is one word.
std::size_t end_of_label(const OcrWord& word, const OcrWord* next) {
    const auto& text = word.text;
    const auto colon = text.find(':');
    if (colon != std::string::npos && colon > 0 && colon + 1 < text.size() && !is_digit(text[colon - 1]))  // no time
        return colon + 1;
    if (next == nullptr || next->text.empty() || !std::all_of(next->text.begin(), next->text.end(), is_digit)) return 0;
    const auto last = text.find_last_not_of("0123456789");
    if (last == std::string::npos || last + 1 == text.size() || text.size() - last - 1 > kFirstGroupMax) return 0;
    const auto letters = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_word_letter));
    const bool only_letters = std::none_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(last), is_digit);
    return letters >= kLabelLettersMin && only_letters ? last + 1 : 0;
}

void add_words(Row& row, const OcrLine& line) {
    for (std::size_t w = 0; w < line.words.size(); ++w) {
        const auto& word = line.words[w];
        const auto end = end_of_label(word, w + 1 < line.words.size() ? &line.words[w + 1] : nullptr);
        if (end == 0) {
            row.words.push_back({word.text, folded(word.text), word.confidence, word.box, word.odds, word.printed});
            continue;
        }
        const auto label = word.text.substr(0, end);
        const auto value = word.text.substr(end);
        const int width = static_cast<int>(static_cast<std::size_t>(word.box.width) * label.size() / word.text.size());
        Box left = word.box;
        left.width = width;
        Box right = word.box;
        right.x += width;
        right.width -= width;
        row.words.push_back({label, folded(label), word.confidence, left, std::nullopt, word.printed});
        row.words.push_back({value, folded(value), word.confidence, right, std::nullopt, word.printed});
    }
}

void finish(Row& row) {
    std::stable_sort(row.words.begin(), row.words.end(),
                     [](const Word& a, const Word& b) { return a.box.x < b.box.x; });
    row.box = row.words.front().box;
    for (std::size_t i = 0; i < row.words.size(); ++i) {
        row.box = around(row.box, row.words[i].box);
        bool starts = true;
        for (const char c : row.words[i].plain) {
            if (!is_digit(c) && !(c >= 'a' && c <= 'z')) {
                starts = true;
                continue;
            }
            row.squeezed += c;
            row.word_of.push_back(static_cast<int>(i));
            row.starts.push_back(starts);
            starts = false;
        }
    }
}

int median_height(const std::vector<Row>& rows) {
    std::vector<int> heights;
    for (const auto& row : rows) {
        for (const auto& word : row.words) {
            if (word.plain.size() >= 3) heights.push_back(word.box.height);
        }
    }
    if (heights.empty()) return kTextHeightByDefault;
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::nth_element(heights.begin(), middle, heights.end());
    return std::max(*middle, 1);
}

}  // namespace

PageRows page_rows(const OcrPage& page) {
    PageRows made;
    made.source = &page;
    std::vector<Box> told;
    for (const auto& line : page.lines) {
        if (!line.words.empty() && is_comb(line.words)) told.push_back(line.box);
    }
    auto lines = page.lines;
    for (auto& line : lines) {
        std::erase_if(line.words, [&](const OcrWord& word) {
            return trim(word.text).empty() || word.box.empty() || is_remains(word, told);
        });
    }
    std::erase_if(lines, [](const OcrLine& line) { return line.words.empty() || line.box.empty(); });
    std::stable_sort(lines.begin(), lines.end(),
                     [](const OcrLine& a, const OcrLine& b) { return middle_of(a.box) < middle_of(b.box); });
    for (const auto& line : lines) {
        Row* found = nullptr;
        const std::size_t oldest = made.rows.size() > kRowsBack ? made.rows.size() - kRowsBack : 0;
        for (std::size_t i = made.rows.size(); i-- > oldest && found == nullptr;) {
            if (fits_row(made.rows[i], line)) found = &made.rows[i];
        }
        if (found == nullptr) {
            made.rows.emplace_back();
            found = &made.rows.back();
            found->box = usual_box(line);
        }
        add_words(*found, line);
    }
    for (auto& row : made.rows) finish(row);
    made.text_height = median_height(made.rows);
    return made;
}

Box around(const Box& a, const Box& b) {
    const int left = std::min(a.x, b.x);
    const int top = std::min(a.y, b.y);
    return {left, top, std::max(right_of(a), right_of(b)) - left, std::max(bottom_of(a), bottom_of(b)) - top};
}

Box box_of(const Row& row, int first_word, int last_word) {
    PLEIADE_CHECK(first_word >= 0 && first_word <= last_word && last_word < static_cast<int>(row.words.size()));
    Box box = row.words[static_cast<std::size_t>(first_word)].box;
    for (int i = first_word + 1; i <= last_word; ++i) box = around(box, row.words[static_cast<std::size_t>(i)].box);
    return box;
}

}  // namespace pleiade::reader::fields
