// The bones of a TIFF, without libtiff: where its pages are, and a header for bare fax data.
#pragma once

#include <cstdint>
#include <vector>

#include "services/decoder/job.h"
#include "services/decoder/tiff.h"

namespace pleiade::decoder {

// Offsets of the IFDs of the main chain, classic or BigTIFF. libtiff ends its list silently where the chain breaks;
// this throws Refusal instead (truncated, corrupt, too many), so that no page is lost without a word.
std::vector<std::uint64_t> ifd_chain(Bytes bytes, int pages_max);

std::vector<std::uint8_t> wrap_ccitt(const CcittStream& stream);

}  // namespace pleiade::decoder
