#include "common/sandbox/exif.h"

#include <cstring>

namespace pleiade::sandbox {
namespace {

struct View {
    std::span<const std::uint8_t> bytes;
    bool big_endian;
    bool holds(std::uint64_t at, std::uint64_t n) const { return at <= bytes.size() && n <= bytes.size() - at; }
    std::uint32_t number(std::uint64_t at, int width) const {
        if (!holds(at, static_cast<std::uint64_t>(width))) return 0;
        std::uint32_t value = 0;
        for (int i = 0; i < width; ++i) {
            value = value << 8 | bytes[at + static_cast<std::uint64_t>(big_endian ? i : width - 1 - i)];
        }
        return value;
    }
    double fraction(std::uint64_t at) const {
        const double below = number(at + 4, 4);
        return below > 0 ? number(at, 4) / below : 0;
    }
};

}  // namespace

ExifFacts read_exif(std::span<const std::uint8_t> marker) {
    ExifFacts facts;
    if (marker.size() < 14 || std::memcmp(marker.data(), "Exif\0\0", 6) != 0) return facts;
    facts.found = true;
    const View view{marker.subspan(6), marker[6] == 'M'};
    const std::uint64_t ifd = view.number(4, 4);
    const std::uint32_t entries = view.number(ifd, 2);
    double factor = 1;
    for (std::uint32_t i = 0; i < entries && i < 64; ++i) {
        const std::uint64_t entry = ifd + 2 + 12ull * i;
        if (!view.holds(entry, 12)) break;
        switch (view.number(entry, 2)) {
            case 274:
                facts.orientation = static_cast<int>(view.number(entry + 8, 2));
                break;
            case 282:
                facts.dpi_x = view.fraction(view.number(entry + 8, 4));
                break;
            case 283:
                facts.dpi_y = view.fraction(view.number(entry + 8, 4));
                break;
            case 296:
                factor = view.number(entry + 8, 2) == 3 ? 2.54 : 1;
                break;
            default:
                break;
        }
    }
    facts.dpi_x *= factor;
    facts.dpi_y *= factor;
    return facts;
}

}  // namespace pleiade::sandbox
