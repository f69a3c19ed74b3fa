#include "tests/unit/binder/samples.h"

#include <png.h>
#include <tiffio.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <jpeglib.h>

#include "services/binder/tiff_source.h"

namespace pleiade::binder {

namespace {

std::vector<std::uint8_t> row_of(const TiffKind& kind, int y, int page) {
    std::vector<std::uint8_t> row((static_cast<std::size_t>(kSampleWidth) * kind.bits * kind.samples + 7) / 8);
    for (int x = 0; x < kSampleWidth; ++x) {
        const bool ink = black(x, y, page);
        if (kind.bits == 1) {
            const bool one = (kind.photometric == PHOTOMETRIC_MINISWHITE) == ink;
            if (one) row[static_cast<std::size_t>(x) / 8] |= static_cast<std::uint8_t>(0x80 >> (x % 8));
            continue;
        }
        const std::uint8_t grey = picture(page)[static_cast<std::size_t>(y * kSampleWidth + x)];
        for (int s = 0; s < kind.samples; ++s) {
            const auto at = static_cast<std::size_t>(x * kind.samples + s);
            if (kind.bits == 8) row[at] = static_cast<std::uint8_t>(grey ^ (s * 40));
            if (kind.bits == 16) row[at * 2 + 1] = grey;
        }
    }
    return row;
}

}  // namespace

bool black(int x, int y, int page) {
    return ((x / 9 + y / 7 + page) % 3 == 0) != (x * x + y * y < 3000);
}

const std::vector<std::uint8_t>& picture(int page) {
    static std::vector<std::vector<std::uint8_t>> made(8);
    auto& pixels = made.at(static_cast<std::size_t>(page));
    if (pixels.empty()) {
        for (int y = 0; y < kSampleHeight; ++y) {
            for (int x = 0; x < kSampleWidth; ++x)
                pixels.push_back(static_cast<std::uint8_t>(20 + (5 * x + 9 * y) / 10 + page));
        }
    }
    return pixels;
}

std::string tiff_sample(const TiffKind& kind) {
    TiffMemory memory;
    memory.writing = true;
    auto tiff = open_tiff(memory);
    for (int page = 0; page < kind.pages; ++page) {
        TIFF* out = tiff.get();
        TIFFSetField(out, TIFFTAG_IMAGEWIDTH, kSampleWidth);
        TIFFSetField(out, TIFFTAG_IMAGELENGTH, kSampleHeight);
        TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, kind.bits);
        TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, kind.samples);
        TIFFSetField(out, TIFFTAG_COMPRESSION, kind.compression);
        TIFFSetField(out, TIFFTAG_PHOTOMETRIC, kind.photometric);
        TIFFSetField(out, TIFFTAG_FILLORDER, kind.fill_order);
        TIFFSetField(out, TIFFTAG_ORIENTATION, kind.orientation);
        TIFFSetField(out, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(out, TIFFTAG_XRESOLUTION, 100.0F);
        TIFFSetField(out, TIFFTAG_YRESOLUTION, 100.0F);
        TIFFSetField(out, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
        if (kind.t4 != 0) TIFFSetField(out, TIFFTAG_GROUP3OPTIONS, kind.t4);
        if (kind.tiled) {
            TIFFSetField(out, TIFFTAG_TILEWIDTH, 208);
            TIFFSetField(out, TIFFTAG_TILELENGTH, 144);
            std::vector<std::uint8_t> tile(static_cast<std::size_t>(TIFFTileSize(out)));
            for (int y = 0; y < kSampleHeight; ++y) {
                const auto row = row_of(kind, y, page);
                std::memcpy(tile.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(TIFFTileRowSize(out)),
                            row.data(), row.size());
            }
            TIFFWriteEncodedTile(out, 0, tile.data(), static_cast<tmsize_t>(tile.size()));
        } else {
            TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, kind.rows_per_strip == 0 ? kSampleHeight : kind.rows_per_strip);
            for (int y = 0; y < kSampleHeight; ++y) {
                auto row = row_of(kind, y, page);
                if (TIFFWriteScanline(out, row.data(), static_cast<std::uint32_t>(y)) != 1) {
                    throw std::runtime_error("libtiff did not write the sample");
                }
            }
        }
        TIFFWriteDirectory(out);
    }
    tiff.reset();
    return memory.output;
}

std::string jpeg_sample(int components, int dpi, int exif_orientation) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = kSampleWidth;
    info.image_height = kSampleHeight;
    info.input_components = components;
    info.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&info);
    info.density_unit = 1;
    info.X_density = info.Y_density = static_cast<UINT16>(dpi);
    if (dpi == 0) info.write_JFIF_header = FALSE;
    jpeg_start_compress(&info, TRUE);
    if (exif_orientation > 0) {
        const std::string exif = std::string("Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0", 25) +
                                 static_cast<char>(exif_orientation) + std::string("\0\0\0\0\0\0", 6);
        jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                          static_cast<unsigned>(exif.size()));
    }
    const auto& grey = picture();
    std::vector<std::uint8_t> row(static_cast<std::size_t>(kSampleWidth * components));
    while (info.next_scanline < info.image_height) {
        for (int x = 0; x < kSampleWidth; ++x) {
            for (int s = 0; s < components; ++s) {
                row[static_cast<std::size_t>(x * components + s)] =
                    grey[info.next_scanline * static_cast<std::size_t>(kSampleWidth) + static_cast<std::size_t>(x)];
            }
        }
        JSAMPROW rows[] = {row.data()};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    std::string file(reinterpret_cast<char*>(bytes), size);
    jpeg_destroy_compress(&info);
    std::free(bytes);
    return file;
}

std::string png_sample(int colour_type, int bits, bool interlaced) {
    std::string file;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &file,
        [](png_structp p, png_bytep data, png_size_t n) {
            static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<char*>(data), n);
        },
        [](png_structp) {});
    png_set_IHDR(png, info, kSampleWidth, kSampleHeight, bits, colour_type,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    std::vector<png_color> palette(256);
    for (std::size_t i = 0; i < palette.size(); ++i)
        palette[i] = {static_cast<png_byte>(i), static_cast<png_byte>(255 - i), 7};
    if (colour_type == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, palette.data(), 256);
    png_set_pHYs(png, info, 3937, 3937, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    const auto& grey = picture();
    const int samples = png_get_channels(png, info);
    std::vector<std::vector<std::uint8_t>> rows;
    std::vector<png_bytep> pointers;
    for (int y = 0; y < kSampleHeight; ++y) {
        std::vector<std::uint8_t> row(static_cast<std::size_t>(kSampleWidth * samples * bits + 7) / 8);
        for (int x = 0; x < kSampleWidth; ++x) {
            if (bits == 1) {
                if (!black(x, y)) row[static_cast<std::size_t>(x) / 8] |= static_cast<std::uint8_t>(0x80 >> (x % 8));
                continue;
            }
            for (int s = 0; s < samples; ++s) {
                row[static_cast<std::size_t>(x * samples + s)] = grey[static_cast<std::size_t>(y * kSampleWidth + x)];
            }
        }
        rows.push_back(std::move(row));
    }
    for (auto& row : rows) pointers.push_back(row.data());
    png_write_image(png, pointers.data());
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return file;
}

std::string pdf_sample(const std::string& extra_page_keys) {
    std::string file = "%PDF-1.4\n";
    std::vector<std::size_t> offsets;
    const auto object = [&](const std::string& body) {
        offsets.push_back(file.size());
        file += std::to_string(offsets.size()) + " 0 obj\n" + body + "\nendobj\n";
    };
    object("<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>");
    object("<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 300 400] >>");
    object("<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << >> " + extra_page_keys + " >>");
    object("<< /Type /Page /Parent 2 0 R /Rotate 90 /Contents 5 0 R /Resources << >> >>");
    object("<< /Length 24 >>\nstream\n0 0 1 rg 50 50 60 80 re f\nendstream");
    const auto xref = file.size();
    file += "xref\n0 " + std::to_string(offsets.size() + 1) + "\n0000000000 65535 f \n";
    for (const auto offset : offsets) {
        char line[32];
        std::snprintf(line, sizeof line, "%010zu 00000 n \n", offset);
        file += line;
    }
    return file + "trailer\n<< /Size " + std::to_string(offsets.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           std::to_string(xref) + "\n%%EOF\n";
}

Request request_for(const std::vector<std::string>& files, const std::vector<PageOrder>& pages) {
    Request request;
    request.title = "0123456789abcdef0123456789abcdef-1";
    for (const auto& file : files) request.file_bytes.push_back(file.size());
    request.pages = pages;
    return request;
}

std::string bind_files(const std::vector<std::string>& files, const std::vector<PageOrder>& pages) {
    std::string input;
    for (const auto& file : files) input += file;
    return bind(request_for(files, pages), {reinterpret_cast<const std::uint8_t*>(input.data()), input.size()});
}

std::string bind_one(const std::string& file, int rotation) {
    return bind_files({file}, {{0, 0, rotation}});
}

}  // namespace pleiade::binder
