#include <gtest/gtest.h>

#include "services/reader/ocr_page.h"

namespace pleiade::reader {
namespace {

OcrPage page_of(int width, int height, int rotation, int scanned_width, int scanned_height) {
    OcrPage page;
    page.page = 1;
    page.width = width;
    page.height = height;
    page.rotation = rotation;
    page.scanned_width = scanned_width;
    page.scanned_height = scanned_height;
    return page;
}

TEST(OcrPage, GivesBoxesBackInScannedPixelsForEveryQuarterTurn) {
    // A scan of 100 x 200 with its box at 10,20 of 30 x 40.
    const Box scanned{10, 20, 30, 40};
    EXPECT_EQ(page_of(100, 200, 0, 100, 200).as_scanned({10, 20, 30, 40}), scanned);
    EXPECT_EQ(page_of(200, 100, 90, 100, 200).as_scanned({200 - 20 - 40, 10, 40, 30}), scanned);
    EXPECT_EQ(page_of(100, 200, 180, 100, 200).as_scanned({100 - 10 - 30, 200 - 20 - 40, 30, 40}), scanned);
    EXPECT_EQ(page_of(200, 100, 270, 100, 200).as_scanned({20, 100 - 10 - 30, 40, 30}), scanned);
}

TEST(OcrPage, ScalesBoxesOfAPageReadAtAnotherResolution) {
    EXPECT_EQ(page_of(100, 200, 0, 300, 600).as_scanned({10, 20, 30, 40}), (Box{30, 60, 90, 120}));
    EXPECT_EQ(page_of(200, 100, 90, 300, 600).as_scanned({140, 10, 40, 30}), (Box{30, 60, 90, 120}));
}

TEST(OcrPage, PutsTheTiltBackAboutTheCentre) {
    auto page = page_of(1000, 1000, 0, 1000, 1000);
    page.skew_degrees = 2;  // lines of the scan go down to the right
    const auto right = page.as_scanned({880, 480, 40, 40});
    EXPECT_NEAR(right.x, 880, 1);
    EXPECT_NEAR(right.y, 480 + 14, 1);  // 400 pixels from the centre, sin 2 degrees
    EXPECT_NEAR(page.as_scanned({80, 480, 40, 40}).y, 480 - 14, 1);
    EXPECT_EQ(page.as_scanned({480, 480, 40, 40}), (Box{480, 480, 40, 40}));
}

TEST(OcrPage, KeepsBoxesInsideTheScan) {
    auto page = page_of(100, 100, 0, 100, 100);
    EXPECT_EQ(page.as_scanned({-20, 90, 60, 40}), (Box{0, 90, 40, 10}));
    page.scanned_width = 0;
    EXPECT_TRUE(page.as_scanned({1, 1, 2, 2}).empty());
}

TEST(OcrPage, JoinsTheWordsOfALine) {
    OcrLine line;
    EXPECT_EQ(line.text(), "");
    line.words = {{"Avis", 0.9, {}}, {"d'arrêt", 0.9, {}}};
    EXPECT_EQ(line.text(), "Avis d'arrêt");
}

}  // namespace
}  // namespace pleiade::reader
