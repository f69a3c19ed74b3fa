// Landmarks of a page: places that look like nothing around them, each with a description that survives what a scanner
// does. ORB's binary pattern (OpenCV features2d) without its turning: the page is upright already, so that a label and
// its turned copy stay different, which makes the descriptions a good deal more telling.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace pleiade::reader::forms {

struct Landmarks {
    std::vector<cv::Point2f> at;  // pixels of the small image
    cv::Mat descriptions;         // one row of 32 bytes each
};

// At most `most`, spread over the page so that a dense paragraph does not take them all. Deterministic. About 5 ms.
Landmarks find_landmarks(const cv::Mat& small, int most);

}  // namespace pleiade::reader::forms
