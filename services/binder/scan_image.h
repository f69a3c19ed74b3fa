// One scan, as a PDF image object takes it: the received bytes wherever PDF knows their compression.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace pleiade::binder {

using Bytes = std::span<const std::uint8_t>;

// The file cannot be taken over. Never holds document text.
class Unreadable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct ScanImage {
    int width = 0, height = 0;  // pixels, as stored
    int bits = 8;               // per sample
    std::string colour_space;   // PDF syntax: "/DeviceGray", "[/Indexed ...]"
    std::string filter;         // "/DCTDecode"; empty: `bytes` are plain samples, compressed by the writer
    std::string decode_parms;   // PDF syntax, may be empty
    std::string decode;         // PDF syntax of the Decode array, may be empty
    std::string bytes;
    double dpi_x = 0, dpi_y = 0;  // 0 when the file does not say
    int orientation = 1;          // EXIF and TIFF number, 1 to 8
};

ScanImage jpeg_scan(Bytes file);
ScanImage png_scan(Bytes file);
// `index`: directory of the file, 0-based.
ScanImage tiff_scan(Bytes file, int index);

}  // namespace pleiade::binder
