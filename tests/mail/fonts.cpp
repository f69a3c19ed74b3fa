#include "tests/mail/fonts.h"

#include "common/base/check.h"

namespace pleiade::mail {
namespace {

std::vector<std::string> present(const std::vector<std::string>& families) {
    std::vector<std::string> found;
    for (const auto& family : families) {
        if (Canvas::has_font(family)) found.push_back(family);
    }
    PLEIADE_CHECK(!found.empty());  // deploy/setup/packages-build.txt lists the font packages
    return found;
}

std::vector<HandFont> present(const std::vector<HandFont>& hands) {
    std::vector<HandFont> found;
    for (const auto& hand : hands) {
        if (Canvas::has_font(hand.family)) found.push_back(hand);
    }
    PLEIADE_CHECK(!found.empty());
    return found;
}

FontSet train_fonts() {
    return {.forms = present({"Liberation Sans", "Liberation Serif", "Nimbus Sans"}),
            .letters = present({"Liberation Serif", "Liberation Sans", "URW Bookman"}),
            .typed = present({"Liberation Mono", "Liberation Sans", "Courier Prime"}),
            .hands = present(std::vector<HandFont>{{"DkgHandwriting", 1.0, 0, true},
                                                   {"Because We Connect", 1.0, 0, false},
                                                   {"Because We Organize", 1.05, 0.06, false},
                                                   {"Caveat", 1.25, 0.06, true},
                                                   {"Patrick Hand", 1.1, 0, true},
                                                   {"Kalam", 0.95, 0, true},
                                                   {"Homemade Apple", 0.75, 0, true},
                                                   {"Nothing You Could Do", 0.95, 0.05, true},
                                                   {"Playwrite FR Trad", 0.7, 0.04, true}})};
}

FontSet test_fonts() {
    return {.forms = present({"DejaVu Sans Condensed", "Nimbus Roman", "Nimbus Sans Narrow", "URW Gothic"}),
            .letters = present({"P052", "Nimbus Roman", "DejaVu Sans", "C059"}),
            .typed = present({"Nimbus Mono PS", "DejaVu Sans Mono", "GNUTypewriter", "Special Elite"}),
            .hands = present(std::vector<HandFont>{{"Breip", 1.15, 0.09, true},
                                                   {"Because We Mentor", 1.1, 0, false},
                                                   {"Because We Create", 1.15, 0.05, false},
                                                   {"Ecolier_court", 1.55, 0.1, true},
                                                   {"Indie Flower", 1.05, 0.05, true},
                                                   {"Shadows Into Light", 1.15, 0.07, true},
                                                   {"Reenie Beanie", 1.5, 0.08, true},
                                                   {"Covered By Your Grace", 1.25, 0, true},
                                                   {"La Belle Aurore", 1.15, 0.07, true}})};
}

}  // namespace

const FontSet& fonts_of(Half half) {
    static const FontSet train = train_fonts();
    static const FontSet test = test_fonts();
    return half == Half::Train ? train : test;
}

}  // namespace pleiade::mail
