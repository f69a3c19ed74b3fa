// What the OCR engine saw on an upright page: words with their place and confidence, grouped in lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/reading.h"
#include "services/reader/digits/odds.h"

namespace pleiade::reader {

struct OcrWord {
    std::string text;       // UTF-8, as read
    double confidence = 0;  // 0 to 1
    Box box;                // pixels of the upright page image that was read (OcrPage::width x height)
    std::optional<digits::Odds> odds = std::nullopt;  // of one character that the digit model read
    bool printed = false;                             // by the blank of a registered form: never an answer
};

struct OcrLine {
    std::vector<OcrWord> words;  // left to right
    Box box;
    int block = 0;             // lines of one paragraph or column share it
    std::string text() const;  // words joined by one space
};

struct OcrPage {
    int page = 0;   // number in the pli
    int width = 0;  // of the upright page, in pixels
    int height = 0;
    int rotation = 0;  // degrees clockwise that made it upright
    // Clockwise tilt of the page after that rotation, which was taken out about the centre of the image, the canvas
    // keeping its size (cv::getRotationMatrix2D(centre, skew_degrees, 1)). A scale between scan and upright page
    // follows from their sizes.
    double skew_degrees = 0;
    std::vector<OcrLine> lines;    // top to bottom
    std::vector<Box> empty_combs;  // rows of boxes in which nothing is written
    int letters_unread = 0;        // about, in the lines that were left because the page was settled without them
    // Maps a box of the upright page back to pixels of the page as scanned.
    Box as_scanned(const Box& upright) const;
    int scanned_width = 0;
    int scanned_height = 0;
};

}  // namespace pleiade::reader
