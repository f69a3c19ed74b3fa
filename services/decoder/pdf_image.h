// Decodes an image of a PDF when that is simple enough to be exact.
#pragma once

#include <optional>
#include <qpdf/QPDFObjectHandle.hh>

#include "services/decoder/job.h"
#include "services/decoder/page.h"

namespace pleiade::decoder {

// Nothing when the image has a mask, a colour space or a filter that only a renderer handles (JBIG2, JPEG 2000, spot
// colours). Throws Refusal when its data are damaged.
std::optional<Page> decode_pdf_image(QPDFObjectHandle image, const Job& job, int index);

}  // namespace pleiade::decoder
