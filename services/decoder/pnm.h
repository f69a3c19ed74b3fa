// The grey pages that pdftoppm writes one after the other (P5, 8 bits). Only ever the output of another sandbox.
#pragma once

#include <vector>

#include "services/decoder/job.h"
#include "services/decoder/page.h"

namespace pleiade::decoder {

class PnmFile {
  public:
    PnmFile(Bytes bytes, const Job& job);
    int page_total() const { return static_cast<int>(pages_.size()); }
    Page page(int index) const;

  private:
    struct Place {
        int width, height;
        Bytes pixels;
    };
    std::vector<Place> pages_;
    double dpi_;
};

}  // namespace pleiade::decoder
