#include "services/decoder/run.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/decoder/jpeg.h"
#include "services/decoder/png.h"
#include "services/decoder/pnm.h"
#include "services/decoder/refusal.h"
#include "services/decoder/tiff.h"

namespace pleiade::decoder {
namespace {

constexpr std::chrono::milliseconds kCodesPerPage{400};
constexpr std::size_t kKeptBytesMax = 32 << 20;

// Pages that codes are to be looked for on, as they were decoded. Only as many as are cheap to hold: the others are
// read again from the output. A page of 300 dpi is 9 MB, and most files have one.
class KeptPages {
  public:
    explicit KeptPages(const Job& job) : room_bytes_(job.codes ? std::min(kKeptBytesMax, job.memory_bytes / 16) : 0) {}

    void keep(Page page) {
        // In the order of the output; once one had no room, the later ones have none either.
        if (page.pixels.size() > room_bytes_) room_bytes_ = 0;
        if (room_bytes_ == 0) return;
        room_bytes_ -= page.pixels.size();
        pages_.push_back(std::move(page));
    }
    Page take(std::size_t nth, const Output& output) {
        return nth < pages_.size() ? std::move(pages_[nth]) : output.read_back(nth);
    }

  private:
    std::size_t room_bytes_;
    std::vector<Page> pages_;
};

void search_codes(Output& output, KeptPages& kept) {
    for (std::size_t nth = 0; nth < output.pages().size(); ++nth) {
        Page page = kept.take(nth, output);
        to_grey8(page);
        const CodeSearch search = find_codes(page, kCodesPerPage);
        for (const FoundCode& code : search.codes) output.code(output.pages()[nth], code);
        if (search.complete) output.codes_done(output.pages()[nth]);
    }
}

}  // namespace

void write_pages(const Job& job, int total, Output& output, const std::function<std::optional<Page>(int)>& page) {
    KeptPages kept(job);
    output.start(total);
    const int end = std::min(total, job.first + job.count);
    int index = job.first;
    while (index < end && output.bytes_written() < vision::protocol::kRunBytesMax) {
        // Pixels are put out while codes are wanted, even if the caller wants none: what is not kept is read from
        // there.
        if (std::optional<Page> decoded = page(index)) {
            output.page(index, *decoded, job.pixels || job.codes);
            kept.keep(std::move(*decoded));
        }
        ++index;
    }
    output.pixels_done(index);
    if (job.codes) search_codes(output, kept);
}

void run_image(const Job& job, Bytes input, Output& output) {
    if (job.format == "tiff") {
        const TiffFile file(input, job);
        write_pages(job, file.page_total(), output, [&](int index) { return file.page(index); });
    } else if (job.format == "jpeg") {
        write_pages(job, 1, output, [&](int) { return decode_jpeg(input, job, 0); });
    } else if (job.format == "png") {
        write_pages(job, 1, output, [&](int) { return decode_png(input, job); });
    } else if (job.format == "pnm") {
        const PnmFile file(input, job);
        write_pages(job, file.page_total(), output, [&](int index) { return file.page(index); });
    } else {
        throw Refusal(kUnknown, "not a TIFF, JPEG or PNG");
    }
}

}  // namespace pleiade::decoder
