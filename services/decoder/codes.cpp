#include "services/decoder/codes.h"

#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <csetjmp>
#include <csignal>

namespace pleiade::decoder {
namespace {

using Clock = std::chrono::steady_clock;

sigjmp_buf abort_escape;
volatile std::sig_atomic_t inside_library = 0;

void on_abort(int) {
    if (inside_library) siglongjmp(abort_escape, 1);
}

// What abort() does after its handler returns is to end the process; this one does not return while the library runs.
// The memory that the attempt held is lost to the process, which ends soon anyway.
bool guarded(const ZXing::ImageView& view, const ZXing::DecodeHints& hints, ZXing::Results& results) {
    struct sigaction action {
    }, before{};
    action.sa_handler = on_abort;
    sigaction(SIGABRT, &action, &before);
    const bool survived = sigsetjmp(abort_escape, 1) == 0;
    if (survived) {
        inside_library = 1;
        results = ZXing::ReadBarcodes(view, hints);
    }
    inside_library = 0;
    sigaction(SIGABRT, &before, nullptr);
    return survived;
}

FoundCode to_code(const ZXing::Result& result) {
    FoundCode code;
    code.symbology = ZXing::ToString(result.format());
    code.text = result.text();
    const auto& corners = result.position();
    int left = corners[0].x, right = left, top = corners[0].y, bottom = top;
    for (int i = 1; i < 4; ++i) {
        left = std::min(left, corners[i].x);
        right = std::max(right, corners[i].x);
        top = std::min(top, corners[i].y);
        bottom = std::max(bottom, corners[i].y);
    }
    code.x = left;
    code.y = top;
    code.width = right - left + 1;
    code.height = bottom - top + 1;
    return code;
}

}  // namespace

CodeSearch find_codes(const Page& page, std::chrono::milliseconds budget) {
    CodeSearch search;
    (void)budget;
    using Format = ZXing::BarcodeFormat;
    ZXing::DecodeHints hints;
    hints.setFormats(Format::QRCode | Format::Code128 | Format::Code39 | Format::DataMatrix | Format::PDF417 |
                     Format::ITF);
    hints.setTryHarder(false).setTryRotate(true).setTryDownscale(true);
    const ZXing::ImageView view(page.pixels.data(), page.width, page.height, ZXing::ImageFormat::Lum);
    ZXing::Results results;
    if (!guarded(view, hints, results)) search.complete = false;
    for (const auto& result : results) {
        if (result.isValid()) search.codes.push_back(to_code(result));
    }
    return search;
}

}  // namespace pleiade::decoder
