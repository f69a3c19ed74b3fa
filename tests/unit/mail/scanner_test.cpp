#include "tests/mail/scanner.h"

#include <gtest/gtest.h>

namespace pleiade::mail {
namespace {

TEST(MailScanner, TurnsBoxesAsItTurnsPages) {
    // 400 x 300 as drawn, a box near the top left.
    const Box drawn{10, 20, 50, 5};
    ScannedPage page;
    page.width = 400;
    page.height = 300;
    EXPECT_EQ(turned(drawn, page), drawn);
    page.rotation = 180;
    EXPECT_EQ(turned(drawn, page), (Box{340, 275, 50, 5}));
    page.width = 300;
    page.height = 400;
    page.rotation = 270;  // was turned 90 clockwise: the top is now at the right
    EXPECT_EQ(turned(drawn, page), (Box{275, 10, 5, 50}));
    page.rotation = 90;  // was turned 270 clockwise: the top is now at the left
    EXPECT_EQ(turned(drawn, page), (Box{20, 340, 5, 50}));
}

TEST(MailScanner, TurnsPixelsTheWayTheTruthSays) {
    for (std::uint64_t seed = 1; seed < 400; ++seed) {
        Rng rng(seed);
        ScanPlan plan{.mode = Mode::Grey, .dpi = 20};
        Canvas canvas(PaperSettings{.dpi = 20});
        canvas.fill({10, 10, 40, 20}, kBlack);  // top left
        const Box black = canvas.in_pixels({10, 10, 40, 20});
        const ScannedPage page = scan(canvas, plan, rng, true);
        if (page.rotation == 0) continue;
        const Box now = turned(black, page);
        const auto at = [&](int x, int y) {
            return page.pixels[static_cast<std::size_t>(y) * page.row_bytes() + static_cast<std::size_t>(x)];
        };
        EXPECT_LT(at(now.x + now.width / 2, now.y + now.height / 2), 100) << "rotation " << page.rotation;
        EXPECT_GT(at(page.width - 1 - now.x - now.width / 2, page.height - 1 - now.y - now.height / 2), 150);
    }
}

TEST(MailScanner, ScansMostPlisInBlackAndWhite) {
    Rng rng(3);
    int bitonal = 0;
    for (int i = 0; i < 2000; ++i) bitonal += plan_scan(rng, true).mode == Mode::Bitonal ? 1 : 0;
    EXPECT_NEAR(bitonal, 1200, 80);
}

}  // namespace
}  // namespace pleiade::mail
