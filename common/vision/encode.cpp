#include "common/vision/encode.h"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <memory>
#include <new>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "common/base/check.h"
#include "common/vision/sketch.h"

namespace pleiade::vision {
namespace {

constexpr int kPageWidth = 1654;  // A4 at 200 dpi
constexpr int kThumbnailWidth = 310;
constexpr int kPageQuality = 60;
constexpr int kCropQuality = 75;

cv::Mat at_most_wide(const cv::Mat& grey, int width) {
    if (grey.cols <= width) return grey;
    const int height = std::max(1, static_cast<int>(std::lround(double(grey.rows) * width / grey.cols)));
    return reduce(grey, {width, height});
}

void append(png_structp png, png_bytep data, png_size_t bytes) {
    auto* out = static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(png));
    out->insert(out->end(), data, data + bytes);
}
void flush_nothing(png_structp) {}

// No object with a destructor of its own lives between setjmp and the calls that may longjmp.
bool write_png(png_structp png, png_infop info, const cv::Mat& grey, std::uint8_t* line) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_IHDR(png, info, static_cast<png_uint_32>(grey.cols), static_cast<png_uint_32>(grey.rows), 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, 3);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_write_info(png, info);
    for (int y = 0; y < grey.rows; ++y) {
        const std::uint8_t* from = grey.ptr(y);
        std::uint8_t* to = line;
        for (int x = 0; x < grey.cols; x += 8) {
            unsigned byte = 0;
            for (int bit = 0; bit < 8; ++bit) {
                byte = byte << 1 | (x + bit < grey.cols ? unsigned(from[x + bit] >> 7) : 0u);
            }
            *to++ = static_cast<std::uint8_t>(byte);
        }
        png_write_row(png, line);
    }
    png_write_end(png, info);
    return true;
}

}  // namespace

EncodedImage encode_png_1bit(const cv::Mat& grey) {
    PLEIADE_CHECK(!grey.empty() && grey.type() == CV_8UC1);
    EncodedImage image{{}, "image/png", grey.cols, grey.rows};
    image.bytes.reserve(128 << 10);
    std::vector<std::uint8_t> line((static_cast<std::size_t>(grey.cols) + 7) / 8);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
        png_destroy_write_struct(&png, nullptr);
        throw std::bad_alloc();
    }
    png_set_write_fn(png, &image.bytes, append, flush_nothing);
    const bool written = write_png(png, info, grey, line.data());
    png_destroy_write_struct(&png, &info);
    if (!written) throw std::runtime_error("libpng could not write an image");
    return image;
}

EncodedImage encode_jpeg(const cv::Mat& grey, int quality) {
    PLEIADE_CHECK(!grey.empty() && grey.type() == CV_8UC1);
    const std::unique_ptr<void, int (*)(tjhandle)> compressor(tjInitCompress(), tjDestroy);
    if (!compressor) throw std::bad_alloc();
    EncodedImage image{{}, "image/jpeg", grey.cols, grey.rows};
    unsigned long size = tjBufSize(grey.cols, grey.rows, TJSAMP_GRAY);
    image.bytes.resize(size);
    unsigned char* to = image.bytes.data();
    if (tjCompress2(compressor.get(), grey.data, grey.cols, static_cast<int>(grey.step), grey.rows, TJPF_GRAY, &to,
                    &size, TJSAMP_GRAY, quality, TJFLAG_NOREALLOC) != 0) {
        throw std::runtime_error("libjpeg could not write an image");
    }
    image.bytes.resize(size);
    return image;
}

EncodedImage encode_page(const PageImage& page) {
    if (page.bitonal) return encode_png_1bit(page.grey);
    return encode_jpeg(at_most_wide(page.grey, kPageWidth), kPageQuality);
}

EncodedImage encode_full(const PageImage& page) {
    return page.bitonal ? encode_png_1bit(page.grey) : encode_jpeg(page.grey, kPageQuality);
}

EncodedImage encode_thumbnail(const PageImage& page) {
    return encode_jpeg(at_most_wide(page.grey, kThumbnailWidth), kPageQuality);
}

EncodedImage encode_crop(const PageImage& page, const Box& box) {
    const auto end = [](int from, int length) { return static_cast<std::int64_t>(from) + length; };
    const int left = std::clamp(box.x, 0, page.grey.cols), top = std::clamp(box.y, 0, page.grey.rows);
    const int right = static_cast<int>(std::clamp<std::int64_t>(end(box.x, box.width), 0, page.grey.cols));
    const int bottom = static_cast<int>(std::clamp<std::int64_t>(end(box.y, box.height), 0, page.grey.rows));
    if (right <= left || bottom <= top) return {};
    const cv::Mat part = page.grey(cv::Rect(left, top, right - left, bottom - top));
    return page.bitonal ? encode_png_1bit(part) : encode_jpeg(part, kCropQuality);
}

}  // namespace pleiade::vision
