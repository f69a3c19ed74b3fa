#include "services/decoder/codes.h"

#include <ZXing/ReadBarcode.h>

#include <time.h>

#include <algorithm>
#include <csetjmp>
#include <csignal>

#include "services/decoder/binarise.h"
#include "services/decoder/code_places.h"

namespace pleiade::decoder {
namespace {

// CPU time: a busy machine must not cost a letter its separator.
double cpu_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

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

using Format = ZXing::BarcodeFormat;
const ZXing::BarcodeFormats kBars = Format::Code128 | Format::Code39 | Format::ITF;
const ZXing::BarcodeFormats kModules = Format::QRCode | Format::DataMatrix;
const ZXing::BarcodeFormats kMatrix = kModules | Format::PDF417;

// How the library tells black from white for codes of modules. Those of bars are read row by row, each by its own
// histogram, whatever is asked for.
enum class Light { Local, Whole };

constexpr double kFineDpi = 240;            // from here on, whole pages are looked at in half their size
constexpr int kFinePixels = 6'000'000;      // the same for those that do not say their resolution
constexpr int kSmallImagePixels = 1 << 20;  // a cut-out or a photo of a code: worth more attempts
constexpr double kPageDpiMin = 100;         // a resolution that a scanner wrote, and not the 72 or 96 of a screen
constexpr int kRetriesMax = 4;              // codes that were located and not read
constexpr int kBarRows = 32;                // of a place with bars, as many are read as show a code twice over dirt
constexpr int kPlacePixelsMax = 3'000'000;  // of all places together: a page of fine halftones has many

FoundCode to_code(const ZXing::Result& result, const Picture& where) {
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
    const Area area = where.on_page({left, top, right - left + 1, bottom - top + 1});
    code.x = area.x;
    code.y = area.y;
    code.width = area.width;
    code.height = area.height;
    return code;
}

// Linear symbologies without a check digit see codes in the bars of tables; what is this short is one of those.
bool plausible(const ZXing::Result& result) {
    if (!result.isValid() || result.text().empty()) return false;
    if (result.format() == Format::ITF) return result.text().size() >= 8 && result.lineCount() >= 3;
    if (result.format() == Format::Code39) return result.text().size() >= 3;
    return true;
}

bool overlap(const FoundCode& a, const FoundCode& b) {
    return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

class Search {
  public:
    Search(const Page& page, std::chrono::milliseconds budget)
        : page_(page), deadline_ms_(cpu_ms() + static_cast<double>(budget.count())) {}

    CodeSearch run() {
        if (static_cast<long>(page_.width) * page_.height < kSmallImagePixels) {
            search_small_image();
        } else {
            search_page();
        }
        retry_what_was_located();
        return std::move(found_);
    }

  private:
    void search_small_image() {
        const Picture whole = whole_of(page_);
        attempt(whole, kBars | kMatrix, Light::Local, true);
        if (found_.codes.empty()) attempt(whole, kMatrix, Light::Whole, true);
        if (found_.codes.empty()) attempt(halved(whole), kBars | kMatrix, Light::Local, true);
        if (found_.codes.empty()) search_doubled(whole);
    }

    // Twice as large are codes read whose modules or bars measure a pixel or two. The library reads a Data Matrix more
    // often when it sees little else, so places of their texture follow, where a resolution tells how dense that is.
    void search_doubled(const Picture& whole) {
        attempt(doubled(whole), kBars | kMatrix, Light::Local, true);
        const double dpi = std::max(page_.dpi_x, page_.dpi_y);
        if (dpi < kPageDpiMin) return;
        for (const CodePlace& place : find_code_places(whole, dpi)) {
            if (!read_before(place.area)) {
                attempt(doubled(part_of(page_, place.area)), kBars | kMatrix, Light::Local, true);
            }
        }
    }

    // The library takes 100 ms for the bars of a page of 300 dpi with every pixel, and 80 for the rest. So the page is
    // looked at in half its size, and with every pixel only where its texture is that of a code. PDF417 is looked for
    // there alone: it is dense enough to be one of those places, and its search takes as long as that of the others.
    void search_page() {
        const double dpi = std::max(page_.dpi_x, page_.dpi_y);
        const bool fine = dpi >= kFineDpi || static_cast<long>(page_.width) * page_.height > kFinePixels;
        Picture whole = fine ? halved(page_) : whole_of(page_);
        while (std::max(whole.width, whole.height) > 4000) whole = halved(whole);
        attempt(whole, kModules, Light::Local, true);
        int pixels = 0;
        for (const CodePlace& place : find_code_places(whole, dpi_of(whole))) {
            pixels += place.area.width * place.area.height;
            if (pixels > kPlacePixelsMax) break;
            place.kind == CodePlace::Kind::Modules ? read_modules(place) : read_bars(place);
        }
    }

    // Pages without a believable resolution are taken for A4.
    double dpi_of(const Picture& whole) const {
        const double dpi = std::max(page_.dpi_x, page_.dpi_y) / whole.scale_x;
        const int longer = std::max(whole.width, whole.height);
        return dpi > 0 && longer / dpi > 2 && longer / dpi < 24 ? dpi : longer / 11.7;
    }

    void read_bars(const CodePlace& place) {
        if (read_before(place.area)) return;
        Picture bars = part_of(page_, place.area);
        if (place.kind == CodePlace::Kind::BarsDown) bars = turned(bars);
        const std::size_t before = found_.codes.size();
        const Picture rows = thinned(bars, kBarRows);
        attempt(rows, kBars, Light::Local, false);
        if (found_.codes.size() == before) attempt(bars, Format::PDF417, Light::Local, true);
    }

    void read_modules(const CodePlace& place) {
        if (read_before(place.area)) return;
        attempt(part_of(page_, place.area), kMatrix, Light::Local, true);
    }

    bool read_before(const Area& area) const {
        return std::any_of(found_.codes.begin(), found_.codes.end(), [&](const FoundCode& known) {
            return known.x >= area.x && known.y >= area.y && known.x + known.width <= area.x + area.width &&
                   known.y + known.height <= area.y + area.height;
        });
    }

    static ZXing::DecodeHints hints_for(ZXing::BarcodeFormats formats, ZXing::Binarizer binarizer, bool any_way_up) {
        ZXing::DecodeHints hints;
        // The library's own downscaling is what aborts most; the scales are made here instead.
        hints.setFormats(formats).setTryHarder(true).setTryRotate(any_way_up).setTryDownscale(false);
        hints.setBinarizer(binarizer).setReturnErrors(true).setMaxNumberOfSymbols(32);
        return hints;
    }

    // Codes of bars are read in the grey, those of modules in black and white: the library's own binarizer takes as
    // long as its search.
    void attempt(const Picture& picture, ZXing::BarcodeFormats formats, Light light, bool any_way_up) {
        const ZXing::BarcodeFormats modules = formats & kMatrix, bars = formats & kBars;
        if (!modules.empty()) {
            if (light == Light::Whole || std::min(picture.width, picture.height) < kBinariseSideMin) {
                attempt_each(picture, modules, ZXing::Binarizer::GlobalHistogram, any_way_up);
            } else {
                attempt_each(binarised(picture), modules, ZXing::Binarizer::FixedThreshold, any_way_up);
            }
        }
        if (!bars.empty()) attempt_each(picture, bars, ZXing::Binarizer::GlobalHistogram, any_way_up);
    }

    void attempt_each(const Picture& picture, ZXing::BarcodeFormats formats, ZXing::Binarizer binarizer,
                      bool any_way_up) {
        if (read(picture, hints_for(formats, binarizer, any_way_up))) return;
        // Something in it makes the library abort: each symbology alone, so that one costs itself only.
        for (const Format format : formats) {
            if (!read(picture, hints_for(format, binarizer, any_way_up))) found_.complete = false;
        }
    }

    bool read(const Picture& picture, const ZXing::DecodeHints& hints) {
        if (cpu_ms() > deadline_ms_) {
            found_.complete = false;
            return true;
        }
        if (picture.width < 8 || picture.height < 8) return true;
        const ZXing::ImageView view(picture.pixels.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
        ZXing::Results results;
        if (!guarded(view, hints, results)) return false;
        for (const auto& result : results) {
            if (result.format() == Format::None) continue;
            const FoundCode code = to_code(result, picture);
            if (plausible(result)) {
                add(code);
            } else if (result.error()) {
                unread_.push_back(code);
            }
        }
        return true;
    }

    void add(const FoundCode& code) {
        for (const FoundCode& known : found_.codes) {
            if (known.text == code.text && known.symbology == code.symbology && overlap(known, code)) return;
        }
        found_.codes.push_back(code);
    }

    // What was located but could not be decoded is looked at again, alone, with every pixel of the scan.
    void retry_what_was_located() {
        std::vector<FoundCode> unread;
        unread.swap(unread_);
        int retries = 0;
        for (const FoundCode& code : unread) {
            const bool read_since = std::any_of(found_.codes.begin(), found_.codes.end(),
                                                [&](const FoundCode& known) { return overlap(known, code); });
            if (read_since || ++retries > kRetriesMax) continue;
            const int margin = 20 + std::max(code.width, code.height) / 5;
            const Picture part =
                part_of(page_, {code.x - margin, code.y - margin, code.width + 2 * margin, code.height + 2 * margin});
            const std::size_t before = found_.codes.size();
            attempt(part, kBars | kMatrix, Light::Local, true);
            if (found_.codes.size() == before) attempt(part, kMatrix, Light::Whole, true);
            if (found_.codes.size() == before && part.pixels.size() < kSmallImagePixels / 4) {
                attempt(doubled(part), kBars | kMatrix, Light::Local, true);
            }
        }
    }

    const Page& page_;
    double deadline_ms_;
    CodeSearch found_;
    std::vector<FoundCode> unread_;
};

}  // namespace

CodeSearch find_codes(const Page& page, std::chrono::milliseconds budget) {
    return Search(page, budget).run();
}

}  // namespace pleiade::decoder
