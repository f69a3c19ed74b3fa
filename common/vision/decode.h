// Opens received files. Bytes from outside are decoded only in a disposable child process, the program
// pleiade-decoder or pleiade-pdf-decoder, with memory, CPU and wall limits, no network, no file system and a seccomp
// allow-list (../../services/decoder). This header is the only way in.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/vision/page_image.h"

namespace pleiade::vision {

struct DecodeLimits {
    std::size_t memory_bytes = 768ull << 20;
    std::chrono::seconds cpu{20};
    std::chrono::seconds wall{30};
    std::size_t file_bytes_max = 100ull << 20;
    std::size_t page_pixels_max = 80'000'000;  // A3 at 600 dpi is 70 M
    int pages_max = 500;
};

// What the child processes of one call took.
struct DecodeCost {
    double cpu_ms = 0;
    std::size_t memory_peak_bytes = 0;  // of the hungriest of them
    int children = 0;
};

struct DecodeOptions {
    DecodeLimits limits;
    bool codes = true;           // look for barcodes too
    int only_index = -1;         // decode that image alone (0-based), all when negative
    bool pixels = true;          // false: check and count only; `grey` stays empty (width and height are set)
    double render_dpi = 200;     // for PDF pages that are not a scan
    DecodeCost* cost = nullptr;  // filled in whatever the outcome, when given
};

struct DecodedFile {
    std::string format;            // "tiff", "jpeg", "png", "pdf"
    int page_total = 0;            // of the file, whatever was asked for
    std::vector<PageImage> pages;  // in order; the one page when only_index names one
    std::vector<cv::Size> sizes;   // of `pages`, also when pixels are not asked for
};

// A page stands as every viewer shows it: the orientation tag of TIFF, that of EXIF and the /Rotate of PDF are applied,
// and "pixels as scanned" are these. Pixels are never resampled: a fax of 204 x 98 dpi keeps its flat pixels, dpi_x and
// dpi_y tell. Of a TIFF, every IFD of the main chain is a page, and no sub-IFD is.
//
// Memory: a grey A4 page at 300 dpi takes 9 MB here; ask for one index at a time when a file may have hundreds.
//
// Errors are the contract's codes: REJ_FORMAT_UNKNOWN, REJ_FILE_EMPTY, REJ_FILE_TRUNCATED, REJ_FILE_CORRUPT,
// REJ_FILE_ENCRYPTED, REJ_TOO_LARGE, REJ_DECODER_LIMIT, REJ_DECODER_CRASH (kind Invalid), or DECODER_UNAVAILABLE
// (kind Unavailable) when the child could not be started, or PAGE_NOT_FOUND (kind NotFound) for an only_index that the
// file does not have. Thread-safe; blocks until the child has ended.
Result<DecodedFile> decode_file(const std::string& path, const DecodeOptions& options = {});
Result<DecodedFile> decode_fd(int fd, const DecodeOptions& options = {});

}  // namespace pleiade::vision
