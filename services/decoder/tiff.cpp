#include "services/decoder/tiff.h"

#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "services/decoder/refusal.h"
#include "services/decoder/tiff_chain.h"

namespace pleiade::decoder {
namespace {

// libtiff's view of the bytes, and what it complained of.
struct Source {
    Bytes bytes;
    std::uint64_t at = 0;
    bool reading_pixels = false;
    bool out_of_memory = false;
    bool ended_early = false;
    std::string defect;  // function of libtiff that met it
};

Source& of(thandle_t handle) {
    return *static_cast<Source*>(handle);
}

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t wanted) {
    Source& source = of(handle);
    if (wanted < 0 || source.at > source.bytes.size()) return 0;
    const std::size_t n = std::min<std::size_t>(static_cast<std::size_t>(wanted), source.bytes.size() - source.at);
    std::memcpy(to, source.bytes.data() + source.at, n);
    source.at += n;
    return static_cast<tmsize_t>(n);
}
tmsize_t write_bytes(thandle_t, void*, tmsize_t) {
    return 0;
}
toff_t seek_bytes(thandle_t handle, toff_t offset, int whence) {
    Source& source = of(handle);
    if (whence == SEEK_SET) source.at = offset;
    if (whence == SEEK_CUR) source.at += offset;
    if (whence == SEEK_END) source.at = source.bytes.size() + offset;
    return source.at;
}
int close_bytes(thandle_t) {
    return 0;
}
toff_t size_bytes(thandle_t handle) {
    return of(handle).bytes.size();
}
int map_bytes(thandle_t handle, void** base, toff_t* size) {
    *base = const_cast<std::uint8_t*>(of(handle).bytes.data());
    *size = of(handle).bytes.size();
    return 1;
}
void unmap_bytes(thandle_t, void*, toff_t) {}

bool speaks_of(const char* text, const char* word) {
    return ::strcasestr(text, word) != nullptr;
}

void note(Source& source, const char* module, const char* format) {
    if (speaks_of(format, "memory") || speaks_of(format, "no space for") || speaks_of(format, "allocat")) {
        source.out_of_memory = true;
    }
    if (speaks_of(format, "premature end") || speaks_of(format, "read error") || speaks_of(format, "not enough data")) {
        source.ended_early = true;
    }
    if (source.defect.empty()) source.defect = module ? module : "libtiff";
}

int on_error(TIFF*, void* user, const char* module, const char* format, va_list) {
    note(*static_cast<Source*>(user), module, format);
    return 1;
}

int on_warning(TIFF*, void* user, const char* module, const char* format, va_list arguments) {
    Source& source = *static_cast<Source*>(user);
    if (!source.reading_pixels) return 1;  // about metadata: unknown tags, odd types
    char text[256];
    std::vsnprintf(text, sizeof text, format, arguments);
    // Padding, and libtiff's opinion of old-style JPEG: no pixel depends on them.
    if (speaks_of(text, "extraneous bytes before marker") || speaks_of(text, "old-style JPEG")) return 1;
    note(source, module, text);
    return 1;
}

struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Handle = std::unique_ptr<TIFF, Closer>;

Handle open(Source& source, const Job& job) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, &source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, &source);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(job.memory_bytes / 2));
    // "h" reads no directory yet, "O" and "D" leave strip arrays until they are needed.
    Handle handle(TIFFClientOpenExt("input", "rh", &source, read_bytes, write_bytes, seek_bytes, close_bytes,
                                    size_bytes, map_bytes, unmap_bytes, options));
    TIFFOpenOptionsFree(options);
    return handle;
}

[[noreturn]] void refuse(const Source& source, int index, const std::string& what) {
    const std::string where = "page " + std::to_string(index + 1) + ": " + what;
    if (source.out_of_memory) throw Refusal(kLimit, where + ", more memory than the limit");
    const std::string by = source.defect.empty() ? "" : " (" + source.defect + ")";
    throw Refusal(source.ended_early ? kTruncated : kCorrupt, where + by);
}

class PageDecoder {
  public:
    PageDecoder(TIFF* tiff, Source& source, const Job& job, int index)
        : tiff_(tiff), source_(source), job_(job), index_(index) {}

    Page decode() {
        read_tags();
        check_strips();
        source_.reading_pixels = true;
        source_.defect.clear();
        source_.ended_early = false;
        const bool plain = samples_ == 1 && !TIFFIsTiled(tiff_) &&
                           (photometric_ == PHOTOMETRIC_MINISWHITE || photometric_ == PHOTOMETRIC_MINISBLACK);
        if (plain && (bits_ == 1 || bits_ == 8)) {
            read_strips();
        } else {
            read_colours();
        }
        if (!source_.defect.empty()) refuse(source_, index_, "damaged pixel data");
        if (page_.bits == 8) pack_if_bitonal(page_);
        orient(page_, orientation_);
        return std::move(page_);
    }

  private:
    void read_tags() {
        std::uint32_t width = 0, height = 0;
        if (!TIFFGetField(tiff_, TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(tiff_, TIFFTAG_IMAGELENGTH, &height)) {
            refuse(source_, index_, "no width or height");
        }
        check_size(width, height, job_, index_);
        page_.width = static_cast<int>(width);
        page_.height = static_cast<int>(height);
        TIFFGetFieldDefaulted(tiff_, TIFFTAG_BITSPERSAMPLE, &bits_);
        TIFFGetFieldDefaulted(tiff_, TIFFTAG_SAMPLESPERPIXEL, &samples_);
        TIFFGetFieldDefaulted(tiff_, TIFFTAG_ORIENTATION, &orientation_);
        if (!TIFFGetField(tiff_, TIFFTAG_PHOTOMETRIC, &photometric_)) {
            // Fax software leaves it out; its codecs mean white by 0.
            photometric_ = samples_ >= 3 ? PHOTOMETRIC_RGB
                           : bits_ == 1  ? PHOTOMETRIC_MINISWHITE
                                         : PHOTOMETRIC_MINISBLACK;
        }
        std::uint16_t unit = RESUNIT_INCH;
        float x = 0, y = 0;
        TIFFGetFieldDefaulted(tiff_, TIFFTAG_RESOLUTIONUNIT, &unit);
        if (unit != RESUNIT_NONE && TIFFGetField(tiff_, TIFFTAG_XRESOLUTION, &x) &&
            TIFFGetField(tiff_, TIFFTAG_YRESOLUTION, &y)) {
            const double factor = unit == RESUNIT_CENTIMETER ? 2.54 : 1.0;
            page_.dpi_x = static_cast<double>(x) * factor;
            page_.dpi_y = static_cast<double>(y) * factor;
        }
    }

    void check_strips() {
        const bool tiled = TIFFIsTiled(tiff_);
        const std::uint32_t count = tiled ? TIFFNumberOfTiles(tiff_) : TIFFNumberOfStrips(tiff_);
        for (std::uint32_t i = 0; i < count; ++i) {
            int failed = 0;
            const std::uint64_t offset = TIFFGetStrileOffsetWithErr(tiff_, i, &failed);
            if (failed) refuse(source_, index_, "no place of its pixel data");
            const std::uint64_t bytes = TIFFGetStrileByteCount(tiff_, i);
            if (offset > source_.bytes.size() || bytes > source_.bytes.size() - offset) {
                throw Refusal(kTruncated, "page " + std::to_string(index_ + 1) + ": the file ends before its pixels");
            }
        }
    }

    void read_strips() {
        page_.bits = bits_;
        page_.allocate();
        const tmsize_t strip_bytes = TIFFStripSize(tiff_);
        const std::uint32_t strips = TIFFNumberOfStrips(tiff_);
        const std::size_t total = page_.pixels.size();
        std::size_t at = 0;
        for (std::uint32_t strip = 0; strip < strips && at < total; ++strip) {
            const std::size_t wanted = std::min(static_cast<std::size_t>(strip_bytes), total - at);
            const tmsize_t got =
                TIFFReadEncodedStrip(tiff_, strip, page_.pixels.data() + at, static_cast<tmsize_t>(wanted));
            if (got < 0 || static_cast<std::size_t>(got) < wanted) refuse(source_, index_, "damaged pixel data");
            at += wanted;
        }
        if (at < total) refuse(source_, index_, "fewer strips than rows");
        if (photometric_ == PHOTOMETRIC_MINISWHITE) {
            for (std::uint8_t& byte : page_.pixels) byte = static_cast<std::uint8_t>(~byte);
        }
    }

    // Palettes, colours, tiles, 2, 4 and 16 bits, old JPEG: through libtiff's own conversion to RGBA.
    void read_colours() {
        char why[1024] = "";
        if (!TIFFRGBAImageOK(tiff_, why)) {
            throw Refusal(kUnknown, "page " + std::to_string(index_ + 1) + ": a kind of TIFF that is not read (" +
                                        std::to_string(bits_) + " bits, " + std::to_string(samples_) + " samples)");
        }
        TIFFRGBAImage image;
        if (!TIFFRGBAImageBegin(&image, tiff_, 1, why)) refuse(source_, index_, "damaged header");
        image.orientation = ORIENTATION_TOPLEFT;  // turned by orient(), which knows the eight of them
        image.req_orientation = ORIENTATION_TOPLEFT;
        std::vector<std::uint32_t> raster(static_cast<std::size_t>(page_.width) *
                                          static_cast<std::size_t>(page_.height));
        const int read = TIFFRGBAImageGet(&image, raster.data(), static_cast<std::uint32_t>(page_.width),
                                          static_cast<std::uint32_t>(page_.height));
        TIFFRGBAImageEnd(&image);
        if (!read) refuse(source_, index_, "damaged pixel data");
        page_.bits = 8;
        page_.allocate();
        std::uint32_t coloured = 0;
        for (std::size_t i = 0; i < raster.size(); ++i) {
            const std::uint32_t pixel = raster[i];
            const unsigned r = TIFFGetR(pixel), g = TIFFGetG(pixel), b = TIFFGetB(pixel), a = TIFFGetA(pixel);
            coloured |= (r ^ g) | (g ^ b);
            // Colours come multiplied by their opacity; the paper behind is white.
            page_.pixels[i] = static_cast<std::uint8_t>(std::min(255u, luminance(r, g, b) + (255u - a)));
        }
        page_.colour = coloured > 3;
    }

    TIFF* tiff_;
    Source& source_;
    const Job& job_;
    int index_;
    Page page_;
    std::uint16_t bits_ = 1, samples_ = 1, orientation_ = 1, photometric_ = 0;
};

}  // namespace

TiffFile::TiffFile(Bytes bytes, const Job& job)
    : bytes_(bytes), job_(job), ifd_offsets_(ifd_chain(bytes, job.pages_max)) {}

Page TiffFile::page(int index) const {
    Source source;
    source.bytes = bytes_;
    const Handle tiff = open(source, job_);
    if (!tiff) refuse(source, index, "damaged header");
    if (!TIFFSetSubDirectory(tiff.get(), ifd_offsets_.at(static_cast<std::size_t>(index)))) {
        refuse(source, index, "damaged directory");
    }
    return PageDecoder(tiff.get(), source, job_, index).decode();
}

Page decode_ccitt(const CcittStream& stream, const Job& job, int index) {
    check_size(static_cast<std::uint64_t>(stream.width), static_cast<std::uint64_t>(stream.height), job, index);
    const std::vector<std::uint8_t> wrapped = wrap_ccitt(stream);
    Job one = job;
    one.pages_max = 1;
    const TiffFile file(wrapped, one);
    try {
        return file.page(0);
    } catch (const Refusal& refusal) {
        throw Refusal(refusal.code(), "page " + std::to_string(index + 1) + ": damaged fax data");
    }
}

}  // namespace pleiade::decoder
