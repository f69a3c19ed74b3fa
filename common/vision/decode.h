// Opens received files. Bytes from outside are decoded only in a disposable child process, the program
// pleiade-decoder, with memory, CPU and wall limits, no network, no file system and a seccomp allow-list
// (../../services/decoder). This header is the only way in.
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

struct DecodeOptions {
    DecodeLimits limits;
    bool codes = true;        // look for barcodes too
    int only_index = -1;      // decode that image alone (0-based), all when negative
    bool pixels = true;       // false: check and count only; `grey` stays empty (width and height are set)
    double render_dpi = 200;  // for PDF pages that are not a scan
};

struct DecodedFile {
    std::string format;  // "tiff", "jpeg", "png", "pdf"
    std::vector<PageImage> pages;
    std::vector<cv::Size> sizes;  // of every page, also when pixels are not asked for
};

// Errors are the contract's codes: REJ_FORMAT_UNKNOWN, REJ_FILE_EMPTY, REJ_FILE_TRUNCATED, REJ_FILE_CORRUPT,
// REJ_FILE_ENCRYPTED, REJ_TOO_LARGE, REJ_DECODER_LIMIT, REJ_DECODER_CRASH (kind Invalid), or DECODER_UNAVAILABLE
// (kind Unavailable) when the child could not be started. Thread-safe; blocks until the child has ended.
Result<DecodedFile> decode_file(const std::string& path, const DecodeOptions& options = {});
Result<DecodedFile> decode_fd(int fd, const DecodeOptions& options = {});

}  // namespace pleiade::vision
