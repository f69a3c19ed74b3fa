#include "common/vision/decode.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <opencv2/core.hpp>
#include <thread>

#include "tests/unit/vision/sample_files.h"

namespace pleiade::vision {
namespace {

FileBytes bytes_of(const std::string& text) {
    return {text.begin(), text.end()};
}

std::string code_of(const FileBytes& bytes, const DecodeOptions& options = {}) {
    const TemporaryFile file(bytes);
    const auto decoded = decode_file(file.path(), options);
    return decoded ? "read" : decoded.error().code;
}

TEST(Decode, GivesTheVeryPixelsOfABitonalTiff) {
    const TemporaryFile file(make_tiff({TiffPage{}}));
    const auto decoded = decode_file(file.path());
    ASSERT_TRUE(decoded) << decoded.error().code << " " << decoded.error().message;
    EXPECT_EQ(decoded->format, "tiff");
    ASSERT_EQ(decoded->pages.size(), 1u);
    const PageImage& page = decoded->pages[0];
    EXPECT_TRUE(page.bitonal);
    EXPECT_EQ(page.dpi_x, 300);
    ASSERT_EQ(page.grey.size(), cv::Size(16, 4));
    EXPECT_EQ(page.grey.at<std::uint8_t>(0, 0), 255);
    EXPECT_EQ(page.grey.at<std::uint8_t>(0, 4), 0);
    EXPECT_EQ(page.grey.at<std::uint8_t>(3, 15), 255);
    EXPECT_EQ(cv::countNonZero(page.grey), 8 + 8 + 8 + 1);
}

TEST(Decode, KeepsTheTwoResolutionsOfAFax) {
    TiffPage fax;
    fax.dpi_x = 204;
    fax.dpi_y = 98;
    const TemporaryFile file(make_tiff({fax}));
    const auto decoded = decode_file(file.path());
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->pages[0].dpi_x, 204);
    EXPECT_EQ(decoded->pages[0].dpi_y, 98);
    EXPECT_EQ(decoded->pages[0].grey.size(), cv::Size(16, 4));
}

TEST(Decode, AppliesEachOfTheEightOrientations) {
    // The black corner of a page whose first stored pixel alone is black, once it stands upright.
    const cv::Point corners[] = {{0, 0}, {15, 0}, {15, 3}, {0, 3}, {0, 0}, {3, 0}, {3, 15}, {0, 15}};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        TiffPage page;
        page.rows = {0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
        page.orientation = orientation;
        const TemporaryFile file(make_tiff({page}));
        const auto decoded = decode_file(file.path());
        ASSERT_TRUE(decoded);
        const cv::Mat& grey = decoded->pages[0].grey;
        EXPECT_EQ(grey.size(), orientation < 5 ? cv::Size(16, 4) : cv::Size(4, 16));
        EXPECT_EQ(grey.at<std::uint8_t>(corners[orientation - 1]), 0) << orientation;
        EXPECT_EQ(cv::countNonZero(grey), 63);
    }
}

TEST(Decode, ReadsMorePagesThanOneChildTakes) {
    std::vector<TiffPage> pages(40);
    for (std::size_t i = 0; i < pages.size(); ++i) pages[i].rows[0] = static_cast<std::uint8_t>(i);
    const TemporaryFile file(make_tiff(pages));
    DecodeCost cost;
    DecodeOptions options;
    options.cost = &cost;
    const auto decoded = decode_file(file.path(), options);
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(decoded->pages.size(), 40u);
    EXPECT_EQ(decoded->page_total, 40);
    EXPECT_EQ(cost.children, 3);
    for (int i = 0; i < 40; ++i) {
        int read = 0;
        for (int x = 0; x < 8; ++x)
            read = read * 2 + (decoded->pages[static_cast<std::size_t>(i)].grey.at<std::uint8_t>(0, x) ? 1 : 0);
        EXPECT_EQ(read, i);
    }
}

TEST(Decode, ReadsOnePageAloneAndSaysWhenThereIsNone) {
    std::vector<TiffPage> pages(3);
    pages[2].width = 8;
    pages[2].height = 8;
    const TemporaryFile file(make_tiff(pages));
    DecodeOptions options;
    options.only_index = 2;
    const auto last = decode_file(file.path(), options);
    ASSERT_TRUE(last);
    ASSERT_EQ(last->pages.size(), 1u);
    EXPECT_EQ(last->page_total, 3);
    EXPECT_EQ(last->sizes[0], cv::Size(8, 8));
    options.only_index = 3;
    const auto none = decode_file(file.path(), options);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "PAGE_NOT_FOUND");
}

TEST(Decode, CountsAndChecksWithoutHandingPixelsOver) {
    const TemporaryFile file(make_tiff({TiffPage{}, TiffPage{}}));
    DecodeOptions options;
    options.pixels = false;
    const auto decoded = decode_file(file.path(), options);
    ASSERT_TRUE(decoded);
    ASSERT_EQ(decoded->pages.size(), 2u);
    EXPECT_TRUE(decoded->pages[0].grey.empty());
    EXPECT_EQ(decoded->sizes[1], cv::Size(16, 4));
}

TEST(Decode, NamesWhatIsWrongWithAFile) {
    EXPECT_EQ(code_of({}), "REJ_FILE_EMPTY");
    EXPECT_EQ(code_of(bytes_of("GIF89a\1\0\1\0 a picture, but of a kind that no scanner here writes")),
              "REJ_FORMAT_UNKNOWN");
    FileBytes cut = make_tiff({TiffPage{}});
    cut.resize(cut.size() - 3);
    EXPECT_EQ(code_of(cut), "REJ_FILE_TRUNCATED");
    cut.resize(60);
    EXPECT_EQ(code_of(cut), "REJ_FILE_TRUNCATED");
    TiffPage long_strip;
    long_strip.strip_bytes = 5000;
    long_strip.compression = 5;
    EXPECT_EQ(code_of(make_tiff({long_strip})), "REJ_FILE_TRUNCATED");
    TiffPage not_lzw;
    not_lzw.compression = 5;
    EXPECT_EQ(code_of(make_tiff({not_lzw})), "REJ_FILE_CORRUPT");
    TiffPage not_g4;
    not_g4.compression = 4;
    not_g4.rows = {0x00, 0x00, 0x00, 0x00, 0x55, 0x55, 0x55, 0x55};
    EXPECT_EQ(code_of(make_tiff({not_g4})), "REJ_FILE_CORRUPT");
    EXPECT_EQ(code_of(bytes_of("%PDF-1.4\nnothing of a PDF follows")), "REJ_FILE_TRUNCATED");
}

TEST(Decode, RefusesASecondPageThatIsNotThereRatherThanDropIt) {
    FileBytes broken = make_tiff({TiffPage{}, TiffPage{}});
    broken.resize(broken.size() / 2 + 20);  // ends inside the second directory
    EXPECT_EQ(code_of(broken), "REJ_FILE_TRUNCATED");
}

TEST(Decode, HoldsItsLimits) {
    TiffPage bomb;
    bomb.width = 50'000;
    bomb.height = 50'000;
    EXPECT_EQ(code_of(make_tiff({bomb})), "REJ_TOO_LARGE");
    DecodeOptions options;
    options.limits.pages_max = 2;
    EXPECT_EQ(code_of(make_tiff(std::vector<TiffPage>(3)), options), "REJ_TOO_LARGE");
    options = {};
    options.limits.file_bytes_max = 100;
    EXPECT_EQ(code_of(make_tiff({TiffPage{}}), options), "REJ_TOO_LARGE");
}

// A decoder that does what a file that took it over might make it do.
class FakeDecoder {
  public:
    explicit FakeDecoder(const std::string& script) : program_(bytes_of("#!/bin/sh\n" + script + "\n")) {
        ::chmod(program_.path().c_str(), 0700);
        ::setenv("PLEIADE_DECODER", program_.path().c_str(), 1);
    }
    ~FakeDecoder() { ::unsetenv("PLEIADE_DECODER"); }
    FakeDecoder(const FakeDecoder&) = delete;
    FakeDecoder& operator=(const FakeDecoder&) = delete;

  private:
    TemporaryFile program_;
};

std::string code_with(const std::string& script, const DecodeOptions& options = {}) {
    const FakeDecoder fake(script);
    return code_of(make_tiff({TiffPage{}}), options);
}

TEST(Decode, CallsACrashWhateverTheChildDoesThatADecoderDoesNot) {
    EXPECT_EQ(code_with("kill -SEGV $$"), "REJ_DECODER_CRASH");
    EXPECT_EQ(code_with("kill -SYS $$"), "REJ_DECODER_CRASH");
    EXPECT_EQ(code_with("exit 0"), "REJ_DECODER_CRASH");
    EXPECT_EQ(code_with("exit 3"), "REJ_DECODER_CRASH");
    EXPECT_EQ(code_with("head -c 100000 /dev/urandom >&4"), "REJ_DECODER_CRASH");
    EXPECT_EQ(code_with("head -c 100000 /dev/zero >&4"), "REJ_DECODER_CRASH");
}

TEST(Decode, CallsALimitTheKillOfAChildThatUsesItsTime) {
    EXPECT_EQ(code_with("kill -XCPU $$"), "REJ_DECODER_LIMIT");
    EXPECT_EQ(code_with("kill -KILL $$"), "REJ_DECODER_LIMIT");
    DecodeOptions options;
    options.limits.wall = std::chrono::seconds(2);
    options.limits.cpu = std::chrono::seconds(1);
    EXPECT_EQ(code_with("while :; do :; done", options), "REJ_DECODER_LIMIT");
}

TEST(Decode, KeepsALetterWhoseDecoderWasKeptWaitingOrCouldNotLockItselfIn) {
    DecodeOptions options;
    options.limits.wall = std::chrono::seconds(1);
    EXPECT_EQ(code_with("sleep 20", options), "DECODER_UNAVAILABLE");
    EXPECT_EQ(code_with("exit 70"), "DECODER_UNAVAILABLE");
}

TEST(Decode, WorksFromSeveralThreadsAtOnce) {
    const TemporaryFile file(make_tiff({TiffPage{}}));
    std::vector<std::thread> threads;
    std::atomic<int> read = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 5; ++i) read += decode_file(file.path()).has_value();
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(read, 20);
}

TEST(Decode, SaysThatTheDecoderIsUnavailableRatherThanBlameTheFile) {
    ::setenv("PLEIADE_DECODER", "/nonexistent/pleiade-decoder", 1);
    const TemporaryFile file(make_tiff({TiffPage{}}));
    const auto decoded = decode_file(file.path());
    ::unsetenv("PLEIADE_DECODER");
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace pleiade::vision
