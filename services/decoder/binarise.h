// A picture in black and white, told apart by the light around each pixel: codes in a shadow or on grey paper stand out
// as well as those on white.
#pragma once

#include "services/decoder/picture.h"

namespace pleiade::decoder {

// Pixels become 0 or 255, by the rule of ZXing's LocalAverage (its HybridBinarizer), pixel for pixel, in a sixth of its
// time: what it reads out of the one it reads out of the other.
// Limits: both sides of `picture` measure kBinariseSideMin or more.
Picture binarised(const Picture& picture);

inline constexpr int kBinariseSideMin = 40;

}  // namespace pleiade::decoder
