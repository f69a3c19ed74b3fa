// JPEG goes in as it is: PDF's DCTDecode is JPEG.
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>

#include "common/sandbox/exif.h"
#include "services/binder/scan_image.h"

namespace pleiade::binder {

namespace {

struct Errors {
    jpeg_error_mgr manager;  // first: libjpeg knows only this part
    std::jmp_buf escape;
};

[[noreturn]] void on_error(j_common_ptr info) {
    std::longjmp(reinterpret_cast<Errors*>(info->err)->escape, 1);
}
void on_message(j_common_ptr, int) {}
void on_output(j_common_ptr) {}

struct Header {
    jpeg_decompress_struct info{};
    Errors errors{};

    explicit Header(Bytes file) : file_(file) {
        info.err = jpeg_std_error(&errors.manager);
        errors.manager.error_exit = on_error;
        errors.manager.emit_message = on_message;
        errors.manager.output_message = on_output;
    }
    ~Header() { jpeg_destroy_decompress(&info); }
    Header(const Header&) = delete;
    Header& operator=(const Header&) = delete;

    // No object with a destructor lives in here: libjpeg leaves it by longjmp.
    bool read() {
        if (setjmp(errors.escape) != 0) return false;
        jpeg_create_decompress(&info);
        jpeg_save_markers(&info, JPEG_APP0 + 1, 0xffff);
        jpeg_mem_src(&info, file_.data(), file_.size());
        return jpeg_read_header(&info, TRUE) == JPEG_HEADER_OK;
    }

  private:
    Bytes file_;
};

}  // namespace

ScanImage jpeg_scan(Bytes file) {
    Header header(file);
    if (!header.read() || header.info.data_precision != 8) throw Unreadable("jpeg header");
    const auto& info = header.info;
    ScanImage image;
    image.width = static_cast<int>(info.image_width);
    image.height = static_cast<int>(info.image_height);
    image.filter = "/DCTDecode";
    image.bytes.assign(reinterpret_cast<const char*>(file.data()), file.size());
    switch (info.num_components) {
        case 1:
            image.colour_space = "/DeviceGray";
            break;
        case 3:
            image.colour_space = "/DeviceRGB";
            break;
        case 4:
            image.colour_space = "/DeviceCMYK";
            // Adobe's files hold the inverse; nothing else makes CMYK in practice.
            if (info.saw_Adobe_marker) image.decode = "[1 0 1 0 1 0 1 0]";
            break;
        default:
            throw Unreadable("jpeg components");
    }
    if (info.saw_JFIF_marker && info.density_unit != 0) {
        const double factor = info.density_unit == 2 ? 2.54 : 1;
        image.dpi_x = info.X_density * factor;
        image.dpi_y = info.Y_density * factor;
    }
    for (auto* marker = info.marker_list; marker != nullptr; marker = marker->next) {
        const auto exif = sandbox::read_exif({marker->data, marker->data_length});
        if (!exif.found) continue;
        image.orientation = exif.orientation;
        if (image.dpi_x <= 0) {
            image.dpi_x = exif.dpi_x;
            image.dpi_y = exif.dpi_y;
        }
    }
    return image;
}

}  // namespace pleiade::binder
