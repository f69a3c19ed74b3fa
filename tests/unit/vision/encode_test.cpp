#include "common/vision/encode.h"

#include <gtest/gtest.h>

#include "common/vision/decode.h"
#include "tests/unit/vision/drawn_pages.h"
#include "tests/unit/vision/sample_files.h"

namespace pleiade::vision {
namespace {

PageImage bitonal_page() {
    PageImage page = letter_page(13);
    page.grey = page.grey > 127;
    page.bitonal = true;
    return page;
}

PageImage read_back(const EncodedImage& image) {
    const TemporaryFile file(image.bytes);
    auto decoded = decode_file(file.path());
    EXPECT_TRUE(decoded) << decoded.error().message;
    return decoded ? std::move(decoded->pages[0]) : PageImage{};
}

TEST(Encode, ShowsABitonalPageWithoutLosingAPixel) {
    const PageImage page = bitonal_page();
    const EncodedImage image = encode_page(page);
    EXPECT_EQ(image.mime_type, "image/png");
    EXPECT_LT(image.bytes.size(), 100'000u);
    const PageImage back = read_back(image);
    EXPECT_TRUE(back.bitonal);
    ASSERT_EQ(back.grey.size(), page.grey.size());
    EXPECT_EQ(cv::countNonZero(back.grey != page.grey), 0);
}

TEST(Encode, ShowsAGreyPageAtReadingSize) {
    PageImage page = letter_page(14);
    cv::resize(page.grey, page.grey, {2480, 3508});
    const EncodedImage image = encode_page(page);
    EXPECT_EQ(image.mime_type, "image/jpeg");
    EXPECT_EQ(image.width, 1654);
    const PageImage back = read_back(image);
    EXPECT_EQ(back.grey.size(), cv::Size(1654, 2340));
    EXPECT_EQ(read_back(encode_full(page)).grey.size(), cv::Size(2480, 3508));
    EXPECT_EQ(encode_thumbnail(page).width, 310);
}

TEST(Encode, CutsACropToThePage) {
    const PageImage page = bitonal_page();
    const EncodedImage crop = encode_crop(page, {page.grey.cols - 50, 300, 200, 80});
    EXPECT_EQ(crop.width, 50);
    EXPECT_EQ(crop.height, 80);
    const PageImage back = read_back(crop);
    EXPECT_EQ(cv::countNonZero(back.grey != page.grey(cv::Rect(page.grey.cols - 50, 300, 50, 80))), 0);
    EXPECT_TRUE(encode_crop(page, {5000, 5000, 10, 10}).bytes.empty());
    EXPECT_TRUE(encode_crop(page, {10, 10, 0, 10}).bytes.empty());
}

}  // namespace
}  // namespace pleiade::vision
