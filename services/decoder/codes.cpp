#include "services/decoder/codes.h"

#include <ZXing/ReadBarcode.h>

#include <time.h>

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <csignal>

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
constexpr double kSearchDpi = 150;          // a 2D-Doc's modules are 3 pixels then
constexpr int kSmallImagePixels = 1 << 20;  // a cut-out or a photo of a code: worth more attempts
constexpr int kRetriesMax = 4;

// A grey image and the way from its pixels to those of the page: x * scale + left.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
    double scale = 1;
    int left = 0, top = 0;
};

Picture part_of(const Page& page, int left, int top, int width, int height) {
    Picture part{width, height, {}, 1, left, top};
    part.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* row = page.row(top + y) + left;
        part.pixels.insert(part.pixels.end(), row, row + width);
    }
    return part;
}

template <class From>
Picture halved(const From& from, const std::uint8_t* pixels) {
    Picture half{from.width / 2, from.height / 2, {}, 2, 0, 0};
    half.pixels.resize(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height));
    for (int y = 0; y < half.height; ++y) {
        const std::uint8_t* above = pixels + static_cast<std::size_t>(2 * y) * static_cast<std::size_t>(from.width);
        const std::uint8_t* below = above + from.width;
        std::uint8_t* to = half.pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(half.width);
        for (int x = 0; x < half.width; ++x) {
            to[x] =
                static_cast<std::uint8_t>((above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 2) / 4);
        }
    }
    return half;
}

Picture doubled(const Picture& from) {
    Picture twice{from.width * 2, from.height * 2, {}, from.scale / 2, from.left, from.top};
    twice.pixels.resize(static_cast<std::size_t>(twice.width) * static_cast<std::size_t>(twice.height));
    for (int y = 0; y < twice.height; ++y) {
        for (int x = 0; x < twice.width; ++x) {
            twice.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(twice.width) +
                         static_cast<std::size_t>(x)] =
                from.pixels[static_cast<std::size_t>(y / 2) * static_cast<std::size_t>(from.width) +
                            static_cast<std::size_t>(x / 2)];
        }
    }
    return twice;
}

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
    const auto on_page = [&](int at) { return static_cast<int>(std::lround(at * where.scale)); };
    code.x = where.left + on_page(left);
    code.y = where.top + on_page(top);
    code.width = on_page(right - left + 1);
    code.height = on_page(bottom - top + 1);
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
        const bool fine = std::max(page_.dpi_x, page_.dpi_y) >= kSearchDpi * 1.6 ||
                          static_cast<long>(page_.width) * page_.height > 6'000'000;
        Picture whole = fine ? halved(page_, page_.pixels.data()) : part_of(page_, 0, 0, page_.width, page_.height);
        attempt(whole, ZXing::Binarizer::LocalAverage);
        if (found_.codes.empty() && static_cast<long>(page_.width) * page_.height < kSmallImagePixels) {
            attempt(whole, ZXing::Binarizer::GlobalHistogram);
            if (found_.codes.empty()) attempt(halved(whole, whole.pixels.data()), ZXing::Binarizer::LocalAverage);
            if (found_.codes.empty()) attempt(doubled(whole), ZXing::Binarizer::LocalAverage);
        }
        retry_at_full_size();
        return std::move(found_);
    }

  private:
    static ZXing::DecodeHints hints_for(ZXing::BarcodeFormats formats, ZXing::Binarizer binarizer) {
        ZXing::DecodeHints hints;
        // The library's own downscaling is what aborts most; the scales are made here instead.
        hints.setFormats(formats).setTryHarder(true).setTryRotate(true).setTryDownscale(false);
        hints.setBinarizer(binarizer).setReturnErrors(true).setMaxNumberOfSymbols(32);
        return hints;
    }

    void attempt(const Picture& picture, ZXing::Binarizer binarizer) {
        static const ZXing::BarcodeFormats kAll =
            Format::QRCode | Format::Code128 | Format::Code39 | Format::DataMatrix | Format::PDF417 | Format::ITF;
        if (read(picture, hints_for(kAll, binarizer))) return;
        // Something in it makes the library abort: each symbology alone, so that one costs itself only.
        for (const Format format :
             {Format::QRCode, Format::DataMatrix, Format::Code128, Format::Code39, Format::PDF417, Format::ITF}) {
            if (!read(picture, hints_for(format, binarizer))) found_.complete = false;
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
    void retry_at_full_size() {
        std::vector<FoundCode> unread;
        unread.swap(unread_);
        int retries = 0;
        for (const FoundCode& code : unread) {
            const bool read_since = std::any_of(found_.codes.begin(), found_.codes.end(),
                                                [&](const FoundCode& known) { return overlap(known, code); });
            if (read_since || ++retries > kRetriesMax) continue;
            const int margin = 20 + std::max(code.width, code.height) / 5;
            const int left = std::clamp(code.x - margin, 0, page_.width),
                      top = std::clamp(code.y - margin, 0, page_.height);
            const int right = std::clamp(code.x + code.width + margin, left, page_.width);
            const int bottom = std::clamp(code.y + code.height + margin, top, page_.height);
            const Picture part = part_of(page_, left, top, right - left, bottom - top);
            const std::size_t before = found_.codes.size();
            attempt(part, ZXing::Binarizer::LocalAverage);
            if (found_.codes.size() == before) attempt(part, ZXing::Binarizer::GlobalHistogram);
            if (found_.codes.size() == before && part.pixels.size() < kSmallImagePixels / 4) {
                attempt(doubled(part), ZXing::Binarizer::LocalAverage);
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
