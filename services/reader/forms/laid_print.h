// The print of a blank laid over a page.
#pragma once

#include <opencv2/core.hpp>

namespace pleiade::reader::forms {

// `print`: CV_8UC1, ink is not 0. What of it falls on a page of `size` under `map`, at 255. A page of print is one
// pixel in twenty: run by run they are carried over in a tenth of the time that cv::warpPerspective needs to look for
// every pixel of the page. Where `map` enlarges, a pixel between two of them may stay empty: whoever asks widens it.
// Pure.
cv::Mat laid_print(const cv::Mat& print, const cv::Matx33d& map, cv::Size size);

}  // namespace pleiade::reader::forms
