// What happens to a figure between the pen and the glyph: the hand, the paper, the scanner, the form's lines.
#pragma once

#include <opencv2/core.hpp>

#include "services/reader/digits/training/drawn_figure.h"

namespace pleiade::reader::digits {

// `ink` as drawn_figure.h gives it. Returns a glyph (glyph.h); empty when nothing of the ink is left.
// Slant, size (1.7 to 5.5 mm), pen, paleness, blur, noise, 200 or 300 dpi, grey or one bit, remains of the lines of
// its box, and gaps where such lines were taken out.
cv::Mat scanned(const cv::Mat& ink, Random& random);

// A box in which nothing was written: specks, remains of its lines.
cv::Mat scanned_empty(Random& random);

}  // namespace pleiade::reader::digits
