// What this run of the decoder has to do, as its command line says, and the bytes it has to do it on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pleiade::decoder {

using Bytes = std::span<const std::uint8_t>;

struct Job {
    std::string format;  // "tiff", "jpeg", "png", "pdf", "pnm" (what pdftoppm writes), or "render"
    int first = 0;       // 0-based page
    int count = 16;
    bool codes = true;
    bool pixels = true;
    double render_dpi = 200;
    std::uint64_t page_pixels_max = 80'000'000;
    int pages_max = 500;
    std::uint64_t memory_bytes = 768ull << 20;
    int cpu_seconds = 20;
};

}  // namespace pleiade::decoder
