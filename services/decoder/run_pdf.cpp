#include "services/decoder/run_pdf.h"

#include "services/decoder/pdf.h"
#include "services/decoder/refusal.h"
#include "services/decoder/run.h"

namespace pleiade::decoder {

void run_pdf(const Job& job, Bytes input, Output& output) {
    if (job.format != "pdf") throw Refusal(kUnknown, "not a PDF");
    const PdfFile file(input, job);
    write_pages(job, file.page_total(), output, [&](int index) {
        std::optional<Page> scan = file.scan(index);
        if (!scan) {
            const RenderSize size = file.render_size(index);
            output.to_render(index, size.width, size.height);
        }
        return scan;
    });
}

}  // namespace pleiade::decoder
