// Tells whether a PDF page is just a scan: one upright image over the page, and nothing else that can be seen. The
// invisible text that OCR software lays over its scans (text mode 3) does not count; annotations do.
#pragma once

#include <optional>
#include <qpdf/QPDFPageObjectHelper.hh>

namespace pleiade::decoder {

struct ScanPlace {
    QPDFObjectHandle image;
    double width_points = 0, height_points = 0;  // on the page, before /Rotate
};

std::optional<ScanPlace> find_scan(QPDFPageObjectHelper page);

}  // namespace pleiade::decoder
