// Boxes to tick that stand on one line of a blank, with the words printed there. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

struct RowWord {
    std::string text;  // folded
    cv::Rect2d box;    // millimetres
};

struct TickRow {
    std::vector<Zone*> boxes;    // from left to right, never empty
    std::vector<RowWord> words;  // from left to right; what OCR made of the boxes is taken off

    // Words whose middle stands between two places, in millimetres from the left.
    std::string text_between(double from, double to) const;
};

// The rows of all boxes to tick of `form`, whose zones must outlive them.
std::vector<TickRow> tick_rows(Form& form, const std::vector<PrintedWord>& words);

// Forms set the words that name a box on one side of it, and nearer to it than the next one's.
enum class WordSide { Behind, Before, Unsure };
WordSide side_of_words(const std::vector<TickRow>& rows);

}  // namespace pleiade::reader::forms
