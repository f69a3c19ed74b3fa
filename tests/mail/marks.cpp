#include "tests/mail/marks.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pleiade::mail {

void draw_cerfa(Canvas& canvas, const Rect& where, const FormStyle& style) {
    TextStyle text{.font = style.font, .points = where.h * 1.75, .bold = true, .italic = true, .colour = kWhite};
    if (style.cerfa_outlined) {
        canvas.ellipse(where, style.ink, 0.5);
        text.colour = style.ink;
    } else {
        canvas.ellipse(where, style.ink);
    }
    const Extent extent = canvas.measure("cerfa", text);
    canvas.text(where.x + (where.w - extent.width) / 2, where.y + (where.h - extent.height) / 2, "cerfa", text);
}

void draw_tick_box(Canvas& canvas, double x, double y, double size, bool ticked, const FormStyle& style, const Ink& ink,
                   Rng& rng) {
    canvas.frame({x, y, size, size}, 0.25, style.ink);
    if (!ticked) return;
    if (ink.hand && rng.chance(0.4)) {
        canvas.stroke({{x - 0.2, y + size * 0.5},
                       {x + size * 0.4, y + size + rng.real(-0.2, 0.4)},
                       {x + size + rng.real(0.2, 1.4), y - rng.real(0.2, 1.4)}},
                      0.38, ink.style.colour);
        return;
    }
    const auto j = [&] { return ink.hand ? rng.real(-0.5, 0.5) : 0.0; };
    canvas.line(x + 0.3 + j(), y + 0.3 + j(), x + size - 0.3 + j(), y + size - 0.3 + j(), 0.4, ink.style.colour);
    canvas.line(x + size - 0.3 + j(), y + 0.3 + j(), x + 0.3 + j(), y + size - 0.3 + j(), 0.4, ink.style.colour);
}

// A capital, a run of letters that nobody can read, a flourish: no two hands have the same proportions.
void draw_signature(Canvas& canvas, const Rect& where, const Colour& colour, Rng& rng) {
    std::vector<Canvas::Point> curve;
    const double wide = std::min(where.w * 0.8, rng.real(20, 44)), high = std::min(where.h * 0.5, rng.real(4, 9));
    const double x = where.x + where.w * rng.real(0.03, 0.15), y = where.y + where.h * 0.55;
    const double slant = rng.real(-0.15, 0.1);
    for (int i = 0, points = rng.between(4, 7); i < points; ++i) {  // the capital
        curve.push_back({x + rng.real(-2, wide * 0.22), y + rng.real(-high, high * 0.5)});
    }
    const int letters = rng.between(4, 11);
    for (int i = 0; i < letters; ++i) {
        const double at = x + wide * (0.22 + 0.75 * i / letters);
        const double tall = rng.chance(0.25) ? high * rng.real(0.6, 1) : high * rng.real(0.12, 0.35);
        const double fade = 1 - 0.5 * i / letters;
        curve.push_back({at, y + slant * (at - x) - tall * fade});
        curve.push_back(
            {at + wide / letters * rng.real(0.1, 0.5), y + slant * (at - x) + high * rng.real(0.02, 0.3) * fade});
    }
    canvas.stroke(curve, rng.real(0.3, 0.5), colour);
    if (rng.chance(0.6)) {
        const double line = y + high * rng.real(0.3, 0.7);
        canvas.stroke({{x + wide, line - 1.5},
                       {x + wide * 0.4, line + rng.gauss()},
                       {x - 2, line + rng.real(0, 1.5)},
                       {x + wide * rng.real(0.7, 1.1), line + rng.real(0.5, 2.5)}},
                      0.35, colour);
    }
}

std::vector<DrawnField> draw_stamp(Canvas& canvas, const Rect& where, const std::vector<Rich>& lines, Half half,
                                   Rng& rng) {
    static const std::vector<Colour> kPads = {{0.12, 0.16, 0.5}, {0.1, 0.1, 0.12}, {0.3, 0.12, 0.4}, {0.1, 0.1, 0.12}};
    Ink ink;
    ink.style.font = rng.pick(fonts_of(half).forms);
    ink.style.colour = rng.pick(kPads);
    ink.style.points = std::clamp(where.h / static_cast<double>(lines.size()) * 2.1, 6.5, 9.5);
    std::vector<DrawnField> fields;
    double y = where.y + rng.real(0.3, 1.5);
    const double x = where.x + rng.real(0.5, std::max(0.6, where.w * 0.06));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        Ink own = ink;
        own.style.bold = i == 0;
        auto written = write_fitted(canvas, x, y, where.w - 2, lines[i], own, rng);
        for (auto& field : written.fields) fields.push_back(std::move(field));
        y = std::max(y + own.style.points * 0.37, written.bottom - 0.3);
    }
    if (rng.chance(0.35))
        canvas.frame({where.x - 0.5, where.y - 0.5, where.w, y - where.y + 1.5}, 0.35, ink.style.colour, 1.5);
    return fields;
}

CombCells draw_comb(Canvas& canvas, double x, double y, const std::vector<int>& groups, double cell_mm,
                    const FormStyle& style) {
    CombCells comb;
    const double high = std::max(4.6, cell_mm * 1.12);
    double at = x;
    const Colour soft = style.ink.lighter(0.45);
    if (style.comb == Comb::Shaded) {
        double wide = 0;
        for (const int count : groups) wide += count * cell_mm + 1.3;
        canvas.fill({x - 0.7, y - 0.7, wide + 0.2, high + 1.4}, style.ink.lighter(0.84));
    }
    for (const int count : groups) {
        for (int i = 0; i < count; ++i) {
            const Rect cell{at, y, cell_mm, high};
            switch (style.comb) {
                case Comb::Boxes:
                    canvas.frame(cell, 0.2, style.ink);
                    break;
                case Comb::Shaded:
                    canvas.fill({cell.x + 0.3, cell.y, cell.w - 0.6, cell.h}, kWhite);
                    break;
                case Comb::Teeth:
                    canvas.line(cell.x, cell.y + cell.h, cell.x + cell.w, cell.y + cell.h, 0.2, soft);
                    canvas.line(cell.x, cell.y + cell.h * (i == 0 ? 0.15 : 0.6), cell.x, cell.y + cell.h, 0.2, soft);
                    if (i + 1 == count)
                        canvas.line(cell.x + cell.w, cell.y + cell.h * 0.15, cell.x + cell.w, cell.y + cell.h, 0.2,
                                    soft);
                    break;
                case Comb::Bars:
                    canvas.line(cell.x + 0.5, cell.y + cell.h, cell.x + cell.w - 0.5, cell.y + cell.h, 0.3, style.ink);
                    break;
            }
            comb.cells.push_back(cell);
            at += cell_mm;
        }
        at += style.comb == Comb::Shaded ? 1.3 : style.comb == Comb::Teeth ? 0 : 1.1;
    }
    return comb;
}

void draw_teeth_chart(Canvas& canvas, const Rect& where, const FormStyle& style) {
    TextStyle number{.font = style.font, .points = 5.5, .colour = style.ink};
    const double step = where.w / 17;
    for (int row = 0; row < 2; ++row) {
        for (int i = 0; i < 16; ++i) {
            const double bend = std::abs(i - 7.5) / 7.5;
            const double x = where.x + step * (i + 0.5 + (i > 7 ? 0.5 : 0));
            const double y = row == 0 ? where.y + 2 + bend * bend * where.h * 0.16
                                      : where.y + where.h * 0.72 - bend * bend * where.h * 0.16;
            canvas.ellipse({x, y, step * 0.8, where.h * 0.2}, style.ink, 0.25);
            const int quadrant = row == 0 ? (i < 8 ? 1 : 2) : (i < 8 ? 4 : 3);
            canvas.text(x + step * 0.15, row == 0 ? y + where.h * 0.21 : y - 2.6,
                        std::to_string(quadrant * 10 + (i < 8 ? 8 - i : i - 7)), number);
        }
    }
    canvas.line(where.x, where.y + where.h / 2, where.x + where.w, where.y + where.h / 2, 0.15, style.ink);
    canvas.line(where.x + where.w / 2, where.y, where.x + where.w / 2, where.y + where.h, 0.15, style.ink);
}

void draw_photo(Canvas& canvas, const Rect& where, Rng& rng) {
    const double tone = rng.real(0.72, 0.86);
    canvas.fill(where, {tone, tone, tone});
    const double skin = rng.real(0.4, 0.68), coat = rng.real(0.12, 0.4);
    canvas.ellipse({where.x + where.w * 0.08, where.y + where.h * 0.7, where.w * 0.84, where.h * 0.55},
                   {coat, coat, coat});
    canvas.fill({where.x - 0.5, where.y + where.h, where.w + 1, where.h * 0.3}, kWhite);
    canvas.ellipse({where.x + where.w * 0.25, where.y + where.h * 0.1, where.w * 0.5, where.h * 0.38},
                   {0.15, 0.13, 0.12});
    canvas.ellipse({where.x + where.w * 0.28, where.y + where.h * 0.17, where.w * 0.44, where.h * 0.55},
                   {skin, skin * 0.9, skin * 0.85});
    for (const double side : {0.4, 0.57})
        canvas.ellipse({where.x + where.w * side, where.y + where.h * 0.4, where.w * 0.05, where.h * 0.025}, kBlack);
    canvas.line(where.x + where.w * 0.43, where.y + where.h * 0.6, where.x + where.w * 0.58, where.y + where.h * 0.6,
                0.3, {0.3, 0.2, 0.2});
    canvas.frame(where, 0.2, {0.4, 0.4, 0.4});
}

void draw_bars(Canvas& canvas, const Rect& where, Rng& rng) {
    for (double x = where.x; x < where.x + where.w;) {
        const double wide = rng.real(0.25, 0.9);
        canvas.fill({x, where.y, wide, where.h}, kBlack);
        x += wide + rng.real(0.25, 0.9);
    }
}

void draw_sunburst(Canvas& canvas, double x, double y, double size, const Colour& colour) {
    for (int i = 0; i < 9; ++i) {
        const double turn = std::numbers::pi * (0.1 + 0.1 * i) + std::numbers::pi;
        canvas.line(x + std::cos(turn) * size * 0.35, y + std::sin(turn) * size * 0.35, x + std::cos(turn) * size,
                    y + std::sin(turn) * size, 0.7, colour);
    }
    canvas.ellipse({x - size * 0.25, y - size * 0.25, size * 0.5, size * 0.5}, colour);
}

}  // namespace pleiade::mail
