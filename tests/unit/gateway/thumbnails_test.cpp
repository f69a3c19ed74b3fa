#include "services/gateway/pages/thumbnails.h"

#include <gtest/gtest.h>

namespace pleiade::gateway {
namespace {

PageImageRequest page(int index, const std::string& pli = "00000000000000000000000000000001") {
    PageImageRequest request;
    request.pli = PliId(pli);
    request.sha256 = std::string(64, 'a');
    request.index = index;
    return request;
}

TEST(ThumbnailsTest, GivesBackWhatWasKeptOfThisPageOfThisPli) {
    Thumbnails thumbnails(100);
    thumbnails.keep(page(0), {"first", "image/jpeg"});
    ASSERT_TRUE(thumbnails.find(page(0)));
    EXPECT_EQ(thumbnails.find(page(0))->bytes, "first");
    EXPECT_EQ(thumbnails.find(page(0))->media_type, "image/jpeg");
    EXPECT_FALSE(thumbnails.find(page(1)));
    EXPECT_FALSE(thumbnails.find(page(0, "00000000000000000000000000000002")));
}

TEST(ThumbnailsTest, TheLeastRecentlyAskedForGoesFirst) {
    Thumbnails thumbnails(30);
    for (int i = 0; i < 3; ++i) thumbnails.keep(page(i), {std::string(10, 'x'), "image/jpeg"});
    ASSERT_TRUE(thumbnails.find(page(0)));
    thumbnails.keep(page(3), {std::string(10, 'y'), "image/jpeg"});
    EXPECT_TRUE(thumbnails.find(page(0)));
    EXPECT_FALSE(thumbnails.find(page(1)));
    EXPECT_TRUE(thumbnails.find(page(2)));
    EXPECT_TRUE(thumbnails.find(page(3)));
}

TEST(ThumbnailsTest, OneLargerThanAllTheRoomIsNotKept) {
    Thumbnails thumbnails(30);
    thumbnails.keep(page(0), {std::string(31, 'x'), "image/jpeg"});
    EXPECT_FALSE(thumbnails.find(page(0)));
}

}  // namespace
}  // namespace pleiade::gateway
