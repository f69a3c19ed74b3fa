// A job on a PDF. Apart from run.h, so that a program which calls only that one links no qpdf.
#pragma once

#include "services/decoder/job.h"
#include "services/decoder/output.h"

namespace pleiade::decoder {

void run_pdf(const Job& job, Bytes input, Output& output);

}  // namespace pleiade::decoder
