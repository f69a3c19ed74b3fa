// Page images for browsers, which show no TIFF. Formats and sizes were measured (docs of the experience): PNG of 1 bit
// for bitonal scans, JPEG for grey ones; WebP costs twenty times the CPU.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "common/vision/page_image.h"

namespace pleiade::vision {

struct EncodedImage {
    std::vector<std::uint8_t> bytes;
    std::string mime_type;  // "image/png" or "image/jpeg"
    int width = 0, height = 0;
};

// For reading on a screen: the whole bitonal page, or the grey page at most 1654 pixels wide.
EncodedImage encode_page(const PageImage& page);
// The grey page at full size, for zooming.
EncodedImage encode_full(const PageImage& page);
// 310 pixels wide.
EncodedImage encode_thumbnail(const PageImage& page);
// Part of the page, cut to what lies on it; empty bytes when nothing does.
EncodedImage encode_crop(const PageImage& page, const Box& box);

// The two encoders. Width and height must not be 0. Any pixel over 127 is white in the PNG.
EncodedImage encode_png_1bit(const cv::Mat& grey);
EncodedImage encode_jpeg(const cv::Mat& grey, int quality);

}  // namespace pleiade::vision
