// Can the page be read? Conservative: a page that is called unreadable costs somebody a rescan, so only clear cases
// are.
#pragma once

#include "common/vision/sketch.h"

namespace pleiade::vision {

// `page` is the page that `sketch` was made from; `blank`: what is_blank (blank_page.h) said of it. A blank page is ok.
//   too_dark, too_light  the scan kept no usable difference between ink and paper
//   blurred              no edge is sharp
//   cut                  lines of text run out of the image
//   unreadable           two of these at once, or too few pixels
Quality judge_quality(const PageImage& page, const PageSketch& sketch, bool blank);

}  // namespace pleiade::vision
