// Is there anything on the page? Conservative: a page that is called blank leaves the documents, so only what is known
// to come from the paper, the scanner or the other side is passed over.
#pragma once

#include "common/vision/sketch.h"

namespace pleiade::vision {

// Nothing but paper. What does not count: dust, punch holes, staples, folds and streaks, scanner borders, the
// endorser's line along an edge, stains, and what shines through from the back. What does: one handwritten word, a
// signature, a stamp, however faint, as long as its strokes stand out of the paper's grain.
// Limits: on a grey scan, ink less than about 25 levels darker than the paper is not told from the other side's print;
// on a black-and-white scan, what the scanner's threshold has removed is gone.
bool is_blank(const PageSketch& sketch);

}  // namespace pleiade::vision
