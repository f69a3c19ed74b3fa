#include "services/decoder/page.h"

#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace {

constexpr std::uint64_t kSideMax = 60'000;

std::array<std::array<std::uint8_t, 8>, 256> make_unpack_table() {
    std::array<std::array<std::uint8_t, 8>, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        for (unsigned bit = 0; bit < 8; ++bit) table[byte][bit] = (byte >> (7 - bit)) & 1 ? 255 : 0;
    }
    return table;
}

bool only_black_and_white(const Page& page) {
    // Most grey pages answer within their first rows.
    for (std::uint8_t value : page.pixels) {
        if (static_cast<std::uint8_t>(value + 1) > 1) return false;
    }
    return true;
}

}  // namespace

void check_size(std::uint64_t width, std::uint64_t height, const Job& job, int index) {
    const std::string where = "page " + std::to_string(index + 1);
    if (width == 0 || height == 0) throw Refusal(kCorrupt, where + " has no surface");
    if (width > kSideMax || height > kSideMax || width * height > job.page_pixels_max) {
        throw Refusal(kTooLarge, where + " measures " + std::to_string(width) + " x " + std::to_string(height) +
                                     " pixels, more than the limit");
    }
}

void unpack_row(const std::uint8_t* packed, std::uint8_t* grey, int width) {
    static const auto table = make_unpack_table();
    int x = 0;
    for (; x + 8 <= width; x += 8) std::memcpy(grey + x, table[*packed++].data(), 8);
    if (x < width) std::memcpy(grey + x, table[*packed].data(), static_cast<std::size_t>(width - x));
}

void to_grey8(Page& page) {
    if (page.bits == 8) return;
    std::vector<std::uint8_t> grey(static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height));
    for (int y = 0; y < page.height; ++y) {
        unpack_row(page.row(y), grey.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(page.width),
                   page.width);
    }
    page.bits = 8;
    page.pixels = std::move(grey);
}

void pack_if_bitonal(Page& page) {
    if (page.bits == 1 || !only_black_and_white(page)) return;
    Page packed = page;
    packed.bits = 1;
    packed.colour = false;
    packed.pixels.assign(packed.row_bytes() * static_cast<std::size_t>(page.height), 0);
    for (int y = 0; y < page.height; ++y) {
        const std::uint8_t* from = page.row(y);
        std::uint8_t* to = packed.row(y);
        for (int x = 0; x < page.width; ++x) to[x >> 3] |= static_cast<std::uint8_t>((from[x] & 0x80) >> (x & 7));
    }
    page = std::move(packed);
}

void orient(Page& page, int orientation) {
    if (orientation <= 1 || orientation > 8) return;
    const bool was_packed = page.bits == 1;
    to_grey8(page);
    const bool swapped = orientation >= 5;
    Page out = page;
    if (swapped) {
        std::swap(out.width, out.height);
        std::swap(out.dpi_x, out.dpi_y);
    }
    out.allocate();
    const int w = page.width, h = page.height;
    for (int y = 0; y < h; ++y) {
        const std::uint8_t* from = page.row(y);
        for (int x = 0; x < w; ++x) {
            int tx = x, ty = y;
            switch (orientation) {
                case 2:
                    tx = w - 1 - x;
                    break;
                case 3:
                    tx = w - 1 - x, ty = h - 1 - y;
                    break;
                case 4:
                    ty = h - 1 - y;
                    break;
                case 5:
                    tx = y, ty = x;
                    break;
                case 6:
                    tx = h - 1 - y, ty = x;
                    break;
                case 7:
                    tx = h - 1 - y, ty = w - 1 - x;
                    break;
                case 8:
                    tx = y, ty = w - 1 - x;
                    break;
                default:
                    break;
            }
            out.row(ty)[tx] = from[x];
        }
    }
    page = std::move(out);
    if (was_packed) pack_if_bitonal(page);
}

void rotate(Page& page, int degrees_clockwise) {
    switch (((degrees_clockwise % 360) + 360) % 360) {
        case 90:
            orient(page, 6);
            break;
        case 180:
            orient(page, 3);
            break;
        case 270:
            orient(page, 8);
            break;
        default:
            break;
    }
}

}  // namespace pleiade::decoder
