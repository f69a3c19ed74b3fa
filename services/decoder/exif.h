// The three facts of an EXIF block that a page needs; everything else in it stays unread.
#pragma once

#include "services/decoder/job.h"

namespace pleiade::decoder {

struct ExifFacts {
    int orientation = 1;
    double dpi_x = 0, dpi_y = 0;
};

// `marker`: the content of a JPEG's APP1, from "Exif\0\0" on. What is damaged or absent keeps its default.
ExifFacts read_exif(Bytes marker);

}  // namespace pleiade::decoder
