// The limits of one run of the decoder, for the lockdown that it shares with the other programs that parse received
// bytes.
#pragma once

#include "common/sandbox/lockdown.h"
#include "common/vision/decoder_protocol.h"
#include "services/decoder/job.h"

namespace pleiade::decoder {

inline sandbox::Limits limits_of(const Job& job) {
    return {job.memory_bytes, job.cpu_seconds, vision::protocol::kRunBytesMax + 2 * job.page_pixels_max + (16u << 20)};
}

}  // namespace pleiade::decoder
