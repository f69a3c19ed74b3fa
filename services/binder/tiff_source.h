// libtiff over bytes in memory, for reading and for writing one image.
#pragma once

#include <tiffio.h>

#include <memory>
#include <string>

#include "services/binder/scan_image.h"

namespace pleiade::binder {

struct TiffCloser {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffHandle = std::unique_ptr<TIFF, TiffCloser>;

struct TiffMemory {
    Bytes input;         // read from, when not writing
    std::string output;  // written to
    std::uint64_t at = 0;
    bool writing = false;
};

// `memory` must outlive the handle. Empty handle when libtiff refuses.
TiffHandle open_tiff(TiffMemory& memory);

}  // namespace pleiade::binder
