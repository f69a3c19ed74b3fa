// Where on a page a barcode may be, by its texture: bars change along one direction only, modules along both, far more
// often than lines of a form and more evenly than text.
#pragma once

#include <vector>

#include "services/decoder/picture.h"

namespace pleiade::decoder {

struct CodePlace {
    enum class Kind { BarsAlong, BarsDown, Modules };  // bars side by side along the rows, or one below the other
    Kind kind;
    Area area;  // on the page, with a margin that holds the quiet zone
};

// `picture` shows the page whole, at 100 to 250 dpi (`dpi`). Best places first. Codes that lie at more than 15 degrees
// from the page's sides, or are smaller than 8 mm (bars) or 5 mm (modules), are not among them.
std::vector<CodePlace> find_code_places(const Picture& picture, double dpi);

}  // namespace pleiade::decoder
