// Page images for browsers, out of received files.
//
// A port because tests have no vault and no decoder, and make both fail. Production: sandboxed_page_images.
// Concurrency: called from several threads, blocks while the decoder works.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/domain/reading.h"

namespace pleiade::gateway {

enum class ImageFormat {
    Best,  // PNG of 1 bit for a black-and-white scan, JPEG for another
    Png,   // without loss
    Jpeg,
};

struct PageImageRequest {
    PliId pli;
    std::string sha256;  // of the stored file
    int index = 0;       // image in it, 0-based
    ImageFormat format = ImageFormat::Best;
    bool thumbnail = false;
    bool full = false;  // at full size, for zooming
};

struct EncodedPage {
    std::string bytes;
    std::string media_type;
};

class PageImages {
  public:
    virtual ~PageImages() = default;
    // Errors: those of the vault, of the decoder (common/vision/decode.h).
    virtual Result<EncodedPage> encode(const PageImageRequest& request) = 0;
};

}  // namespace pleiade::gateway
