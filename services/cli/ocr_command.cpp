// `pleiade ocr`: the gateway's helper for the rectangle that a keyer draws. Grey pixels come in on standard input,
// lines of text go out; it sees no file and no store, and its limits end it if the engine does not.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/reader/tesseract_engine.h"

namespace pleiade::cli {
namespace {

constexpr rlim_t kCpuSecondsMax = 10;
constexpr double kUnknownDpi = 300;
// A rectangle lower than that, in inches, holds one line: 24 points.
constexpr double kOneLineInches = 0.33;

bool read_all(unsigned char* bytes, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
        const auto n = ::read(STDIN_FILENO, bytes + done, size - done);
        if (n <= 0) return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

// Control characters have no place in what goes back into a form.
std::string printable(std::string text) {
    std::erase_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    return text;
}

}  // namespace

int ocr(const runtime::Settings& settings, const OcrOptions& options) {
    const rlimit cpu{kCpuSecondsMax, kCpuSecondsMax};
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CPU, &cpu) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) return runtime::kExitInternal;
    cv::Mat grey(options.height, options.width, CV_8UC1);
    if (!read_all(grey.data, grey.total())) {
        fmt::print(stderr, "the pixels end before the rectangle does\n");
        return runtime::kExitBadInput;
    }
    auto engine = reader::open_tesseract(settings.reader.tessdata_folder, "fra");
    if (!engine) return fail_with(engine.error());
    const double dpi = options.dpi > 0 ? options.dpi : kUnknownDpi;
    const auto layout = options.digits                          ? reader::OcrLayout::Figures
                        : options.height < kOneLineInches * dpi ? reader::OcrLayout::Line
                                                                : reader::OcrLayout::Page;
    const auto lines = (*engine)->read(grey, dpi, layout, [] { return true; });
    if (!lines) return fail_with(lines.error());
    double confidence = 0;
    int words = 0;
    for (const auto& line : *lines) {
        for (const auto& word : line.words) {
            confidence += word.confidence;
            ++words;
        }
    }
    // The first line is the confidence, the rest is the text.
    fmt::print("{:.3f}\n", words == 0 ? 0 : confidence / words);
    for (const auto& line : *lines) fmt::print("{}\n", printable(line.text()));
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
