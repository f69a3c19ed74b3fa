#include "services/binder/bind.h"

#include <gtest/gtest.h>
#include <tiffio.h>

#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include "services/binder/tiff_source.h"
#include "tests/unit/binder/poppler.h"
#include "tests/unit/binder/samples.h"

namespace pleiade::binder {

namespace {

struct Opened {
    explicit Opened(const std::string& pdf) : bytes(pdf) {
        document.setSuppressWarnings(true);
        document.processMemoryFile("test", bytes.data(), bytes.size());
    }
    QPDFPageObjectHelper page(std::size_t n) { return QPDFPageDocumentHelper(document).getAllPages().at(n); }
    QPDFObjectHandle image(std::size_t n = 0) {
        return page(n).getObjectHandle().getKey("/Resources").getKey("/XObject").getKey("/Scan");
    }
    std::string raw(std::size_t n = 0) {
        const auto buffer = image(n).getRawStreamData();
        return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
    }
    std::string filter(std::size_t n = 0) { return image(n).getDict().getKey("/Filter").getName(); }

    std::string bytes;
    QPDF document;
};

std::string first_strip(const std::string& file) {
    TiffMemory memory;
    memory.input = {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
    const auto tiff = open_tiff(memory);
    TIFFSetDirectory(tiff.get(), 0);
    std::string strip(TIFFGetStrileByteCount(tiff.get(), 0), '\0');
    TIFFReadRawStrip(tiff.get(), 0, strip.data(), static_cast<tmsize_t>(strip.size()));
    return strip;
}

// What poppler shows is what was scanned, in two tones.
void expect_two_tones(const std::string& pdf, const std::string& what, int page = 0) {
    const auto shown = extract_image(pdf, page + 1);
    ASSERT_EQ(shown.width, kSampleWidth) << what;
    ASSERT_EQ(shown.height, kSampleHeight) << what;
    int different = 0;
    for (int y = 0; y < kSampleHeight; ++y) {
        for (int x = 0; x < kSampleWidth; ++x) different += (shown.at(x, y) < 128) != black(x, y, page);
    }
    EXPECT_EQ(different, 0) << what;
}

TEST(Bind, AJpegGoesInByteForByte) {
    for (const int components : {1, 3, 4}) {
        const auto file = jpeg_sample(components, 200);
        Opened pdf(bind_one(file));
        EXPECT_EQ(pdf.filter(), "/DCTDecode");
        EXPECT_EQ(pdf.raw(), file);
    }
}

TEST(Bind, AOneStripG4GoesInByteForByte) {
    for (const std::uint16_t photometric : {PHOTOMETRIC_MINISWHITE, PHOTOMETRIC_MINISBLACK}) {
        const auto file = tiff_sample({.compression = COMPRESSION_CCITTFAX4, .photometric = photometric});
        const auto bytes = bind_one(file);
        Opened pdf(bytes);
        EXPECT_EQ(pdf.filter(), "/CCITTFaxDecode");
        EXPECT_EQ(pdf.raw(), first_strip(file));
        expect_two_tones(bytes, "G4 " + std::to_string(photometric));
    }
}

TEST(Bind, AOneStripG3GoesInByteForByteAndShowsTheSame) {
    for (const std::uint32_t options : {0U, 1U, 4U, 5U}) {  // 2D coding, fill bits
        const auto file = tiff_sample({.compression = COMPRESSION_CCITTFAX3, .t4 = options});
        const auto bytes = bind_one(file);
        Opened pdf(bytes);
        EXPECT_EQ(pdf.raw(), first_strip(file));
        expect_two_tones(bytes, "G3 " + std::to_string(options));
    }
}

TEST(Bind, EveryOtherTwoTonePageShowsTheSameAsG4) {
    const std::vector<std::pair<std::string, TiffKind>> kinds = {
        {"uncompressed", {.compression = COMPRESSION_NONE}},
        {"LZW", {.compression = COMPRESSION_LZW}},
        {"PackBits", {.compression = COMPRESSION_PACKBITS}},
        {"G4 in strips", {.compression = COMPRESSION_CCITTFAX4, .rows_per_strip = 17}},
        {"G3 in strips", {.compression = COMPRESSION_CCITTFAX3, .rows_per_strip = 17}},
        {"black is 0", {.compression = COMPRESSION_LZW, .photometric = PHOTOMETRIC_MINISBLACK}},
        {"RLE", {.compression = COMPRESSION_CCITTRLE}},
        {"bits from the right", {.compression = COMPRESSION_CCITTFAX4, .fill_order = FILLORDER_LSB2MSB}},
        {"strips, bits from the right",
         {.compression = COMPRESSION_CCITTFAX4, .rows_per_strip = 17, .fill_order = FILLORDER_LSB2MSB}},
        {"uncompressed, bits from the right", {.compression = COMPRESSION_NONE, .fill_order = FILLORDER_LSB2MSB}},
    };
    for (const auto& [name, kind] : kinds) {
        const auto bytes = bind_one(tiff_sample(kind));
        EXPECT_EQ(Opened(bytes).filter(), "/CCITTFaxDecode") << name;
        expect_two_tones(bytes, name);
    }
}

TEST(Bind, GreyAndColourKeepEveryPixel) {
    const std::vector<std::pair<std::string, std::string>> files = {
        {"grey LZW", tiff_sample({.compression = COMPRESSION_LZW, .bits = 8, .photometric = PHOTOMETRIC_MINISBLACK})},
        {"grey in strips", tiff_sample({.compression = COMPRESSION_NONE,
                                        .bits = 8,
                                        .photometric = PHOTOMETRIC_MINISBLACK,
                                        .rows_per_strip = 10})},
        {"grey in tiles", tiff_sample({.compression = COMPRESSION_NONE,  // of a size that is no multiple of 1024
                                       .bits = 8,
                                       .photometric = PHOTOMETRIC_MINISBLACK,
                                       .tiled = true})},
        {"grey in LZW tiles",
         tiff_sample(
             {.compression = COMPRESSION_LZW, .bits = 8, .photometric = PHOTOMETRIC_MINISBLACK, .tiled = true})},
        {"grey png", png_sample(0, 8)},
        {"interlaced png", png_sample(0, 8, true)},
    };
    for (const auto& [name, file] : files) {
        const auto shown = extract_image(bind_one(file), 1);
        ASSERT_EQ(shown.width, kSampleWidth) << name;
        EXPECT_EQ(shown.grey, picture()) << name;
    }
    const auto rgb =
        tiff_sample({.compression = COMPRESSION_LZW, .bits = 8, .samples = 3, .photometric = PHOTOMETRIC_RGB});
    EXPECT_EQ(Opened(bind_one(rgb)).image().getDict().getKey("/ColorSpace").getName(), "/DeviceRGB");
}

TEST(Bind, APngsOwnCompressionIsKept) {
    for (const auto& [colour, bits] : {std::pair{0, 1}, {0, 8}, {0, 16}, {2, 8}, {3, 8}}) {
        const auto file = png_sample(colour, bits);
        Opened pdf(bind_one(file));
        EXPECT_EQ(pdf.filter(), "/FlateDecode");
        EXPECT_NE(file.find(pdf.raw().substr(0, 64)), std::string::npos) << colour << " " << bits;
        EXPECT_EQ(pdf.image().getDict().getKey("/BitsPerComponent").getIntValue(), bits);
    }
    expect_two_tones(bind_one(png_sample(0, 1)), "1-bit png");
}

TEST(Bind, AJpegInsideATiffIsPutTogetherAgain) {
    const auto file = tiff_sample({.compression = COMPRESSION_JPEG, .bits = 8, .photometric = PHOTOMETRIC_MINISBLACK});
    const auto bytes = bind_one(file);
    EXPECT_EQ(Opened(bytes).filter(), "/DCTDecode");
    const auto shown = extract_image(bytes, 1);
    ASSERT_EQ(shown.grey.size(), picture().size());
    int worst = 0;
    for (std::size_t i = 0; i < shown.grey.size(); ++i)
        worst = std::max(worst, std::abs(shown.grey[i] - picture()[i]) % 255);
    EXPECT_LT(worst, 80);  // JPEG's own loss on a steep ramp, not a wrong table
}

TEST(Bind, PagesAreAsLargeAsTheirResolutionSays) {
    const auto size_of = [](const std::string& file) {
        Opened pdf(bind_one(file));
        const auto box = pdf.page(0).getMediaBox().getArrayAsRectangle();
        return std::pair(box.urx, box.ury);
    };
    EXPECT_NEAR(size_of(jpeg_sample(1, 100)).first, kSampleWidth * 0.72, 0.01);
    EXPECT_NEAR(size_of(png_sample(0, 8)).second, kSampleHeight * 0.72, 0.01);
    EXPECT_NEAR(size_of(tiff_sample({})).first, kSampleWidth * 0.72, 0.01);
    EXPECT_NEAR(size_of(jpeg_sample(1, 0)).first, 297 / 25.4 * 72, 0.1) << "without a resolution, the long side of A4";
    EXPECT_NEAR(size_of(jpeg_sample(1, 100, 6)).first, kSampleHeight * 0.72, 0.01) << "a quarter turn swaps the sides";
}

TEST(Bind, PagesStandUpright) {
    Opened pdf(bind_one(tiff_sample({.compression = COMPRESSION_CCITTFAX4}), 270));
    EXPECT_EQ(pdf.page(0).getObjectHandle().getKey("/Rotate").getIntValue(), 270);
    Opened two(bind_files({pdf_sample()}, {{0, 1, 90}, {0, 0, 0}}));
    EXPECT_EQ(two.page(0).getAttribute("/Rotate", false).getIntValue(), 180) << "the source's own turn counts";
}

// Each EXIF number puts the same corner of the scan where a viewer of photographs would.
TEST(Bind, OrientationTagsAreApplied) {
    const auto upright = render_page(bind_one(jpeg_sample(1, 72)), 1);
    const auto at = [](const Shown& shown, double x, double y) {
        return int{shown.at(static_cast<int>(x * (shown.width - 1)), static_cast<int>(y * (shown.height - 1)))};
    };
    // u, v: where the upright picture's point (x, y) is after orientation n.
    const auto moved = [](int n, double x, double y) -> std::pair<double, double> {
        switch (n) {
            case 2:
                return {1 - x, y};
            case 3:
                return {1 - x, 1 - y};
            case 4:
                return {x, 1 - y};
            case 5:
                return {y, x};
            case 6:
                return {1 - y, x};
            case 7:
                return {1 - y, 1 - x};
            case 8:
                return {y, 1 - x};
            default:
                return {x, y};
        }
    };
    for (int n = 1; n <= 8; ++n) {
        const auto turned = render_page(bind_one(jpeg_sample(1, 72, n)), 1);
        for (const auto& [x, y] : {std::pair{0.1, 0.1}, {0.8, 0.15}, {0.2, 0.7}, {0.6, 0.5}}) {
            const auto [u, v] = moved(n, x, y);
            EXPECT_NEAR(at(turned, u, v), at(upright, x, y), 12) << "orientation " << n << " at " << x << "," << y;
        }
    }
}

TEST(Bind, PagesOfSeveralFilesComeInTheOrderAsked) {
    const auto tiff = tiff_sample({.compression = COMPRESSION_CCITTFAX4, .pages = 3});
    const auto jpeg = jpeg_sample(3, 100);
    const auto bytes = bind_files({tiff, jpeg, pdf_sample()}, {{1, 0, 0}, {0, 2, 0}, {0, 0, 180}, {2, 0, 0}});
    Opened pdf(bytes);
    EXPECT_EQ(QPDFPageDocumentHelper(pdf.document).getAllPages().size(), 4U);
    EXPECT_EQ(pdf.raw(0), jpeg);
    EXPECT_EQ(pdf.raw(2), first_strip(tiff));
    const auto third = extract_image(bytes, 2);
    int different = 0;
    for (int y = 0; y < kSampleHeight; ++y) {
        for (int x = 0; x < kSampleWidth; ++x) different += (third.at(x, y) < 128) != black(x, y, 2);
    }
    EXPECT_EQ(different, 0);
}

TEST(Bind, TheSamePagesGiveTheSameBytes) {
    const std::vector<std::string> files = {tiff_sample({.compression = COMPRESSION_LZW}), pdf_sample(),
                                            jpeg_sample(3, 100)};
    const std::vector<PageOrder> pages = {{0, 0, 0}, {1, 0, 0}, {2, 0, 90}};
    EXPECT_EQ(bind_files(files, pages), bind_files(files, pages));
}

TEST(Bind, NothingActiveOfASourcePdfIsKept) {
    const auto bytes = bind_one(
        pdf_sample("/AA << /O << /S /JavaScript /JS (app.alert(2)) >> >> "
                   "/Annots [ << /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://x) >> >> ]"));
    for (const char* word : {"JavaScript", "app.alert", "OpenAction", "/Annots", "/URI"}) {
        EXPECT_EQ(bytes.find(word), std::string::npos) << word;
    }
}

TEST(Bind, QpdfAndPopplerFindTheResultSound) {
    const auto bytes = bind_files({tiff_sample({.compression = COMPRESSION_CCITTFAX4, .pages = 2}), jpeg_sample(3, 100),
                                   pdf_sample(), png_sample(3, 8)},
                                  {{0, 0, 0}, {0, 1, 180}, {1, 0, 0}, {2, 0, 0}, {3, 0, 0}});
    EXPECT_EQ(run_tool("qpdf --check", bytes).exit_code, 0);
    const auto info = run_tool("pdfinfo", bytes).output;
    EXPECT_NE(info.find("Pages:           5"), std::string::npos) << info;
    EXPECT_NE(info.find("0123456789abcdef0123456789abcdef-1"), std::string::npos) << info;
    EXPECT_EQ(info.find("CreationDate"), std::string::npos) << info;
}

TEST(Bind, DamagedFilesAreRefusedNotGuessed) {
    const auto tiff = tiff_sample({.compression = COMPRESSION_LZW, .bits = 8, .photometric = 1});
    const auto png = png_sample(0, 8, true);
    for (const auto& file : {std::string("nothing known"), std::string("\xff\xd8\xff\xe0", 4), tiff.substr(0, 60),
                             tiff.substr(0, tiff.size() / 2), png.substr(0, 20), png.substr(0, png.size() / 2),
                             std::string("%PDF-1.4\nnothing")}) {
        EXPECT_ANY_THROW(bind_one(file)) << file.size();
    }
    EXPECT_THROW(bind_files({jpeg_sample(1, 100)}, {{0, 1, 0}}), Unreadable);
    EXPECT_THROW(bind_files({tiff}, {{0, 5, 0}}), Unreadable);
    EXPECT_THROW(bind_files({pdf_sample()}, {{0, 7, 0}}), Unreadable);
}

}  // namespace

}  // namespace pleiade::binder
