// Small scans of every kind, written by the libraries that scanners' software uses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/binder/bind.h"

namespace pleiade::binder {

struct TiffKind {
    std::uint16_t compression = 1;
    std::uint16_t bits = 1;
    std::uint16_t samples = 1;
    std::uint16_t photometric = 0;
    std::uint32_t rows_per_strip = 0;  // 0: one strip
    std::uint16_t fill_order = 1;
    std::uint32_t t4 = 0;
    std::uint16_t orientation = 1;
    int pages = 1;
    bool tiled = false;
};

inline constexpr int kSampleWidth = 203, kSampleHeight = 144;  // no multiple of 8

// 8-bit grey picture that both tests and samples draw from, smooth, different along both sides.
const std::vector<std::uint8_t>& picture(int page = 0);
// The same in two tones.
bool black(int x, int y, int page = 0);

std::string tiff_sample(const TiffKind& kind);
std::string jpeg_sample(int components, int dpi, int exif_orientation = 0);
std::string png_sample(int colour_type, int bits, bool interlaced = false);
std::string pdf_sample(const std::string& extra_page_keys = "");

// One file, pages 0..n-1, not turned.
Request request_for(const std::vector<std::string>& files, const std::vector<PageOrder>& pages);
std::string bind_files(const std::vector<std::string>& files, const std::vector<PageOrder>& pages);
std::string bind_one(const std::string& file, int rotation = 0);

}  // namespace pleiade::binder
