// What a production scanner and the life of a sheet of paper do to a page.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/mail/canvas.h"
#include "tests/mail/random.h"

namespace pleiade::mail {

enum class Mode { Bitonal, Grey, Colour };
enum class Format { Tiff, Jpeg, Png, Pdf };

// How one pli was scanned.
struct ScanPlan {
    Mode mode = Mode::Bitonal;
    Format format = Format::Tiff;
    int dpi = 200;
    bool defects = true;
    double ink = 1;    // below 1 faint, above 1 dark
    int quality = 75;  // of the JPEG
};

struct ScannedPage {
    Mode mode = Mode::Grey;
    int dpi = 200;
    int quality = 75;
    int width = 0, height = 0;
    int rotation = 0;                  // degrees clockwise to apply to read it upright
    std::vector<std::uint8_t> pixels;  // Bitonal: packed rows, 1 is black; Grey: 1 byte; Colour: RGB
    std::size_t row_bytes() const {
        const auto w = static_cast<std::size_t>(width);
        return mode == Mode::Bitonal ? (w + 7) / 8 : mode == Mode::Grey ? w : 3 * w;
    }
};

ScanPlan plan_scan(Rng& rng, bool defects);
// A sheet laid on the scanner: resolution and skew.
std::unique_ptr<Canvas> lay_paper(const ScanPlan& plan, Rng& rng, double width_mm = 210, double height_mm = 297);
// Holes, staples, stains, the other side showing through; `bleed` also for sides that bear nothing else.
void soil(Canvas& canvas, Rng& rng, bool blank);
// `may_turn`: false for pages whose orientation nobody can tell.
ScannedPage scan(Canvas& canvas, const ScanPlan& plan, Rng& rng, bool may_turn);

// A box of the page as drawn, on the page as scanned.
Box turned(const Box& box, const ScannedPage& page);

}  // namespace pleiade::mail
