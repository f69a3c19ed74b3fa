// A grey image that barcodes are looked for in, and the way from its pixels to those of the page.
#pragma once

#include <cstdint>
#include <vector>

#include "services/decoder/page.h"

namespace pleiade::decoder {

struct Area {
    int x = 0, y = 0, width = 0, height = 0;
};

struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
    double scale_x = 1, scale_y = 1;  // of the page's pixels in one of these
    int left = 0, top = 0;            // on the page
    bool turned = false;              // by a quarter clockwise, after it was taken from there

    const std::uint8_t* row(int y) const {
        return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    std::uint8_t* row(int y) { return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width); }
    Area on_page(const Area& here) const;
};

// `page` holds 8-bit grey; what of `area` lies outside of it is left out.
Picture part_of(const Page& page, const Area& area);
Picture whole_of(const Page& page);

Picture halved(const Picture& from);
// Halves a page without copying it first.
Picture halved(const Page& page);
// Twice as large, with values in between.
Picture doubled(const Picture& from);
// Clockwise by a quarter, so that what ran down runs along.
Picture turned(const Picture& from);
// At most `rows_max` of its rows, evenly spaced: bars are the same in each.
Picture thinned(const Picture& from, int rows_max);

}  // namespace pleiade::decoder
