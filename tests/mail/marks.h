// What is found on paper besides words: the cerfa mark, boxes to tick, stamps, signatures, seals, charts.
#pragma once

#include <string>
#include <vector>

#include "tests/mail/form_style.h"
#include "tests/mail/ink.h"

namespace pleiade::mail {

void draw_cerfa(Canvas& canvas, const Rect& where, const FormStyle& style);
void draw_tick_box(Canvas& canvas, double x, double y, double size, bool ticked, const FormStyle& style, const Ink& ink,
                   Rng& rng);
void draw_signature(Canvas& canvas, const Rect& where, const Colour& colour, Rng& rng);
// Several lines, a little turned, in the ink of a pad; returns the fields that it shows.
std::vector<DrawnField> draw_stamp(Canvas& canvas, const Rect& where, const std::vector<Rich>& lines, Half half,
                                   Rng& rng);
CombCells draw_comb(Canvas& canvas, double x, double y, const std::vector<int>& groups, double cell_mm,
                    const FormStyle& style);
void draw_teeth_chart(Canvas& canvas, const Rect& where, const FormStyle& style);
void draw_photo(Canvas& canvas, const Rect& where, Rng& rng);  // a portrait, as a copier leaves it
void draw_bars(Canvas& canvas, const Rect& where, Rng& rng);   // bars that no reader can decode: decoration
void draw_sunburst(Canvas& canvas, double x, double y, double size, const Colour& colour);

}  // namespace pleiade::mail
