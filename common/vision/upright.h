// Turns a page so that it can be read, at the resolution that the reader wants, and remembers the way back.
#pragma once

#include <opencv2/core.hpp>

#include "common/vision/orientation.h"
#include "common/vision/page_image.h"

namespace pleiade::vision {

// The way from pixels of the upright page to pixels of the page as scanned.
class UprightMap {
  public:
    UprightMap() = default;
    UprightMap(const cv::Matx23d& to_scanned, cv::Size scanned) : to_scanned_(to_scanned), scanned_(scanned) {}
    cv::Point2d as_scanned(cv::Point2d upright) const;
    // The smallest upright box of the scanned page that holds `upright`, within the page.
    Box as_scanned(const Box& upright) const;
    // The other way; for codes, which are found on the page as scanned.
    Box as_upright(const Box& scanned) const;

  private:
    cv::Matx23d to_scanned_ = cv::Matx23d::eye();
    cv::Size scanned_;
};

struct UprightPage {
    cv::Mat grey;  // CV_8UC1, square pixels, what came from outside the scan is white
    double dpi = 0;
    UprightMap map;
};

// `dpi` 0 keeps the finer of the scan's two resolutions. A skew under a fifth of a degree is left alone: turning would
// cost more sharpness than it gains. About 10 ms (60 with skew) for an A4 page from 300 to 300 dpi.
UprightPage make_upright(const PageImage& page, int rotation, double skew_degrees, double dpi = 0);
UprightPage make_upright(const PageImage& page, const Orientation& orientation, double dpi = 0);

// Paper made white and even, ink kept: for OCR of stained, yellow or shaded pages. 8-bit in and out.
cv::Mat even_out_paper(const cv::Mat& grey);

// Sauvola's local threshold: 0 ink, 255 paper. `window` about the height of two lines of text.
cv::Mat binarise(const cv::Mat& grey, int window = 41, double k = 0.25);

}  // namespace pleiade::vision
