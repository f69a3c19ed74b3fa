// JPEG through libjpeg-turbo. Whatever libjpeg warns about in the data is a defect: it pads missing lines with grey.
// The EXIF orientation is applied.
#pragma once

#include "services/decoder/job.h"
#include "services/decoder/page.h"

namespace pleiade::decoder {

// `in_pdf`: dimensions that the PDF announces must match, and EXIF is not looked at.
Page decode_jpeg(Bytes bytes, const Job& job, int index, bool in_pdf = false);

}  // namespace pleiade::decoder
