#include "services/decoder/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>

#include <jpeglib.h>
// after jpeglib.h
#include <jerror.h>

#include "common/sandbox/exif.h"
#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace {

struct Errors {
    jpeg_error_mgr manager;  // first: libjpeg knows only this part
    std::jmp_buf escape;
    bool truncated = false;
    bool damaged = false;
    bool out_of_memory = false;
    bool not_read = false;
};

Errors& of(j_common_ptr info) {
    return *reinterpret_cast<Errors*>(info->err);
}

[[noreturn]] void on_error(j_common_ptr info) {
    Errors& errors = of(info);
    switch (info->err->msg_code) {
        case JERR_OUT_OF_MEMORY:
            errors.out_of_memory = true;
            break;
        case JERR_INPUT_EOF:
            errors.truncated = true;
            break;
        case JERR_SOF_UNSUPPORTED:
        case JERR_BAD_PRECISION:
        case JERR_ARITH_NOTIMPL:
        case JERR_CONVERSION_NOTIMPL:
            errors.not_read = true;
            break;
        default:
            errors.damaged = true;
    }
    std::longjmp(errors.escape, 1);
}

void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;  // a trace
    switch (info->err->msg_code) {
        case JWRN_JPEG_EOF:
            of(info).truncated = true;
            break;
        case JWRN_EXTRANEOUS_DATA:  // padding between markers; no pixel depends on it
        case JWRN_ADOBE_XFORM:
        case JWRN_JFIF_MAJOR:
            break;
        default:
            of(info).damaged = true;
    }
}

void on_output(j_common_ptr) {}

// No object with a destructor lives in decode(): libjpeg leaves it by longjmp.
class Decoder {
  public:
    Decoder(Bytes bytes, const Job& job, int index) : bytes_(bytes), job_(job), index_(index) {
        info_.err = jpeg_std_error(&errors_.manager);
        errors_.manager.error_exit = on_error;
        errors_.manager.emit_message = on_message;
        errors_.manager.output_message = on_output;
    }
    ~Decoder() { jpeg_destroy_decompress(&info_); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    Page run(bool in_pdf) {
        if (!header()) refuse();
        check_size(info_.image_width, info_.image_height, job_, index_);
        page_.width = static_cast<int>(info_.image_width);
        page_.height = static_cast<int>(info_.image_height);
        page_.allocate();
        cmyk_ = info_.num_components == 4;
        if (cmyk_) line_.resize(static_cast<std::size_t>(page_.width) * 4);
        page_.colour = info_.num_components > 1;
        const sandbox::ExifFacts exif = in_pdf ? sandbox::ExifFacts{} : find_exif();
        set_resolution(exif);
        if (!pixels() || errors_.truncated || errors_.damaged) refuse();
        pack_if_bitonal(page_);
        orient(page_, exif.orientation);
        return std::move(page_);
    }

  private:
    bool header() {
        if (setjmp(errors_.escape)) return false;
        jpeg_create_decompress(&info_);
        info_.mem->max_memory_to_use = static_cast<long>(job_.memory_bytes / 2);
        jpeg_mem_src(&info_, bytes_.data(), bytes_.size());
        jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
        return jpeg_read_header(&info_, TRUE) == JPEG_HEADER_OK;
    }

    bool pixels() {
        if (setjmp(errors_.escape)) return false;
        info_.out_color_space = cmyk_ ? JCS_CMYK : JCS_GRAYSCALE;
        info_.dct_method = JDCT_ISLOW;
        jpeg_start_decompress(&info_);
        while (info_.output_scanline < info_.output_height) {
            const int y = static_cast<int>(info_.output_scanline);
            JSAMPROW row = cmyk_ ? line_.data() : page_.row(y);
            jpeg_read_scanlines(&info_, &row, 1);
            if (cmyk_) blend(page_.row(y));
        }
        jpeg_finish_decompress(&info_);
        return true;
    }

    void blend(std::uint8_t* to) const {
        const bool inverted = info_.saw_Adobe_marker;  // Adobe stores 255 - ink
        for (int x = 0; x < page_.width; ++x) {
            const std::uint8_t* ink = line_.data() + 4 * static_cast<std::size_t>(x);
            unsigned c = ink[0], m = ink[1], y = ink[2], k = ink[3];
            if (!inverted) c = 255 - c, m = 255 - m, y = 255 - y, k = 255 - k;
            to[x] = luminance(c * k / 255, m * k / 255, y * k / 255);
        }
    }

    sandbox::ExifFacts find_exif() const {
        for (auto* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
            if (marker->marker == JPEG_APP0 + 1) return sandbox::read_exif({marker->data, marker->data_length});
        }
        return {};
    }

    void set_resolution(const sandbox::ExifFacts& exif) {
        if (info_.saw_JFIF_marker && info_.density_unit != 0) {
            const double factor = info_.density_unit == 2 ? 2.54 : 1.0;
            page_.dpi_x = info_.X_density * factor;
            page_.dpi_y = info_.Y_density * factor;
        } else {
            page_.dpi_x = exif.dpi_x;
            page_.dpi_y = exif.dpi_y;
        }
    }

    [[noreturn]] void refuse() const {
        const std::string where = "page " + std::to_string(index_ + 1) + ": ";
        if (errors_.out_of_memory) throw Refusal(kLimit, where + "this JPEG needs more memory than the limit");
        if (errors_.not_read) throw Refusal(kUnknown, where + "a kind of JPEG that is not read");
        if (errors_.truncated) throw Refusal(kTruncated, where + "the JPEG ends before its last line");
        throw Refusal(kCorrupt, where + "damaged JPEG data");
    }

    Bytes bytes_;
    const Job& job_;
    int index_;
    jpeg_decompress_struct info_{};
    Errors errors_;
    Page page_;
    std::vector<std::uint8_t> line_;
    bool cmyk_ = false;
};

}  // namespace

Page decode_jpeg(Bytes bytes, const Job& job, int index, bool in_pdf) {
    return Decoder(bytes, job, index).run(in_pdf);
}

}  // namespace pleiade::decoder
