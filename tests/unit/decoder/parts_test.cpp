// The decoder's own parts, called in this process under the sanitizers.
#include <gtest/gtest.h>

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <random>

#include "common/sandbox/exif.h"
#include "services/decoder/binarise.h"
#include "services/decoder/codes.h"
#include "services/decoder/page.h"
#include "services/decoder/pnm.h"
#include "services/decoder/refusal.h"
#include "services/decoder/tiff_chain.h"

namespace pleiade::decoder {
namespace {

using FileBytes = std::vector<std::uint8_t>;

Page grey_page(int width, int height, unsigned seed) {
    Page page;
    page.width = width;
    page.height = height;
    page.allocate();
    std::mt19937 random(seed);
    for (auto& pixel : page.pixels) pixel = random() % 2 ? 255 : 0;
    return page;
}

std::string refusal_of(const FileBytes& bytes) {
    try {
        ifd_chain(bytes, 500);
    } catch (const Refusal& refusal) {
        return refusal.code();
    }
    return "none";
}

TEST(Page, PacksAndUnpacksEveryWidth) {
    for (int width = 1; width <= 33; ++width) {
        const Page grey = grey_page(width, 5, static_cast<unsigned>(width));
        Page packed = grey;
        pack_if_bitonal(packed);
        ASSERT_EQ(packed.bits, 1);
        to_grey8(packed);
        EXPECT_EQ(packed.pixels, grey.pixels) << width;
    }
}

TEST(Page, KeepsGreyWhatIsNotOnlyBlackAndWhite) {
    Page page = grey_page(16, 16, 1);
    page.pixels[200] = 254;
    pack_if_bitonal(page);
    EXPECT_EQ(page.bits, 8);
}

TEST(Page, ComesBackAfterFourQuarterTurns) {
    const Page page = grey_page(13, 7, 2);
    Page turned = page;
    for (int turn = 0; turn < 4; ++turn) rotate(turned, 90);
    EXPECT_EQ(turned.pixels, page.pixels);
    rotate(turned, -90);
    EXPECT_EQ(turned.width, 7);
    rotate(turned, 450);
    EXPECT_EQ(turned.pixels, page.pixels);
}

TEST(TiffChain, RefusesAChainThatBreaksInsteadOfEndingIt) {
    FileBytes tiff = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0};
    tiff.resize(8 + 2 + 12, 0);
    FileBytes whole = tiff;
    whole.insert(whole.end(), {0, 0, 0, 0});
    EXPECT_EQ(ifd_chain(whole, 500), (std::vector<std::uint64_t>{8}));
    EXPECT_EQ(refusal_of(tiff), kTruncated);
    FileBytes astray = tiff;
    astray.insert(astray.end(), {0, 0, 0xFF, 0});
    EXPECT_EQ(refusal_of(astray), kTruncated);
    FileBytes looped = tiff;
    looped.insert(looped.end(), {8, 0, 0, 0});
    EXPECT_EQ(ifd_chain(looped, 500).size(), 1u);
    FileBytes none = {'I', 'I', 42, 0, 0, 0, 0, 0};
    EXPECT_EQ(refusal_of(none), kEmpty);
}

TEST(TiffChain, SurvivesEveryCutAndEveryFlippedBit) {
    FileBytes tiff = {'M', 'M', 0, 43, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 1};
    tiff.resize(tiff.size() + 20 + 8, 0);
    EXPECT_EQ(ifd_chain(tiff, 500).size(), 1u);
    for (std::size_t length = 0; length < tiff.size(); ++length) {
        refusal_of(FileBytes(tiff.begin(), tiff.begin() + static_cast<long>(length)));
    }
    for (std::size_t bit = 0; bit < tiff.size() * 8; ++bit) {
        FileBytes flipped = tiff;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1u << (bit % 8)));
        refusal_of(flipped);
    }
}

TEST(Exif, ReadsOrientationAndResolutionAndNothingPastItsEnd) {
    const FileBytes exif = {'E',  'x', 'i', 'f', 0,  0, 'I', 'I', 42, 0, 8, 0, 0, 0, 3, 0,  // header, 3 entries
                            0x12, 1,   3,   0,   1,  0, 0,   0,   6,  0, 0, 0,              // orientation 6
                            0x1A, 1,   5,   0,   1,  0, 0,   0,   50, 0, 0, 0,              // x at 50
                            0x1B, 1,   5,   0,   1,  0, 0,   0,   50, 0, 0, 0,              // y at 50
                            0,    0,   0,   0,   44, 1, 0,   0,   1,  0, 0, 0};             // 300/1
    const auto facts = sandbox::read_exif(exif);
    EXPECT_EQ(facts.orientation, 6);
    EXPECT_EQ(facts.dpi_x, 300);
    for (std::size_t length = 0; length < exif.size(); ++length) sandbox::read_exif(Bytes(exif).first(length));
}

TEST(Pnm, RefusesAPageThatWasNotWrittenToItsEnd) {
    const std::string two = "P5\n2 1\n255\nABP5\n1 1\n255\nC";
    const Job job;
    const PnmFile file(Bytes(reinterpret_cast<const std::uint8_t*>(two.data()), two.size()), job);
    ASSERT_EQ(file.page_total(), 2);
    EXPECT_EQ(file.page(0).pixels, (FileBytes{'A', 'B'}));
    for (const std::string bad :
         {"P5\n2 1\n255\nA", "P6\n1 1\n255\nAAA", "P5\n", "P5\n9999999999 1\n255\nA", "P5\n2 1\n65535\nAB"}) {
        EXPECT_THROW(PnmFile(Bytes(reinterpret_cast<const std::uint8_t*>(bad.data()), bad.size()), job), Refusal)
            << bad;
    }
}

Page white_page(int dpi) {
    Page page;
    page.width = 8 * dpi;
    page.height = 11 * dpi;
    page.dpi_x = page.dpi_y = dpi;
    page.allocate();
    std::fill(page.pixels.begin(), page.pixels.end(), 255);
    return page;
}

Page page_with(ZXing::BarcodeFormat format, const std::string& text, int width, int height, int dpi) {
    Page page = white_page(dpi);
    const auto matrix = ZXing::MultiFormatWriter(format).encode(std::wstring(text.begin(), text.end()),
                                                                width * dpi / 100, height * dpi / 100);
    for (int y = 0; y < matrix.height(); ++y) {
        for (int x = 0; x < matrix.width(); ++x) {
            if (matrix.get(x, y)) page.row(2 * dpi + y)[dpi + x] = 0;
        }
    }
    return page;
}

TEST(Codes, AreFoundInEverySymbologyWithTheirPlaceOnThePage) {
    using Format = ZXing::BarcodeFormat;
    for (const Format format :
         {Format::QRCode, Format::DataMatrix, Format::Code128, Format::Code39, Format::PDF417, Format::ITF}) {
        const bool linear = format == Format::Code128 || format == Format::Code39 || format == Format::ITF;
        const std::string text = format == Format::ITF ? "1234567890" : "PLEIADE-SEP 0001";
        for (int dpi : {200, 300}) {
            // A DataMatrix is printed small: modules of 0.6 mm.
            const int side = format == Format::DataMatrix ? 45 : 120;
            const Page page = page_with(format, text, linear ? 300 : side, linear ? 50 : side, dpi);
            const CodeSearch search = find_codes(page, std::chrono::seconds(20));
            ASSERT_EQ(search.codes.size(), 1u) << ZXing::ToString(format) << " " << dpi;
            EXPECT_TRUE(search.complete);
            EXPECT_EQ(search.codes[0].text, text);
            EXPECT_EQ(search.codes[0].symbology, ZXing::ToString(format));
            EXPECT_GE(search.codes[0].x, dpi - 4);
            EXPECT_GE(search.codes[0].y, 2 * dpi - 4);
            EXPECT_LE(search.codes[0].x + search.codes[0].width, 5 * dpi);
            EXPECT_LE(search.codes[0].y + search.codes[0].height, 5 * dpi);
        }
    }
}

// As public papers bear them (2D-Doc): 40 modules and more to a side, of 0.35 to 0.6 mm.
TEST(Codes, OfManyModulesAreFoundWhateverTheirSize) {
    std::string text = "DC04FR0000011E6E1ED60106FR";
    for (int i = 0; i < 90; ++i) text += static_cast<char>('A' + i * 7 % 26);
    const auto small = ZXing::MultiFormatWriter(ZXing::BarcodeFormat::DataMatrix)
                           .setMargin(0)
                           .encode(std::wstring(text.begin(), text.end()), 0, 0);
    for (const int dpi : {200, 300}) {
        for (const double millimetres : {0.38, 0.45, 0.52, 0.6}) {
            Page page = white_page(dpi);
            const double module = millimetres / 25.4 * dpi;
            const int side = static_cast<int>(small.width() * module);
            for (int y = 0; y < side; ++y) {
                for (int x = 0; x < side; ++x) {
                    if (small.get(static_cast<int>(x / module), static_cast<int>(y / module)))
                        page.row(3 * dpi + y)[2 * dpi + x] = 20;
                }
            }
            const CodeSearch search = find_codes(page, std::chrono::seconds(20));
            ASSERT_EQ(search.codes.size(), 1U) << millimetres << " mm at " << dpi;
            EXPECT_EQ(search.codes[0].text, text);
        }
    }
}

TEST(Codes, AreFoundOnAPageThatLiesOnItsSideOrUpsideDown) {
    for (int degrees : {90, 180, 270}) {
        Page page = page_with(ZXing::BarcodeFormat::Code128, "PATCHT", 300, 60, 200);
        rotate(page, degrees);
        const CodeSearch search = find_codes(page, std::chrono::seconds(20));
        ASSERT_EQ(search.codes.size(), 1u) << degrees;
        EXPECT_EQ(search.codes[0].text, "PATCHT");
    }
}

// Ink and paper of a bad copy: grey both, and half as light at the foot of the page as at its head.
void copy_badly(Page& page) {
    for (int y = 0; y < page.height; ++y) {
        const double light = 1 - 0.5 * y / page.height;
        for (int x = 0; x < page.width; ++x) {
            std::uint8_t& pixel = page.row(y)[x];
            pixel = static_cast<std::uint8_t>(light * (pixel == 0 ? 110 : 220));
        }
    }
}

TEST(Codes, AreFoundInAGreyAndBadlyLitPicture) {
    using Format = ZXing::BarcodeFormat;
    for (const Format format : {Format::QRCode, Format::DataMatrix, Format::Code128, Format::PDF417}) {
        for (int dpi : {200, 300}) {
            const int side = format == Format::DataMatrix ? 45 : 120;
            Page page = page_with(format, "PLEIADE-SEP 0001", format == Format::Code128 ? 300 : side, side, dpi);
            copy_badly(page);
            const CodeSearch search = find_codes(page, std::chrono::seconds(20));
            ASSERT_EQ(search.codes.size(), 1u) << ZXing::ToString(format) << " " << dpi;
            EXPECT_EQ(search.codes[0].text, "PLEIADE-SEP 0001");
        }
    }
}

// Modules of 2 mm are no texture: such a code is found because the whole page is looked at.
TEST(Codes, AreFoundWhenTheyTakeAQuarterOfThePage) {
    for (int dpi : {200, 300}) {
        const Page page = page_with(ZXing::BarcodeFormat::QRCode, "PLEIADE-SEP 0001", 250, 250, dpi);
        const CodeSearch search = find_codes(page, std::chrono::seconds(20));
        ASSERT_EQ(search.codes.size(), 1u) << dpi;
        EXPECT_EQ(search.codes[0].text, "PLEIADE-SEP 0001");
    }
}

// The page at half its resolution, cut to an envelope's size.
Page envelope_of(const Page& large) {
    Page envelope;
    envelope.width = large.width / 2;
    envelope.height = 650;
    envelope.dpi_x = envelope.dpi_y = large.dpi_x / 2;
    envelope.allocate();
    for (int y = 0; y < envelope.height; ++y) {
        for (int x = 0; x < envelope.width; ++x) {
            const std::uint8_t* above = large.row(2 * y) + 2 * x;
            const std::uint8_t* below = large.row(2 * y + 1) + 2 * x;
            envelope.row(y)[x] = static_cast<std::uint8_t>((above[0] + above[1] + below[0] + below[1]) / 4);
        }
    }
    return envelope;
}

// Bars of a pixel and a half are read in twice the size only.
TEST(Codes, AreFoundOnAnEnvelopeWhereTheyAreTooSmallToBeReadAsScanned) {
    const Page page = page_with(ZXing::BarcodeFormat::Code128, "PLEIADE-SEP 0001", 240, 48, 300);
    const CodeSearch search = find_codes(envelope_of(page), std::chrono::seconds(20));
    ASSERT_EQ(search.codes.size(), 1u);
    EXPECT_EQ(search.codes[0].text, "PLEIADE-SEP 0001");
}

TEST(Binarise, PartsInkFromPaperByTheLightAroundThem) {
    Picture picture;
    picture.width = 203;
    picture.height = 101;
    picture.pixels.resize(203 * 101);
    // Paper that darkens from left to right to less than the ink was at the left, and squares of ink on it.
    const auto is_ink = [](int x, int y) { return x / 6 % 2 == 0 && y / 6 % 2 == 0; };
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const int paper = 250 - x * 3 / 4;
            picture.row(y)[x] = static_cast<std::uint8_t>(is_ink(x, y) ? paper * 2 / 5 : paper);
        }
    }
    const Picture result = binarised(picture);
    ASSERT_EQ(result.pixels.size(), picture.pixels.size());
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) EXPECT_EQ(result.row(y)[x], is_ink(x, y) ? 0 : 255) << x << " " << y;
    }
}

TEST(Binarise, TakesEvenPaperForWhiteAndTheInsideOfABlackSquareForBlack) {
    Picture picture;
    picture.width = picture.height = 120;
    picture.pixels.assign(120 * 120, 200);
    for (int y = 43; y < 75; ++y) std::fill_n(picture.row(y) + 43, 32, std::uint8_t{30});
    const Picture result = binarised(picture);
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            EXPECT_EQ(result.row(y)[x] == 0, picture.row(y)[x] == 30) << x << " " << y;
        }
    }
}

TEST(Codes, SaysWhenItsTimeWasOver) {
    const Page page = page_with(ZXing::BarcodeFormat::QRCode, "PATCHT", 120, 120, 200);
    const CodeSearch search = find_codes(page, std::chrono::milliseconds(-1));
    EXPECT_TRUE(search.codes.empty());
    EXPECT_FALSE(search.complete);
}

}  // namespace
}  // namespace pleiade::decoder
