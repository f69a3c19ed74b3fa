#include "services/decoder/run.h"

#include <algorithm>
#include <optional>

#include "services/decoder/jpeg.h"
#include "services/decoder/pdf.h"
#include "services/decoder/png.h"
#include "services/decoder/pnm.h"
#include "services/decoder/refusal.h"
#include "services/decoder/tiff.h"

namespace pleiade::decoder {
namespace {

constexpr std::chrono::milliseconds kCodesPerPage{400};

// `page(index)` gives the page, or nothing once it has told the output that the page is for the renderer.
template <class PageOf>
void each_page(const Job& job, int total, Output& output, PageOf page) {
    output.start(total);
    const int end = std::min(total, job.first + job.count);
    int index = job.first;
    while (index < end && output.bytes_written() < vision::protocol::kRunBytesMax) {
        // Pixels are kept in the output while codes are wanted: that is where they are read again.
        if (const std::optional<Page> decoded = page(index)) output.page(index, *decoded, job.pixels || job.codes);
        ++index;
    }
    output.pixels_done(index);
}

void search_codes(Output& output) {
    for (std::size_t nth = 0; nth < output.pages().size(); ++nth) {
        Page page = output.read_back(nth);
        to_grey8(page);
        const CodeSearch search = find_codes(page, kCodesPerPage);
        for (const FoundCode& code : search.codes) output.code(output.pages()[nth], code);
        if (search.complete) output.codes_done(output.pages()[nth]);
    }
}

}  // namespace

void run(const Job& job, Bytes input, Output& output) {
    if (job.format == "tiff") {
        const TiffFile file(input, job);
        each_page(job, file.page_total(), output, [&](int index) { return std::optional(file.page(index)); });
    } else if (job.format == "jpeg") {
        each_page(job, 1, output, [&](int) { return std::optional(decode_jpeg(input, job, 0)); });
    } else if (job.format == "png") {
        each_page(job, 1, output, [&](int) { return std::optional(decode_png(input, job)); });
    } else if (job.format == "pnm") {
        const PnmFile file(input, job);
        each_page(job, file.page_total(), output, [&](int index) { return std::optional(file.page(index)); });
    } else if (job.format == "pdf") {
        const PdfFile file(input, job);
        each_page(job, file.page_total(), output, [&](int index) {
            std::optional<Page> scan = file.scan(index);
            if (!scan) {
                const RenderSize size = file.render_size(index);
                output.to_render(index, size.width, size.height);
            }
            return scan;
        });
    } else {
        throw Refusal(kUnknown, "not a TIFF, JPEG, PNG or PDF");
    }
    if (job.codes) search_codes(output);
}

}  // namespace pleiade::decoder
