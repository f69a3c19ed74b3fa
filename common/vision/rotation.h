// Turns a page by the few degrees that a scanner laid it askew: once along its rows and once along its columns, each
// time between two neighbouring pixels (E. Catmull, A. Smith, 3-D transformations of images in scanline order, 1980).
// What cv::warpAffine makes, for a fifth of the time, because neighbours in memory stay neighbours.
#pragma once

#include <opencv2/core.hpp>

namespace pleiade::vision {

// `grey`: CV_8UC1. Clockwise about its centre, by at most 45 degrees; the canvas keeps its size, what enters is white.
// Pure.
cv::Mat rotated(const cv::Mat& grey, double degrees);

}  // namespace pleiade::vision
