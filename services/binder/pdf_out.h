// The PDF that comes out: one page per scan, upright, of the size that its resolution gives.
//
// Operation: pages in the order they are added, then write. The same calls give the same bytes: no date, an identifier
// derived from the content. Nothing of a person in the metadata: the title is our document's identifier.
#pragma once

#include <map>
#include <memory>
#include <qpdf/QPDF.hh>
#include <string>

#include "services/binder/scan_image.h"

namespace pleiade::binder {

class PdfOut {
  public:
    explicit PdfOut(const std::string& title);

    void add_scan(ScanImage image, int rotation);
    // Copies page `index` of a received PDF. Its form fields and stamps become part of the page, its actions, links and
    // attachments stay behind. `name` tells files apart; the bytes must live until write.
    void add_pdf_page(const std::string& name, Bytes file, int index, int rotation);

    std::string write();

  private:
    QPDF pdf_;
    std::map<std::string, std::unique_ptr<QPDF>> sources_;
};

}  // namespace pleiade::binder
