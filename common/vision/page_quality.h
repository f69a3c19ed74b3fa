// Is there anything on the page, and can it be read? Conservative both ways: a page that is called blank leaves the
// documents, and one that is called unreadable costs somebody a rescan, so only clear cases are.
#pragma once

#include "common/vision/sketch.h"

namespace pleiade::vision {

// Nothing but paper: punch holes, staples, folds, dust, scanner borders and streaks, the endorser's line along an edge
// and what faintly shines through from the back do not count. One handwritten word does.
bool is_blank(const PageSketch& sketch);

// `page` is the page that `sketch` was made from.
//   too_dark, too_light  the scan kept no usable difference between ink and paper
//   blurred              no edge is sharp
//   cut                  lines of text run out of the image
//   unreadable           two of these at once, or too few pixels
Quality judge_quality(const PageImage& page, const PageSketch& sketch);

}  // namespace pleiade::vision
