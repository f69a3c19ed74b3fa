// Pages of text laid out by hand, as an OCR engine would give them: what typage and the page stream are tried on.
#pragma once

#include <string>
#include <vector>

#include "services/reader/ocr_page.h"
#include "services/reader/page_reader.h"

namespace pleiade::reader {

// One line: where it stands on an A4 page at 200 dpi, how high its letters are.
struct DrawnLine {
    std::string text;
    int y = 0;
    int x = 150;
    int letters = 20;
};

inline OcrPage drawn_page(int number, const std::vector<DrawnLine>& lines) {
    OcrPage page;
    page.page = number;
    page.width = page.scanned_width = 1654;
    page.height = page.scanned_height = 2339;
    for (const auto& drawn : lines) {
        OcrLine line;
        line.block = static_cast<int>(page.lines.size());
        int x = drawn.x;
        std::size_t from = 0;
        while (from <= drawn.text.size()) {
            const auto to = std::min(drawn.text.find(' ', from), drawn.text.size());
            const auto text = drawn.text.substr(from, to - from);
            const int width = static_cast<int>(text.size()) * drawn.letters / 2;
            if (!text.empty()) line.words.push_back({text, 0.93, {x, drawn.y, width, drawn.letters}});
            x += width + drawn.letters / 2;
            from = to + 1;
        }
        line.box = {drawn.x, drawn.y, x - drawn.x, drawn.letters};
        page.lines.push_back(std::move(line));
    }
    return page;
}

inline PageRead drawn_read(int number, const std::vector<DrawnLine>& lines) {
    PageRead read;
    read.text = drawn_page(number, lines);
    read.reading.page = number;
    read.reading.width = read.text.width;
    read.reading.height = read.text.height;
    return read;
}

}  // namespace pleiade::reader
