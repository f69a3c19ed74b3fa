#include "services/gateway/pages/grey_png.h"

#include <png.h>

#include <cstring>

#include "common/base/check.h"

namespace pleiade::gateway {

std::vector<std::uint8_t> grey_png(const std::uint8_t* pixels, int width, int height, std::ptrdiff_t row_bytes) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    image.format = PNG_FORMAT_GRAY;
    image.flags = PNG_IMAGE_FLAG_FAST;  // a person waits
    std::vector<std::uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(image));
    png_alloc_size_t size = bytes.size();
    PLEIADE_CHECK(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, static_cast<png_int_32>(row_bytes),
                                            nullptr) != 0);
    bytes.resize(size);
    return bytes;
}

}  // namespace pleiade::gateway
