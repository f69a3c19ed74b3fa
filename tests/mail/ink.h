// How values come onto the paper: by hand, each word and each boxed character a little astray, or by a machine.
#pragma once

#include <string>
#include <vector>

#include "tests/mail/canvas.h"
#include "tests/mail/dossier.h"

namespace pleiade::mail {

struct Ink {
    TextStyle style;
    bool hand = false;
    bool accents = true;
    bool capitals = false;
};

struct DrawnField {
    std::string field, value;
    bool hand = false;
    Box box;             // pixels of the page as drawn, before it is turned
    bool boxed = false;  // one character a cell of a comb
};

Ink hand_ink(Half half, Rng& rng);   // one writer: font, pen and colour
Ink typed_ink(Half half, Rng& rng);  // a typewriter, or software that fills forms in
Ink letter_ink(Half half, Rng& rng);

struct Written {
    double bottom = 0;  // millimetres
    Rect extent;
    std::vector<DrawnField> fields;
};

// Words from (x, y) on, wrapped at `width`; the lines are `pitch` apart (0: the font's own).
Written write(Canvas& canvas, double x, double y, double width, const Rich& rich, const Ink& ink, Rng& rng,
              double pitch = 0);
// One line, made smaller until it fits.
Written write_fitted(Canvas& canvas, double x, double y, double width, const Rich& rich, Ink ink, Rng& rng);
// One character per cell.
struct CombCells {
    std::vector<Rect> cells;
};
Written write_comb(Canvas& canvas, const CombCells& comb, const Rich& rich, const Ink& ink, Rng& rng);

}  // namespace pleiade::mail
