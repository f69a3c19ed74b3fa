// The words of a page as field extraction wants them: in visual rows across the whole page, folded, and run together
// so that wordings can be looked for whatever the OCR made of their spaces and punctuation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/reader/ocr_page.h"

namespace pleiade::reader::fields {

struct Word {
    std::string text;   // as read
    std::string plain;  // folded: lower case, no accents
    double confidence = 0;
    Box box;                                          // upright page
    std::optional<digits::Odds> odds = std::nullopt;  // of one character in a box
    bool printed = false;                             // by the blank of a registered form: never an answer
};

// OCR engines cut a form into blocks; a row joins again what stands at the same height, a label and its comb above all.
struct Row {
    std::vector<Word> words;  // left to right
    Box box;
    std::string squeezed;      // the letters and digits of the folded words, nothing between them
    std::vector<int> word_of;  // for each character of `squeezed`, the word it belongs to
    std::vector<bool> starts;  // for each character: begins a word, or follows an apostrophe, a dash, a parenthesis
    bool ends_before(std::size_t at) const { return at == squeezed.size() || starts[at]; }
};

struct PageRows {
    const OcrPage* source = nullptr;
    std::vector<Row> rows;  // top to bottom
    int text_height = 0;    // median height of words
};

PageRows page_rows(const OcrPage& page);

Box around(const Box& a, const Box& b);
Box box_of(const Row& row, int first_word, int last_word);
inline int right_of(const Box& box) {
    return box.x + box.width;
}
inline int bottom_of(const Box& box) {
    return box.y + box.height;
}

}  // namespace pleiade::reader::fields
