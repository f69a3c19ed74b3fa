// The ink of one box, made the same size and place whatever was written: what the model is trained on and reads.
#pragma once

#include <opencv2/core.hpp>

namespace pleiade::reader::digits {

inline constexpr int kGlyphSide = 28;
inline constexpr int kGlyphInk = 20;  // the longer side of what is written

// `ink`: CV_8UC1, 0 is paper and 255 full ink, of one box and nothing else. Returns kGlyphSide x kGlyphSide, the ink
// centred without its specks, its longer side kGlyphInk; an empty Mat when there is no ink. Pure.
cv::Mat glyph_of(const cv::Mat& ink);

}  // namespace pleiade::reader::digits
