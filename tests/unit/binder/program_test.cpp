// The program in its sandbox and the decoder's images, as the gateway asks for them, over a real vault.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <tiffio.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/vault/layout.h"
#include "common/vault/open.h"
#include "services/gateway/pages/process_binder.h"
#include "services/gateway/pages/sandboxed_images.h"
#include "tests/unit/binder/poppler.h"
#include "tests/unit/binder/samples.h"

namespace pleiade::binder {

namespace {

namespace fs = std::filesystem;

class Program : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "pleiade-program-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        vault = vault::open_posix_vault((folder / "vault").string());
        const char* bin = std::getenv("PLEIADE_BIN");
        ASSERT_NE(bin, nullptr) << "run by ctest, or set PLEIADE_BIN";
        program = std::string(bin) + "/pleiade-binder";
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string keep(const std::string& bytes) {
        const auto path = folder / "received";
        std::ofstream(path, std::ios::binary) << bytes;
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const auto stored = vault->put(pli, fd, "received");
        ::close(fd);
        return stored ? stored->sha256 : stored.error().code;
    }
    Result<std::string> bind(const std::string& sha256, const gateway::BinderLimits& limits = {}) {
        return gateway::process_binder(*vault, program, limits)->bind(pli, {{sha256, 0, 0}}, "some-1");
    }
    Result<gateway::EncodedPage> image(const std::string& sha256, gateway::ImageFormat format, bool thumbnail = false) {
        return gateway::sandboxed_images(*vault, {})->encode({pli, sha256, 0, format, thumbnail});
    }

    fs::path folder;
    std::unique_ptr<vault::Vault> vault;
    std::string program;
    PliId pli{"0123456789abcdef0123456789abcdef"};
};

TEST_F(Program, GivesTheSameBytesAsTheLibrary) {
    const auto tiff = tiff_sample({.compression = COMPRESSION_CCITTFAX4, .pages = 3});
    const auto jpeg = jpeg_sample(3, 100);
    const auto a = keep(tiff), b = keep(jpeg);
    const auto made =
        gateway::process_binder(*vault, program)->bind(pli, {{a, 2, 180}, {b, 0, 0}, {a, 0, 0}}, "some-1");
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(run_tool("qpdf --check", *made).exit_code, 0);
    EXPECT_NE(run_tool("pdfinfo", *made).output.find("Pages:           3"), std::string::npos);
    auto request = request_for({tiff, jpeg}, {{0, 2, 180}, {1, 0, 0}, {0, 0, 0}});
    request.title = "some-1";
    const auto input = tiff + jpeg;
    EXPECT_EQ(*made, binder::bind(request, {reinterpret_cast<const std::uint8_t*>(input.data()), input.size()}));
}

TEST_F(Program, RefusesWhatItCannotTakeOver) {
    EXPECT_EQ(bind(keep("nothing known")).error().code, "BINDER_FAILED");
    EXPECT_EQ(bind(keep(tiff_sample({.compression = COMPRESSION_LZW}).substr(0, 100))).error().code, "BINDER_FAILED");
    const auto whole = keep(jpeg_sample(1, 100));
    EXPECT_EQ(bind(whole, {.memory_bytes = 4 << 20}).error().code.substr(0, 7), "BINDER_");
    EXPECT_EQ(bind(whole, {.input_bytes_max = 10}).error().code, "BINDER_FAILED");
    EXPECT_EQ(bind(std::string(64, '0')).error().code, "FILE_MISSING");
    program += "-absent";
    EXPECT_EQ(bind(whole).error().code, "BINDER_UNAVAILABLE");
}

TEST_F(Program, AnAlteredFileIsNeverServed) {
    const auto sha = keep(jpeg_sample(1, 100));
    const auto path = (folder / "vault").string() + "/" + vault::place_of(pli, sha);
    fs::permissions(path, fs::perms::owner_all);
    std::ofstream(path, std::ios::binary | std::ios::app) << "x";
    EXPECT_EQ(bind(sha).error().code, "FILE_ALTERED");
    EXPECT_EQ(image(sha, gateway::ImageFormat::Best).error().code, "FILE_ALTERED");
}

TEST_F(Program, ImagesForBrowsersTakeTheFormatThatSuitsThem) {
    using gateway::ImageFormat;
    const auto fax = keep(tiff_sample({.compression = COMPRESSION_CCITTFAX4}));
    const auto photo = keep(jpeg_sample(3, 100));
    const auto kind = [&](const std::string& sha, ImageFormat format, bool thumbnail = false) {
        const auto page = image(sha, format, thumbnail);
        if (!page) return page.error().code;
        const bool png = page->bytes.starts_with("\x89PNG"), jpeg = page->bytes.starts_with("\xff\xd8\xff");
        EXPECT_EQ(page->media_type, png ? "image/png" : "image/jpeg");
        return std::string(png ? "png" : jpeg ? "jpeg" : "unknown");
    };
    EXPECT_EQ(kind(fax, ImageFormat::Best), "png");
    EXPECT_EQ(kind(photo, ImageFormat::Best), "jpeg");
    EXPECT_EQ(kind(photo, ImageFormat::Png), "png");
    EXPECT_EQ(kind(fax, ImageFormat::Jpeg), "jpeg");
    EXPECT_EQ(kind(fax, ImageFormat::Best, true), "jpeg");
    EXPECT_EQ(kind(keep("nothing known"), ImageFormat::Best), "REJ_FORMAT_UNKNOWN");
}

}  // namespace

}  // namespace pleiade::binder
