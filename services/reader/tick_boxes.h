// Boxes to tick as they are drawn: squares and circles, empty or ticked, whatever strokes cross them.
//
// Limits: 2.2 to 6.5 mm wide; their edges whole but for what noise takes. A circle that a stroke leaves is not found.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace pleiade::reader {

struct TickBox {
    cv::Rect box;  // around its outer edge
    bool round = false;
    bool black = false;  // all of it is ink
};

// `ink`: CV_8UC1, 255 where there is print or writing, at 200 dpi. In no particular order. Pure; about a millisecond
// for a stretch of a page as high as two lines.
std::vector<TickBox> find_tick_boxes(const cv::Mat& ink);

// What was put into the boxes: the ink of strokes that touch one of them, the boxes' own lines taken out.
cv::Mat ink_in(const cv::Mat& ink, const std::vector<TickBox>& boxes);

}  // namespace pleiade::reader
