// TIFF: the compressed bytes of a page that is one strip of G4, G3 or JPEG go in as they are. Other black-and-white
// pages are coded again as one G4 strip, everything else as Flate: without loss either way.
#include <algorithm>
#include <vector>

#include "services/binder/scan_image.h"
#include "services/binder/tiff_source.h"

namespace pleiade::binder {

namespace {

struct Tags {
    std::uint32_t width = 0, height = 0;
    std::uint16_t bits = 1, samples = 1, compression = 1, photometric = 0, orientation = 1, fill_order = 1, planar = 1;
    std::uint32_t t4 = 0;
};

Tags read_tags(TIFF* tiff) {
    Tags tags;
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &tags.width) ||
        !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &tags.height)) {
        throw Unreadable("tiff size");
    }
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &tags.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &tags.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &tags.compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &tags.orientation);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &tags.fill_order);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &tags.planar);
    TIFFGetField(tiff, TIFFTAG_GROUP3OPTIONS, &tags.t4);
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &tags.photometric)) {
        // Fax software leaves it out; its codecs mean white by 0. The decoder reads it the same way.
        tags.photometric = tags.samples >= 3 ? PHOTOMETRIC_RGB
                           : tags.bits == 1  ? PHOTOMETRIC_MINISWHITE
                                             : PHOTOMETRIC_MINISBLACK;
    }
    return tags;
}

void read_resolution(TIFF* tiff, ScanImage& image) {
    std::uint16_t unit = RESUNIT_INCH;
    float x = 0, y = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    if (unit == RESUNIT_NONE || !TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) ||
        !TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y)) {
        return;
    }
    const double factor = unit == RESUNIT_CENTIMETER ? 2.54 : 1.0;
    image.dpi_x = static_cast<double>(x) * factor;
    image.dpi_y = static_cast<double>(y) * factor;
}

std::string raw_strip(TIFF* tiff) {
    const auto size = TIFFGetStrileByteCount(tiff, 0);
    std::string bytes(size, '\0');
    if (size == 0 ||
        TIFFReadRawStrip(tiff, 0, bytes.data(), static_cast<tmsize_t>(size)) != static_cast<tmsize_t>(size)) {
        throw Unreadable("tiff strip");
    }
    return bytes;
}

std::string fax_parms(const Tags& tags, int k, bool end_of_line) {
    return "<< /K " + std::to_string(k) + (end_of_line ? " /EndOfLine true" : "") + " /Columns " +
           std::to_string(tags.width) + " /Rows " + std::to_string(tags.height) +
           (tags.photometric == PHOTOMETRIC_MINISBLACK ? " /BlackIs1 true" : "") + " >>";
}

void take_fax(TIFF* tiff, const Tags& tags, ScanImage& image) {
    const bool g4 = tags.compression == COMPRESSION_CCITTFAX4;
    const bool mixed = !g4 && (tags.t4 & GROUP3OPT_2DENCODING) != 0;
    image.bytes = raw_strip(tiff);
    if (tags.fill_order == FILLORDER_LSB2MSB) {  // PDF knows only the other one
        TIFFReverseBits(reinterpret_cast<std::uint8_t*>(image.bytes.data()), static_cast<tmsize_t>(image.bytes.size()));
    }
    image.filter = "/CCITTFaxDecode";
    image.decode_parms = fax_parms(tags, g4 ? -1 : mixed ? 1 : 0, !g4);
    image.bits = 1;
    image.colour_space = "/DeviceGray";
}

// A TIFF keeps the tables that its strips share apart; put back in front, the strip is a JPEG again.
void take_jpeg(TIFF* tiff, const Tags& tags, ScanImage& image) {
    image.bytes = raw_strip(tiff);
    std::uint32_t table_bytes = 0;
    const char* tables = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_JPEGTABLES, &table_bytes, &tables) && table_bytes > 4) {
        if (image.bytes.size() < 2) throw Unreadable("tiff jpeg strip");
        image.bytes = std::string(tables, table_bytes - 2) + image.bytes.substr(2);  // one EOI and one SOI go
    }
    image.filter = "/DCTDecode";
    image.colour_space = tags.samples == 1 ? "/DeviceGray" : "/DeviceRGB";
    if (tags.samples == 3) {
        image.decode_parms =
            tags.photometric == PHOTOMETRIC_YCBCR ? "<< /ColorTransform 1 >>" : "<< /ColorTransform 0 >>";
    }
}

// All strips, one after the other; only for one sample of 1 or 8 bits, or 8-bit RGB side by side.
std::string plain_samples(TIFF* tiff, const Tags& tags) {
    const auto row = (static_cast<std::size_t>(tags.width) * tags.bits * tags.samples + 7) / 8;
    std::string samples(row * tags.height, '\0');
    const auto strip_bytes = TIFFStripSize(tiff);
    std::size_t at = 0;
    for (std::uint32_t strip = 0; strip < TIFFNumberOfStrips(tiff) && at < samples.size(); ++strip) {
        const auto wanted = std::min(static_cast<std::size_t>(strip_bytes), samples.size() - at);
        if (TIFFReadEncodedStrip(tiff, strip, samples.data() + at, static_cast<tmsize_t>(wanted)) !=
            static_cast<tmsize_t>(wanted)) {
            throw Unreadable("tiff pixels");
        }
        at += wanted;
    }
    if (at < samples.size()) throw Unreadable("tiff rows");
    return samples;
}

void code_as_g4(std::string samples, const Tags& tags, ScanImage& image) {
    TiffMemory memory;
    memory.writing = true;
    auto out = open_tiff(memory);
    if (!out) throw Unreadable("tiff writer");
    TIFFSetField(out.get(), TIFFTAG_IMAGEWIDTH, tags.width);
    TIFFSetField(out.get(), TIFFTAG_IMAGELENGTH, tags.height);
    TIFFSetField(out.get(), TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(out.get(), TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(out.get(), TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
    TIFFSetField(out.get(), TIFFTAG_PHOTOMETRIC, tags.photometric);
    TIFFSetField(out.get(), TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
    TIFFSetField(out.get(), TIFFTAG_ROWSPERSTRIP, tags.height);
    if (TIFFWriteEncodedStrip(out.get(), 0, samples.data(), static_cast<tmsize_t>(samples.size())) < 0) {
        throw Unreadable("tiff writer");
    }
    TIFFWriteDirectory(out.get());
    out.reset();
    TiffMemory back;
    back.input = {reinterpret_cast<const std::uint8_t*>(memory.output.data()), memory.output.size()};
    const auto in = open_tiff(back);
    if (!in || !TIFFSetDirectory(in.get(), 0)) throw Unreadable("tiff writer");
    image.bytes = raw_strip(in.get());
    image.filter = "/CCITTFaxDecode";
    image.decode_parms = fax_parms(tags, -1, false);
    image.bits = 1;
    image.colour_space = "/DeviceGray";
}

// Palettes, 2, 4 and 16 bits, tiles, separate planes, YCbCr: through libtiff's own conversion.
void take_colours(TIFF* tiff, const Tags& tags, ScanImage& image) {
    std::vector<std::uint32_t> raster(static_cast<std::size_t>(tags.width) * tags.height);
    char why[1024] = "";
    TIFFRGBAImage reader;
    if (!TIFFRGBAImageOK(tiff, why) || !TIFFRGBAImageBegin(&reader, tiff, 1, why)) throw Unreadable("tiff kind");
    reader.orientation = ORIENTATION_TOPLEFT;  // the page turns it, as the tag says
    reader.req_orientation = ORIENTATION_TOPLEFT;
    const int read = TIFFRGBAImageGet(&reader, raster.data(), tags.width, tags.height);
    TIFFRGBAImageEnd(&reader);
    if (!read) throw Unreadable("tiff pixels");
    const bool grey = std::ranges::all_of(
        raster, [](std::uint32_t p) { return TIFFGetR(p) == TIFFGetG(p) && TIFFGetG(p) == TIFFGetB(p); });
    image.bytes.reserve(raster.size() * (grey ? 1 : 3));
    for (const auto pixel : raster) {
        const auto on_white = [&](std::uint32_t value) {
            return static_cast<char>(std::min<std::uint32_t>(255, value + 255 - TIFFGetA(pixel)));
        };
        image.bytes += on_white(TIFFGetR(pixel));
        if (grey) continue;
        image.bytes += on_white(TIFFGetG(pixel));
        image.bytes += on_white(TIFFGetB(pixel));
    }
    image.bits = 8;
    image.colour_space = grey ? "/DeviceGray" : "/DeviceRGB";
}

}  // namespace

ScanImage tiff_scan(Bytes file, int index) {
    TiffMemory memory;
    memory.input = file;
    const auto handle = open_tiff(memory);
    // "h" leaves no directory open: the first one is set like the others.
    if (!handle || !TIFFSetDirectory(handle.get(), static_cast<tdir_t>(index))) throw Unreadable("tiff directory");
    TIFF* tiff = handle.get();
    const Tags tags = read_tags(tiff);
    ScanImage image;
    image.width = static_cast<int>(tags.width);
    image.height = static_cast<int>(tags.height);
    image.orientation = tags.orientation;
    read_resolution(tiff, image);

    const bool one_strip = !TIFFIsTiled(tiff) && TIFFNumberOfStrips(tiff) == 1;
    const bool fax = tags.compression == COMPRESSION_CCITTFAX4 || tags.compression == COMPRESSION_CCITTFAX3;
    const bool two_tones = tags.bits == 1 && tags.samples == 1 && !TIFFIsTiled(tiff) &&
                           (tags.photometric == PHOTOMETRIC_MINISWHITE || tags.photometric == PHOTOMETRIC_MINISBLACK);
    const bool plain_rgb =
        tags.samples == 3 && tags.photometric == PHOTOMETRIC_RGB && tags.planar == PLANARCONFIG_CONTIG;
    const bool plain_grey = tags.samples == 1 && tags.photometric == PHOTOMETRIC_MINISBLACK;
    if (two_tones && fax && one_strip) {
        take_fax(tiff, tags, image);
    } else if (tags.compression == COMPRESSION_JPEG && one_strip && tags.bits == 8 &&
               (tags.samples == 1 || tags.samples == 3)) {
        take_jpeg(tiff, tags, image);
    } else if (two_tones) {
        code_as_g4(plain_samples(tiff, tags), tags, image);
    } else if (tags.bits == 8 && !TIFFIsTiled(tiff) && (plain_rgb || plain_grey) &&
               tags.compression != COMPRESSION_OJPEG) {
        image.bytes = plain_samples(tiff, tags);
        image.colour_space = plain_rgb ? "/DeviceRGB" : "/DeviceGray";
    } else {
        take_colours(tiff, tags, image);
    }
    return image;
}

}  // namespace pleiade::binder
