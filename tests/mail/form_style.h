// How a printed form looks. Each half has its own fonts, bands, combs and placements.
#pragma once

#include "tests/mail/random.h"
#include "tests/mail/template.h"

namespace pleiade::mail {

enum class Band { Filled, Light, Underlined, Framed, Flanked };
enum class Comb { Boxes, Teeth, Shaded, Bars };
enum class LineKind { Solid, Dotted, Boxed };

struct FormStyle {
    Colour ink;
    std::string font;
    double points = 8;  // of labels
    Band band = Band::Filled;
    Comb comb = Comb::Boxes;
    LineKind line = LineKind::Solid;
    bool labels_above = true;
    bool cerfa_right = false;
    bool cerfa_outlined = false;
    bool title_framed = false;
    bool page_framed = false;
    bool ticks_before = true;  // box, then its word
    double cell_mm = 4.8;
};

FormStyle make_style(const Template& form, Rng& rng);

}  // namespace pleiade::mail
