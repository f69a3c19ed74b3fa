// Figures that a hand has joined to each other, parted: where the stroke between them is thinnest, about where one
// would end. The cut may be wrong; only a number with its key is to be taken from it (loose_figures.h).
#pragma once

#include <opencv2/core.hpp>

#include "common/domain/reading.h"

namespace pleiade::reader {

// `ink`: CV_8UC1, 255 where somebody wrote; `where`: a stretch of it that holds figures, at 200 dpi. The same size as
// `ink`; outside of `where` it is left as it is. Pure; well under a millisecond.
cv::Mat touching_parted(const cv::Mat& ink, const Box& where);

}  // namespace pleiade::reader
