// PNG through libpng: every kind, interlaced ones too; what is transparent shows white paper.
#pragma once

#include "services/decoder/job.h"
#include "services/decoder/page.h"

namespace pleiade::decoder {

Page decode_png(Bytes bytes, const Job& job);

}  // namespace pleiade::decoder
