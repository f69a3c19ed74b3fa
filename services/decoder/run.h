// Does a job: pages first, barcodes once every pixel is safe in the output.
#pragma once

#include "services/decoder/job.h"
#include "services/decoder/output.h"

namespace pleiade::decoder {

void run(const Job& job, Bytes input, Output& output);

}  // namespace pleiade::decoder
