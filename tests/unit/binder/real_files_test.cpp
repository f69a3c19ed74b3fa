// Every real TIFF that the decoder reads becomes a PDF that shows the same pages.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "common/vision/decode.h"
#include "services/binder/tiff_source.h"
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

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The orientation tag of each page. The decoder has applied it, the PDF says it in the page and keeps the pixels as
// stored.
std::vector<int> orientations(const std::string& file) {
    TiffMemory memory;
    memory.input = {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
    const auto tiff = open_tiff(memory);
    std::vector<int> all;
    for (tdir_t n = 0; n < TIFFNumberOfDirectories(tiff.get()); ++n) {
        std::uint16_t orientation = 1;
        TIFFSetDirectory(tiff.get(), n);
        TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
        all.push_back(orientation);
    }
    return all;
}

// Where the stored pixel (x, y) stands on the page.
cv::Point on_page(int x, int y, int orientation, cv::Size stored) {
    const int right = stored.width - 1 - x, bottom = stored.height - 1 - y;
    switch (orientation) {
        case 2:
            return {right, y};
        case 3:
            return {right, bottom};
        case 4:
            return {x, bottom};
        case 5:
            return {y, x};
        case 6:
            return {bottom, x};
        case 7:
            return {bottom, right};
        case 8:
            return {y, right};
        default:
            return {x, y};
    }
}

// Mean difference of grey, 0 to 255, between what the decoder sees and what the PDF holds.
double difference(const cv::Mat& page, const Shown& stored, int orientation) {
    const bool on_its_side = orientation >= 5;
    if (page.cols != (on_its_side ? stored.height : stored.width) ||
        page.rows != (on_its_side ? stored.width : stored.height)) {
        return 255;
    }
    double total = 0;
    for (int y = 0; y < stored.height; ++y) {
        for (int x = 0; x < stored.width; ++x) {
            const auto at = on_page(x, y, orientation, {stored.width, stored.height});
            total += std::abs(page.at<std::uint8_t>(at) - stored.at(x, y));
        }
    }
    return total / (static_cast<double>(stored.width) * stored.height);
}

TEST(RealFiles, ShowTheSamePagesInThePdf) {
    const auto folder = shared_data() / "formats_tiff";
    if (!fs::exists(folder)) GTEST_SKIP() << "skipped: no " << folder;
    int compared = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (!name.ends_with(".tif") && !name.ends_with(".tiff")) continue;
        vision::DecodeOptions options;
        options.codes = false;
        const auto decoded = vision::decode_file(entry.path().string(), options);
        if (!decoded) continue;  // what is refused at ingest never comes to the binder
        std::vector<PageOrder> order;
        for (int i = 0; i < static_cast<int>(decoded->pages.size()); ++i) order.push_back({0, i, 0});
        std::string pdf;
        try {
            pdf = bind_files({content_of(entry.path())}, order);
        } catch (const std::exception& error) {
            ADD_FAILURE() << name << ": " << error.what();
            continue;
        }
        const auto turns = orientations(content_of(entry.path()));
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto stored = extract_image(pdf, static_cast<int>(i) + 1);
            // JPEG and Lab may come out a shade apart from two programs; anything else is the same to the pixel.
            EXPECT_LT(difference(decoded->pages[i].grey, stored, turns.at(i)), 0.1) << name << " page " << i + 1;
            ++compared;
        }
    }
    EXPECT_GE(compared, 49);
}

}  // namespace

}  // namespace pleiade::binder
