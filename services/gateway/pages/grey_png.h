// 8-bit grey PNG of our own pixels; writing only, nothing received is parsed here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pleiade::gateway {

std::vector<std::uint8_t> grey_png(const std::uint8_t* pixels, int width, int height, std::ptrdiff_t row_bytes);

}  // namespace pleiade::gateway
