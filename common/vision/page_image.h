// One decoded page image, as the sandbox hands it over: 8-bit grey, plus what is known of its origin.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/reading.h"

namespace pleiade::vision {

struct PageImage {
    cv::Mat grey;      // CV_8UC1, 0 is black; copies of a PageImage share it, as cv::Mat does
    double dpi_x = 0;  // 0 when the file does not say
    double dpi_y = 0;
    bool bitonal = false;        // only 0 and 255
    bool colour = false;         // the source had colours (the grey is their luminance)
    std::vector<Code> codes;     // barcodes found on it, in pixels of `grey`
    bool codes_complete = true;  // false when the barcode reader crashed or ran out of time on this page
};

}  // namespace pleiade::vision
