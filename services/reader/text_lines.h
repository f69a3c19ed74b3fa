// Where lines of print or writing stand on an upright page, without reading them: so that the cascade can choose which
// ones to read. Pure.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "common/domain/reading.h"

namespace pleiade::reader {

struct TextLine {
    Box box;                   // pixels of the upright page
    double letter_height = 0;  // median over its marks
    int marks = 0;             // letters, about
    bool on_black = false;     // white letters on a dark band
};

// `upright`: at about 200 dpi, its paper even. From top to bottom. About 12 ms for an A4 page. `dots`: filled with the
// dots of the page's dotted lines (leaders.h), which are no text.
std::vector<TextLine> find_text_lines(const cv::Mat& upright, std::vector<cv::Rect>* dots = nullptr);

}  // namespace pleiade::reader
