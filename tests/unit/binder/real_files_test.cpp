// Every real TIFF that the decoder reads becomes a PDF that shows the same pages.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/vision/decode.h"
#include "tests/unit/binder/poppler.h"
#include "tests/unit/binder/samples.h"

namespace pleiade::binder {

namespace {

namespace fs = std::filesystem;

fs::path shared_data() {
    if (const char* given = std::getenv("PLEIADE_SHARED_DATA")) return given;
    const char* source = std::getenv("PLEIADE_SOURCE");
    return fs::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
}

// Mean difference of grey, 0 to 255, between what the decoder sees and what poppler shows; large sizes are thinned out.
double difference(const vision::PageImage& page, const Shown& shown) {
    double total = 0;
    std::int64_t points = 0;
    for (int y = 0; y < shown.height; y += 3) {
        for (int x = 0; x < shown.width; x += 3, ++points)
            total += std::abs(page.grey.at<std::uint8_t>(y, x) - shown.at(x, y));
    }
    return points == 0 ? 255 : total / static_cast<double>(points);
}

TEST(RealFiles, ShowTheSamePagesInThePdf) {
    const auto folder = shared_data() / "formats_tiff";
    if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
    int read = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto extension = entry.path().extension();
        if (extension != ".tif" && extension != ".tiff") continue;
        vision::DecodeOptions options;
        options.codes = false;
        const auto decoded = vision::decode_file(entry.path().string(), options);
        if (!decoded) continue;  // what is refused at ingest never comes to the binder
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(file), {});
        std::vector<PageOrder> pages;
        for (int i = 0; i < static_cast<int>(decoded->pages.size()); ++i) pages.push_back({0, i, 0});
        std::string pdf;
        try {
            pdf = bind_files({bytes}, pages);
        } catch (const std::exception& error) {
            ADD_FAILURE() << entry.path().filename() << ": " << error.what();
            continue;
        }
        ++read;
        EXPECT_EQ(run_tool("qpdf --check", pdf).exit_code, 0) << entry.path().filename();
        const auto shown = extract_image(pdf, 1);
        const auto& first = decoded->pages.front();
        // The decoder applies the orientation tag, pdfimages does not: only pages that stand as stored are compared.
        if (shown.width != first.grey.cols || shown.height != first.grey.rows) continue;
        EXPECT_LT(difference(first, shown), 12) << entry.path().filename();
    }
    EXPECT_GT(read, 20);
}

}  // namespace

}  // namespace pleiade::binder
