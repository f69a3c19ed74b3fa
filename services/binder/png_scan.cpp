// PNG's compressed rows are what PDF calls FlateDecode with predictor 15, so they go in as they are; only interlaced
// and transparent images, which PDF stores differently, are decoded and compressed again, on white paper.
#include <png.h>

#include <cstring>
#include <vector>

#include "services/binder/scan_image.h"

namespace pleiade::binder {

namespace {

constexpr double kInchesPerMetre = 39.3700787;

std::uint32_t number(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

std::string hex(Bytes bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

void decode_again(Bytes file, ScanImage& image) {
    png_image decoder;
    std::memset(&decoder, 0, sizeof decoder);
    decoder.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&decoder, file.data(), file.size()) == 0) throw Unreadable("png header");
    const bool colour = (decoder.format & PNG_FORMAT_FLAG_COLOR) != 0;
    decoder.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    image.bytes.resize(PNG_IMAGE_SIZE(decoder));
    const png_color white{255, 255, 255};
    if (png_image_finish_read(&decoder, &white, image.bytes.data(), 0, nullptr) == 0) {
        png_image_free(&decoder);
        throw Unreadable("png pixels");
    }
    image.bits = 8;
    image.colour_space = colour ? "/DeviceRGB" : "/DeviceGray";
    image.filter.clear();
    image.decode_parms.clear();
}

}  // namespace

ScanImage png_scan(Bytes file) {
    ScanImage image;
    Bytes palette;
    bool transparent = false;
    int colour_type = -1, interlace = 0;
    for (std::size_t at = 8; at + 12 <= file.size();) {
        const std::size_t size = number(file, at);
        if (size > file.size() - at - 12) throw Unreadable("png chunk");
        const Bytes type = file.subspan(at + 4, 4);
        const Bytes data = file.subspan(at + 8, size);
        const auto is = [&](const char* name) { return std::memcmp(type.data(), name, 4) == 0; };
        if (is("IHDR") && size == 13) {
            image.width = static_cast<int>(number(data, 0));
            image.height = static_cast<int>(number(data, 4));
            image.bits = data[8];
            colour_type = data[9];
            interlace = data[12];
        } else if (is("PLTE")) {
            palette = data;
        } else if (is("tRNS")) {
            transparent = true;
        } else if (is("pHYs") && size == 9 && data[8] == 1) {
            image.dpi_x = number(data, 0) / kInchesPerMetre;
            image.dpi_y = number(data, 4) / kInchesPerMetre;
        } else if (is("IDAT")) {
            image.bytes.append(reinterpret_cast<const char*>(data.data()), data.size());
        } else if (is("IEND")) {
            break;
        }
        at += 12 + size;
    }
    if (image.width <= 0 || image.height <= 0 || image.bytes.empty()) throw Unreadable("png header");
    const bool has_alpha = colour_type == 4 || colour_type == 6;
    if (interlace != 0 || has_alpha || transparent) {
        decode_again(file, image);
        return image;
    }
    const int samples = colour_type == 2 ? 3 : 1;
    if (colour_type == 3) {
        if (palette.empty() || palette.size() % 3 != 0 || palette.size() > 768) throw Unreadable("png palette");
        image.colour_space =
            "[/Indexed /DeviceRGB " + std::to_string(palette.size() / 3 - 1) + " <" + hex(palette) + ">]";
    } else if (colour_type == 0 || colour_type == 2) {
        image.colour_space = samples == 3 ? "/DeviceRGB" : "/DeviceGray";
    } else {
        throw Unreadable("png colour type");
    }
    image.filter = "/FlateDecode";
    image.decode_parms = "<< /Predictor 15 /Colors " + std::to_string(samples) + " /BitsPerComponent " +
                         std::to_string(image.bits) + " /Columns " + std::to_string(image.width) + " >>";
    return image;
}

}  // namespace pleiade::binder
