// pleiade-pdf-decoder: opens one received PDF. A program apart, since qpdf brings nine libraries for encryption that
// take longer to link than a page of a TIFF takes to decode. Started by common/vision/decode.cpp only.
#include "common/vision/decoder_protocol.h"
#include "services/decoder/program.h"
#include "services/decoder/run_pdf.h"

int main(int count, char** arguments) {
    const auto job = pleiade::decoder::job_of(count, arguments);
    if (!job) return pleiade::vision::protocol::kExitUsage;
    pleiade::decoder::decode(*job, pleiade::decoder::run_pdf);
}
