// The three facts of an EXIF block that a page needs; everything else in it stays unread.
#pragma once

#include <cstdint>
#include <span>

namespace pleiade::sandbox {

struct ExifFacts {
    bool found = false;
    int orientation = 1;
    double dpi_x = 0, dpi_y = 0;
};

// `marker`: the content of a JPEG's APP1, from "Exif\0\0" on. What is damaged or absent keeps its default.
ExifFacts read_exif(std::span<const std::uint8_t> marker);

}  // namespace pleiade::sandbox
