// One page as the codecs hand it on, and the few pixel operations that they share.
#pragma once

#include <cstdint>
#include <vector>

#include "services/decoder/job.h"

namespace pleiade::decoder {

struct Page {
    int width = 0;
    int height = 0;
    int bits = 8;  // 1: packed rows, most significant bit first, 1 is white; 8: grey, 0 is black
    double dpi_x = 0;
    double dpi_y = 0;
    bool colour = false;
    std::vector<std::uint8_t> pixels;

    std::size_t row_bytes() const { return bits == 1 ? (static_cast<std::size_t>(width) + 7) / 8 : std::size_t(width); }
    void allocate() { pixels.resize(row_bytes() * static_cast<std::size_t>(height)); }
    std::uint8_t* row(int y) { return pixels.data() + row_bytes() * static_cast<std::size_t>(y); }
    const std::uint8_t* row(int y) const { return pixels.data() + row_bytes() * static_cast<std::size_t>(y); }
};

inline std::uint8_t luminance(unsigned r, unsigned g, unsigned b) {
    return static_cast<std::uint8_t>((306 * r + 601 * g + 117 * b + 512) >> 10);
}

// Refuses sides and surfaces before anything is allocated for them.
void check_size(std::uint64_t width, std::uint64_t height, const Job& job, int index);

void unpack_row(const std::uint8_t* packed, std::uint8_t* grey, int width);
void to_grey8(Page& page);
// Makes a page of 8 bits that holds only 0 and 255 a page of 1 bit.
void pack_if_bitonal(Page& page);
// Applies an orientation of TIFF and EXIF (1 to 8), so that the page stands as every viewer shows it.
void orient(Page& page, int orientation);
// Quarter turns clockwise, as the /Rotate of PDF counts them.
void rotate(Page& page, int degrees_clockwise);

}  // namespace pleiade::decoder
