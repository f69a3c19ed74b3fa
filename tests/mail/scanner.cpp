#include "tests/mail/scanner.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pleiade::mail {
namespace {

using Plane = std::vector<std::uint8_t>;

// Noise of the sensor, made once: drawing millions of normal numbers for each page would cost more than drawing it.
const std::array<std::int8_t, 1 << 16>& noise_tile() {
    static const auto tile = [] {
        std::array<std::int8_t, 1 << 16> made{};
        Rng rng(20261120);
        for (auto& value : made) value = static_cast<std::int8_t>(std::clamp(rng.gauss() * 32, -120.0, 120.0));
        return made;
    }();
    return tile;
}

Plane grey_of(Canvas& canvas) {
    const int width = canvas.width(), height = canvas.height();
    const unsigned char* from = canvas.pixels();
    Plane plane(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const unsigned char* row = from + static_cast<std::ptrdiff_t>(y) * canvas.stride();
        std::uint8_t* to = plane.data() + static_cast<std::ptrdiff_t>(y) * width;
        for (int x = 0; x < width; ++x)
            to[x] = static_cast<std::uint8_t>((29 * row[4 * x] + 150 * row[4 * x + 1] + 77 * row[4 * x + 2]) >> 8);
    }
    return plane;
}

Plane colour_of(Canvas& canvas) {
    const int width = canvas.width(), height = canvas.height();
    const unsigned char* from = canvas.pixels();
    Plane plane(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::uint8_t* to = plane.data();
    for (int y = 0; y < height; ++y) {
        const unsigned char* row = from + static_cast<std::ptrdiff_t>(y) * canvas.stride();
        for (int x = 0; x < width; ++x, to += 3) {
            to[0] = row[4 * x + 2];
            to[1] = row[4 * x + 1];
            to[2] = row[4 * x];
        }
    }
    return plane;
}

// Ink strength, noise and a slow change of light down the page, in one pass.
void expose(Plane& plane, std::size_t row_size, const ScanPlan& plan, Rng& rng, double noise) {
    std::array<std::uint8_t, 256> curve{};
    for (std::size_t i = 0; i < 256; ++i) {
        const double ink = (255 - static_cast<double>(i)) * plan.ink;
        curve[i] = static_cast<std::uint8_t>(std::clamp(255 - ink, 0.0, 255.0));
    }
    const int strength = static_cast<int>(noise * 256);
    const double slope = rng.real(-10, 10), paper = rng.real(-9, 0);
    const auto& tile = noise_tile();
    std::size_t rows = plane.size() / row_size;
    for (std::size_t y = 0; y < rows; ++y) {
        const int light = static_cast<int>(paper + slope * (static_cast<double>(y) / static_cast<double>(rows) - 0.5));
        std::size_t at = static_cast<std::size_t>(rng.next());
        std::uint8_t* row = plane.data() + y * row_size;
        for (std::size_t x = 0; x < row_size; ++x) {
            const int grain = (tile[(at + x) & 0xFFFF] * strength) >> 8;
            row[x] = static_cast<std::uint8_t>(std::clamp(curve[row[x]] + light + grain, 0, 255));
        }
    }
}

void sprinkle(Plane& plane, int width, Rng& rng, double per_million) {
    const auto count = static_cast<std::size_t>(static_cast<double>(plane.size()) * per_million / 1e6);
    const auto height = plane.size() / static_cast<std::size_t>(width);
    for (std::size_t i = 0; i < count; ++i) {
        const auto x = static_cast<std::size_t>(rng.between(0, width - 3)),
                   y = static_cast<std::size_t>(rng.between(0, static_cast<int>(height) - 3));
        const std::uint8_t tone = rng.chance(0.6) ? 10 : 255;
        const std::size_t size = rng.chance(0.15) ? 2 : 1;
        for (std::size_t dy = 0; dy < size; ++dy) {
            for (std::size_t dx = 0; dx < size; ++dx) plane[(y + dy) * static_cast<std::size_t>(width) + x + dx] = tone;
        }
    }
}

Plane packed(const Plane& grey, int width, int height, int threshold) {
    const std::size_t row_bytes = (static_cast<std::size_t>(width) + 7) / 8;
    Plane bits(row_bytes * static_cast<std::size_t>(height), 0);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* from = grey.data() + static_cast<std::ptrdiff_t>(y) * width;
        std::uint8_t* to = bits.data() + static_cast<std::size_t>(y) * row_bytes;
        for (int x = 0; x < width; ++x) {
            if (from[x] < threshold) to[x >> 3] = static_cast<std::uint8_t>(to[x >> 3] | (0x80 >> (x & 7)));
        }
    }
    return bits;
}

// Turns a plane of `depth` bytes a pixel by 90, 180 or 270 degrees clockwise.
Plane turn(const Plane& from, int width, int height, std::size_t depth, int degrees) {
    Plane to(from.size());
    const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
    for (std::size_t y = 0; y < h; ++y) {
        for (std::size_t x = 0; x < w; ++x) {
            std::size_t at = 0;
            if (degrees == 180) at = (h - 1 - y) * w + (w - 1 - x);
            if (degrees == 90) at = x * h + (h - 1 - y);
            if (degrees == 270) at = (w - 1 - x) * h + y;
            for (std::size_t c = 0; c < depth; ++c) to[at * depth + c] = from[(y * w + x) * depth + c];
        }
    }
    return to;
}

}  // namespace

ScanPlan plan_scan(Rng& rng, bool defects) {
    ScanPlan plan;
    plan.defects = defects;
    const double which = rng.real(0, 1);
    if (which < 0.60) {
        plan.mode = Mode::Bitonal;
        plan.dpi = rng.chance(0.55) ? 300 : 200;
        plan.format = rng.chance(0.93) ? Format::Tiff : Format::Pdf;
    } else {
        plan.mode = rng.chance(0.6) ? Mode::Grey : Mode::Colour;
        plan.dpi = rng.chance(0.65) ? 200 : rng.chance(0.6) ? 150 : 300;
        const double kind = rng.real(0, 1);
        plan.format = kind < 0.74 ? Format::Jpeg : kind < 0.84 ? Format::Png : kind < 0.92 ? Format::Pdf : Format::Tiff;
        if (plan.dpi == 300 && plan.format == Format::Png) plan.dpi = 200;
        plan.quality = rng.between(55, 88);
    }
    if (defects && rng.chance(0.12)) plan.ink = rng.chance(0.5) ? rng.real(0.62, 0.8) : rng.real(1.25, 1.6);
    return plan;
}

std::unique_ptr<Canvas> lay_paper(const ScanPlan& plan, Rng& rng, double width_mm, double height_mm) {
    PaperSettings paper{.width_mm = width_mm, .height_mm = height_mm, .dpi = plan.dpi};
    if (plan.defects) {
        paper.skew_degrees = std::clamp(rng.gauss() * (rng.chance(0.12) ? 1.4 : 0.35), -3.0, 3.0);
        paper.shift_x_mm = rng.gauss() * 0.8;
        paper.shift_y_mm = rng.gauss() * 0.8;
    }
    return std::make_unique<Canvas>(paper);
}

void soil(Canvas& canvas, Rng& rng, bool blank) {
    const auto& paper = canvas.paper();
    if (rng.chance(0.12)) {  // punched for a binder
        const double x = rng.real(7, 11);
        for (const double y : {paper.height_mm / 2 - 40, paper.height_mm / 2 + 40})
            canvas.ellipse({x - 2.7, y - 2.7, 5.4, 5.4}, {0.12, 0.12, 0.12});
    }
    if (rng.chance(0.1)) {  // where a staple was
        const double x = rng.real(5, 16), y = rng.real(4, 12);
        canvas.line(x, y, x + 9, y + rng.real(-4, 4), 0.35, {0.3, 0.28, 0.26});
        canvas.ellipse({x - 0.3, y - 0.3, 0.8, 0.8}, kBlack);
    }
    if (rng.chance(0.05)) {  // a cup stood here
        const double size = rng.real(40, 70);
        canvas.ellipse({rng.real(10, 130), rng.real(20, 210), size, size * 0.98}, {0.55, 0.42, 0.25, 0.16},
                       rng.real(1, 3));
    }
    if (rng.chance(0.06))
        canvas.ellipse({rng.real(0, 150), rng.real(0, 240), rng.real(15, 50), rng.real(10, 40)},
                       {0.6, 0.55, 0.35, 0.09});
    if (rng.chance(0.07)) {  // a fold
        const double y = paper.height_mm / 3 * rng.between(1, 2) + rng.real(-3, 3);
        canvas.line(0, y, paper.width_mm, y + rng.real(-0.7, 0.7), 0.3, {0.6, 0.6, 0.62, 0.5});
    }
    if (blank || rng.chance(0.1)) {  // the other side, mirrored and faint
        const double tone = rng.real(0.86, 0.96);
        for (int i = 0, lines = rng.between(4, 26); i < lines; ++i) {
            const double y = 20 + i * 9 + rng.gauss();
            for (double x = rng.real(15, 40); x < rng.real(60, 195); x += rng.real(6, 22))
                canvas.fill({x, y, rng.real(3, 14), rng.real(0.8, 1.8)}, {tone, tone, tone, 0.6});
        }
    }
    if (rng.chance(0.05))
        canvas.fill({0, 0, rng.real(0.8, 2.5), paper.height_mm}, {0.1, 0.1, 0.1});  // the scanner's edge
}

ScannedPage scan(Canvas& canvas, const ScanPlan& plan, Rng& rng, bool may_turn) {
    ScannedPage page;
    page.mode = plan.mode;
    page.dpi = plan.dpi;
    page.quality = plan.quality;
    page.width = canvas.width();
    page.height = canvas.height();
    const std::size_t depth = plan.mode == Mode::Colour ? 3 : 1;
    Plane plane = plan.mode == Mode::Colour ? colour_of(canvas) : grey_of(canvas);
    int turning = 0;
    if (plan.defects) {
        const double noise = plan.mode == Mode::Bitonal ? rng.real(0.1, 0.75) : rng.real(0.05, 0.4);
        expose(plane, static_cast<std::size_t>(page.width) * depth, plan, rng, noise);
        if (depth == 1) sprinkle(plane, page.width, rng, rng.chance(0.15) ? rng.real(40, 160) : rng.real(0, 18));
        if (may_turn && rng.chance(0.055)) turning = rng.chance(0.75) ? 180 : rng.chance(0.5) ? 90 : 270;
    }
    if (turning != 0) {
        plane = turn(plane, page.width, page.height, depth, turning);
        if (turning != 180) std::swap(page.width, page.height);
        page.rotation = 360 - turning;
    }
    if (plan.mode == Mode::Bitonal) {
        const int threshold = plan.defects ? rng.between(150, 182) : 170;
        page.pixels = packed(plane, page.width, page.height, threshold);
    } else {
        page.pixels = std::move(plane);
    }
    return page;
}

Box turned(const Box& box, const ScannedPage& page) {
    switch (page.rotation) {
        case 180:
            return {page.width - box.x - box.width, page.height - box.y - box.height, box.width, box.height};
        // Turned 90 clockwise, hence 270 to come back: what was at the top is at the right.
        case 270:
            return {page.width - box.y - box.height, box.x, box.height, box.width};
        case 90:
            return {box.y, page.height - box.x - box.width, box.height, box.width};
        default:
            return box;
    }
}

}  // namespace pleiade::mail
