#include "services/decoder/png.h"

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <string>

#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace {

// No object with a destructor lives in the functions that libpng leaves by longjmp.
class Decoder {
  public:
    Decoder(Bytes bytes, const Job& job) : bytes_(bytes), job_(job) {
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        info_ = png_ ? png_create_info_struct(png_) : nullptr;
        if (!info_) throw std::bad_alloc();
    }
    ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    Page run() {
        if (!header()) refuse();
        check_size(png_get_image_width(png_, info_), png_get_image_height(png_, info_), job_, 0);
        page_.width = static_cast<int>(png_get_image_width(png_, info_));
        page_.height = static_cast<int>(png_get_image_height(png_, info_));
        if (!prepare()) refuse();
        const bool one_bit = channels_ == 1 && row_bytes_ < static_cast<std::size_t>(page_.width);
        page_.bits = one_bit ? 1 : 8;
        page_.allocate();
        if (passes_ > 1 || channels_ == 1) {
            if (passes_ > 1) samples_.resize(row_bytes_ * static_cast<std::size_t>(page_.height));
        } else {
            samples_.resize(row_bytes_);
        }
        if (!pixels()) refuse();
        if (page_.bits == 8) pack_if_bitonal(page_);
        page_.colour = coloured_ && page_.bits == 8;
        return std::move(page_);
    }

  private:
    static void on_error(png_structp png, png_const_charp message) {
        auto* self = static_cast<Decoder*>(png_get_error_ptr(png));
        self->out_of_memory_ = std::strstr(message, "memory") != nullptr;
        std::longjmp(self->escape_, 1);
    }
    static void on_warning(png_structp, png_const_charp) {}  // ancillary chunks and their like
    static void on_read(png_structp png, png_bytep to, std::size_t bytes) {
        auto* self = static_cast<Decoder*>(png_get_io_ptr(png));
        if (bytes > self->bytes_.size() - self->at_) {
            self->ended_early_ = true;
            png_error(png, "end of file");
        }
        std::memcpy(to, self->bytes_.data() + self->at_, bytes);
        self->at_ += bytes;
    }

    bool header() {
        if (setjmp(escape_)) return false;
        png_set_read_fn(png_, this, on_read);
        png_set_user_limits(png_, 0x7fffffff, 0x7fffffff);  // check_size() says it better
        png_set_chunk_malloc_max(png_, 8 << 20);
        png_set_chunk_cache_max(png_, 128);
        png_read_info(png_, info_);
        png_uint_32 x = 0, y = 0;
        int unit = 0;
        if (png_get_pHYs(png_, info_, &x, &y, &unit) && unit == PNG_RESOLUTION_METER) {
            page_.dpi_x = x * 0.0254;
            page_.dpi_y = y * 0.0254;
        }
        return true;
    }

    bool prepare() {
        if (setjmp(escape_)) return false;
        const int kind = png_get_color_type(png_, info_);
        const int depth = png_get_bit_depth(png_, info_);
        const bool transparent = png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
        if (depth == 16) png_set_strip_16(png_);
        if (kind == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
        if (kind == PNG_COLOR_TYPE_GRAY && (depth > 1 || transparent)) png_set_expand_gray_1_2_4_to_8(png_);
        if (transparent) png_set_tRNS_to_alpha(png_);
        passes_ = png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        channels_ = png_get_channels(png_, info_);
        row_bytes_ = png_get_rowbytes(png_, info_);
        return true;
    }

    bool pixels() {
        if (setjmp(escape_)) return false;
        if (passes_ > 1) {
            for (int pass = 0; pass < passes_; ++pass) {
                for (int y = 0; y < page_.height; ++y) png_read_row(png_, line(y), nullptr);
            }
            for (int y = 0; y < page_.height; ++y) blend(line(y), page_.row(y));
        } else {
            for (int y = 0; y < page_.height; ++y) {
                if (channels_ == 1) {
                    png_read_row(png_, page_.row(y), nullptr);
                } else {
                    png_read_row(png_, samples_.data(), nullptr);
                    blend(samples_.data(), page_.row(y));
                }
            }
        }
        png_read_end(png_, nullptr);
        return true;
    }

    png_bytep line(int y) { return samples_.data() + row_bytes_ * static_cast<std::size_t>(y); }

    void blend(const std::uint8_t* from, std::uint8_t* to) {
        if (channels_ == 1) {
            std::memcpy(to, from, row_bytes_);
            return;
        }
        const bool alpha = channels_ == 2 || channels_ == 4;
        for (int x = 0; x < page_.width; ++x, from += channels_) {
            unsigned grey = from[0];
            if (channels_ >= 3) {
                grey = luminance(from[0], from[1], from[2]);
                coloured_ = coloured_ || from[0] != from[1] || from[1] != from[2];
            }
            if (alpha) {
                const unsigned opacity = from[channels_ - 1];
                grey = (grey * opacity + 255u * (255u - opacity) + 127) / 255;
            }
            to[x] = static_cast<std::uint8_t>(grey);
        }
    }

    [[noreturn]] void refuse() const {
        if (out_of_memory_) throw Refusal(kLimit, "this PNG needs more memory than the limit");
        if (ended_early_) throw Refusal(kTruncated, "the PNG ends before its last line");
        throw Refusal(kCorrupt, "damaged PNG data");
    }

    Bytes bytes_;
    const Job& job_;
    std::size_t at_ = 0;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    std::jmp_buf escape_;
    Page page_;
    std::vector<std::uint8_t> samples_;
    int passes_ = 1, channels_ = 1;
    std::size_t row_bytes_ = 0;
    bool coloured_ = false, ended_early_ = false, out_of_memory_ = false;
};

}  // namespace

Page decode_png(Bytes bytes, const Job& job) {
    return Decoder(bytes, job).run();
}

}  // namespace pleiade::decoder
