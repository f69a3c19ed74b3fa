// TIFF through libtiff, strictly: what libtiff would only warn about in pixel data is a defect here, because the page
// that comes out then lacks lines of the letter.
//
// A page is an IFD of the main chain, in the order of the chain; sub-IFDs (previews) are not pages. A chain that loops
// ends where it would begin again. The orientation tag is applied.
#pragma once

#include <functional>

#include "services/decoder/job.h"
#include "services/decoder/page.h"

namespace pleiade::decoder {

class TiffFile {
  public:
    TiffFile(Bytes bytes, const Job& job);
    int page_total() const { return static_cast<int>(ifd_offsets_.size()); }
    Page page(int index) const;

  private:
    Bytes bytes_;
    const Job& job_;
    std::vector<std::uint64_t> ifd_offsets_;
};

// A CCITT stream of a PDF: `k` as in its DecodeParms.
struct CcittStream {
    Bytes data;
    int width = 0, height = 0;
    int k = 0;
    bool black_is_1 = false;
};
Page decode_ccitt(const CcittStream& stream, const Job& job, int index);

}  // namespace pleiade::decoder
