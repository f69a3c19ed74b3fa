#include "tests/mail/writers.h"

#include <fmt/format.h>
#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace pleiade::mail {
namespace {

using File = std::unique_ptr<FILE, int (*)(FILE*)>;
using Tiff = std::unique_ptr<TIFF, void (*)(TIFF*)>;

File create(const std::string& path) {
    File file(std::fopen(path.c_str(), "wb"), &std::fclose);
    if (!file) throw std::runtime_error("cannot create " + path);
    return file;
}

ScannedPage as_grey(const ScannedPage& page) {
    if (page.mode != Mode::Bitonal) return page;
    ScannedPage grey = page;
    grey.mode = Mode::Grey;
    grey.pixels.resize(static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height));
    for (int y = 0; y < page.height; ++y) {
        const std::uint8_t* row = page.pixels.data() + static_cast<std::size_t>(y) * page.row_bytes();
        for (int x = 0; x < page.width; ++x)
            grey.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(page.width) +
                        static_cast<std::size_t>(x)] = (row[x >> 3] >> (7 - (x & 7))) & 1 ? 0 : 255;
    }
    return grey;
}

void write_directory(TIFF* tiff, const ScannedPage& page) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(page.width));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(page.height));
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, page.mode == Mode::Bitonal ? 1 : 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, page.mode == Mode::Colour ? 3 : 1);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, static_cast<float>(page.dpi));
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, static_cast<float>(page.dpi));
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(page.height));
    if (page.mode == Mode::Bitonal) {
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    } else if (page.mode == Mode::Grey) {
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    } else {
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_JPEG);
        TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, page.quality);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    auto* bytes = const_cast<std::uint8_t*>(page.pixels.data());  // libtiff takes void* and does not write into it
    if (TIFFWriteEncodedStrip(tiff, 0, bytes, static_cast<tmsize_t>(page.pixels.size())) < 0)
        throw std::runtime_error("cannot write a TIFF strip");
}

std::string jpeg_bytes(const ScannedPage& any) {
    const ScannedPage page = as_grey(any);
    jpeg_compress_struct state;
    jpeg_error_mgr errors;
    state.err = jpeg_std_error(&errors);
    jpeg_create_compress(&state);
    unsigned char* buffer = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&state, &buffer, &size);
    state.image_width = static_cast<JDIMENSION>(page.width);
    state.image_height = static_cast<JDIMENSION>(page.height);
    state.input_components = page.mode == Mode::Colour ? 3 : 1;
    state.in_color_space = page.mode == Mode::Colour ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&state);
    jpeg_set_quality(&state, page.quality, TRUE);
    state.density_unit = 1;
    state.X_density = state.Y_density = static_cast<UINT16>(page.dpi);
    jpeg_start_compress(&state, TRUE);
    while (state.next_scanline < state.image_height) {
        auto* row = const_cast<std::uint8_t*>(page.pixels.data()) + state.next_scanline * page.row_bytes();
        jpeg_write_scanlines(&state, &row, 1);
    }
    jpeg_finish_compress(&state);
    std::string bytes(reinterpret_cast<char*>(buffer), size);
    jpeg_destroy_compress(&state);
    std::free(buffer);
    return bytes;
}

// libtiff makes the G4 stream; the one strip of a scratch file is taken as it is.
std::string g4_bytes(const ScannedPage& page, const std::string& scratch) {
    write_tiff(scratch, {page});
    Tiff tiff(TIFFOpen(scratch.c_str(), "r"), &TIFFClose);
    if (!tiff) throw std::runtime_error("cannot read " + scratch);
    std::string bytes(static_cast<std::size_t>(TIFFRawStripSize(tiff.get(), 0)), '\0');
    TIFFReadRawStrip(tiff.get(), 0, bytes.data(), static_cast<tmsize_t>(bytes.size()));
    tiff.reset();
    std::remove(scratch.c_str());
    return bytes;
}

}  // namespace

void write_tiff(const std::string& path, const std::vector<ScannedPage>& pages) {
    Tiff tiff(TIFFOpen(path.c_str(), "w"), &TIFFClose);
    if (!tiff) throw std::runtime_error("cannot create " + path);
    for (const auto& page : pages) {
        write_directory(tiff.get(), page);
        TIFFWriteDirectory(tiff.get());
    }
}

void write_jpeg(const std::string& path, const ScannedPage& page) {
    const std::string bytes = jpeg_bytes(page);
    const File file = create(path);
    if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
        throw std::runtime_error("cannot write " + path);
}

void write_png(const std::string& path, const ScannedPage& page) {
    const File file = create(path);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file.get());
    png_set_compression_level(png, 2);
    png_set_filter(png, 0, PNG_FILTER_SUB);
    const int depth = page.mode == Mode::Bitonal ? 1 : 8;
    png_set_IHDR(png, info, static_cast<png_uint_32>(page.width), static_cast<png_uint_32>(page.height), depth,
                 page.mode == Mode::Colour ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    const auto per_metre = static_cast<png_uint_32>(page.dpi / 0.0254);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    if (page.mode == Mode::Bitonal) png_set_invert_mono(png);  // ours has 1 for black
    for (int y = 0; y < page.height; ++y)
        png_write_row(png, page.pixels.data() + static_cast<std::size_t>(y) * page.row_bytes());
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
}

void write_pdf(const std::string& path, const std::vector<ScannedPage>& pages) {
    std::string pdf = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
    std::vector<std::size_t> offsets(3, 0);
    const auto object = [&](std::size_t number, const std::string& body) {
        if (offsets.size() <= number) offsets.resize(number + 1);
        offsets[number] = pdf.size();
        pdf += fmt::format("{} 0 obj\n{}\nendobj\n", number, body);
    };
    std::string kids;
    for (std::size_t i = 0; i < pages.size(); ++i) kids += fmt::format("{} 0 R ", 3 + 3 * i);
    object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    object(2, fmt::format("<< /Type /Pages /Kids [ {}] /Count {} >>", kids, pages.size()));
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const ScannedPage& page = pages[i];
        const double w = page.width * 72.0 / page.dpi, h = page.height * 72.0 / page.dpi;
        const std::size_t at = 3 + 3 * i;
        object(at, fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.2f} {:.2f}] /Contents {} 0 R /Resources "
                               "<< /XObject << /Im0 {} 0 R >> >> >>",
                               w, h, at + 1, at + 2));
        const std::string content = fmt::format("q {:.2f} 0 0 {:.2f} 0 0 cm /Im0 Do Q", w, h);
        object(at + 1, fmt::format("<< /Length {} >>\nstream\n{}\nendstream", content.size(), content));
        const bool g4 = page.mode == Mode::Bitonal;
        const std::string data = g4 ? g4_bytes(page, path + ".g4") : jpeg_bytes(page);
        const std::string filter = g4 ? fmt::format(
                                            "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode "
                                            "/DecodeParms << /K -1 /Columns {} /Rows {} >>",
                                            page.width, page.height)
                                      : fmt::format("/BitsPerComponent 8 /ColorSpace /{} /Filter /DCTDecode",
                                                    page.mode == Mode::Colour ? "DeviceRGB" : "DeviceGray");
        object(at + 2, fmt::format("<< /Type /XObject /Subtype /Image /Width {} /Height {} {} /Length {} >>\nstream\n",
                                   page.width, page.height, filter, data.size()) +
                           data + "\nendstream");
    }
    const std::size_t table = pdf.size();
    pdf += fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets.size());
    for (std::size_t i = 1; i < offsets.size(); ++i) pdf += fmt::format("{:010} 00000 n \n", offsets[i]);
    pdf += fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", offsets.size(), table);
    const File file = create(path);
    if (std::fwrite(pdf.data(), 1, pdf.size(), file.get()) != pdf.size())
        throw std::runtime_error("cannot write " + path);
}

}  // namespace pleiade::mail
