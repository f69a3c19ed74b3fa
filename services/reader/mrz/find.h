// The machine-readable zone among the lines that OCR read on a page.
#pragma once

#include <vector>

#include "services/reader/mrz/zone.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader::mrz {

struct Found {
    Zone zone;
    double confidence = 0;  // of the OCR
    Box box;                // upright page
};

// Zones whose birth date and at least one other check digit hold: the others are badly read, or something else. Pure.
std::vector<Found> find_zones(const OcrPage& page);

}  // namespace pleiade::reader::mrz
