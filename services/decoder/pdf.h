// PDF through libqpdf. A page that is nothing but one scan gives the scan's own pixels (DCT, CCITT, Flate and the other
// lossless filters), turned as /Rotate says; any other page is left to pdftoppm, which the parent starts.
//
// A damaged file is read when qpdf can rebuild it and its page tree still counts what it announces; a file that has
// lost its end is refused as truncated, since what it lost cannot be known.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "services/decoder/job.h"
#include "services/decoder/page.h"

class QPDF;

namespace pleiade::decoder {

struct RenderSize {
    std::uint32_t width, height;
};

class PdfFile {
  public:
    PdfFile(Bytes bytes, const Job& job);
    ~PdfFile();
    int page_total() const;
    // The page's scan, or nothing when the page must be rendered.
    std::optional<Page> scan(int index) const;
    RenderSize render_size(int index) const;

  private:
    const Job& job_;
    std::unique_ptr<QPDF> pdf_;
};

}  // namespace pleiade::decoder
