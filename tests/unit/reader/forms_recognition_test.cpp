// Recognition of registered forms: drawn forms, filled in and worn. Real blanks: tests/bench/forms.
#include "services/reader/forms/recogniser.h"

#include <gtest/gtest.h>

#include "tests/unit/reader/registered_forms.h"

namespace pleiade::reader::forms {
namespace {

// Forms 1 to 4 in their first version.
Recogniser& four_forms() {
    static Recogniser recogniser = [] {
        std::vector<RegisteredForm> forms;
        for (std::uint32_t i = 1; i <= 4; ++i) forms.push_back(registered(test::drawn_form(i, 1), std::to_string(i)));
        return Recogniser(std::move(forms));
    }();
    return recogniser;
}

struct WornCase {
    std::string name;
    test::Wear wear;
};

class WornForms : public testing::TestWithParam<WornCase> {};

TEST_P(WornForms, AreRecognisedWhereTheyLie) {
    for (std::uint32_t form = 1; form <= 4; ++form) {
        auto wear = GetParam().wear;
        wear.seed = form;
        const auto page = test::worn(test::filled_in(test::drawn_form(form, 1), kDpi, form), kDpi, wear);
        const auto match = recognised(four_forms(), page);
        ASSERT_TRUE(match) << "form " << form;
        EXPECT_EQ(match->form, static_cast<int>(form) - 1);
        EXPECT_EQ(match->fit, Fit::Known);
        EXPECT_GT(match->score, 0.9);
        // The page's middle stays where wear put it, to half a millimetre.
        const auto centre = mapped(match->to_scan, {105, 148.5}) * (1 / pixels_per_mm());
        const bool on_its_side = wear.turned % 180 != 0;
        const double sign = wear.turned == 180 || wear.turned == 270 ? -1 : 1;
        const double x = on_its_side ? 148.5 - sign * wear.shift_mm.y : 105 + sign * wear.shift_mm.x;
        const double y = on_its_side ? 105 + sign * wear.shift_mm.x : 148.5 + sign * wear.shift_mm.y;
        EXPECT_NEAR(centre.x, x, 0.6);
        EXPECT_NEAR(centre.y, y, 0.6);
    }
}

std::vector<WornCase> worn_cases() {
    std::vector<WornCase> cases;
    const auto add = [&](const std::string& name, auto change) {
        test::Wear wear;
        change(wear);
        cases.push_back({name, wear});
    };
    add("AsTheyAre", [](auto&) {});
    add("Tilted", [](auto& w) { w.tilt_degrees = 5; });
    add("TiltedTheOtherWay", [](auto& w) { w.tilt_degrees = -5, w.dpi_to = 200; });
    add("SmallerPhotocopy", [](auto& w) { w.photocopy = 0.94; });
    add("LargerPhotocopy", [](auto& w) { w.photocopy = 1.06, w.shift_mm = {3, -4}; });
    add("UpsideDown", [](auto& w) { w.turned = 180, w.shift_mm = {4, 5}; });
    add("OnItsSide", [](auto& w) { w.turned = 90; });
    add("Faint", [](auto& w) { w.ink_level = -1, w.dpi_to = 200; });
    add("Heavy", [](auto& w) { w.ink_level = 1; });
    add("Grey", [](auto& w) { w.bitonal = false, w.noise = 14; });
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Wear, WornForms, testing::ValuesIn(worn_cases()),
                         [](const auto& tested) { return tested.param.name; });

TEST(FormRecogniser, TakesAnotherVersionForNoKnownForm) {
    for (std::uint32_t form = 1; form <= 4; ++form) {
        const auto page = test::worn(test::filled_in(test::drawn_form(form, 2), kDpi, form), kDpi, {});
        const auto match = recognised(four_forms(), page);
        if (match) {
            EXPECT_EQ(match->fit, Fit::OtherVersion) << "form " << form << " score " << match->score;
        }
    }
}

TEST(FormRecogniser, TellsTwoVersionsApart) {
    std::vector<RegisteredForm> forms;
    for (const int version : {1, 2}) forms.push_back(registered(test::drawn_form(7, version), std::to_string(version)));
    Recogniser recogniser(std::move(forms));
    for (const int version : {1, 2}) {
        const auto page = test::worn(test::filled_in(test::drawn_form(7, version), kDpi, 3), kDpi, {.tilt_degrees = 2});
        const auto match = recognised(recogniser, page);
        ASSERT_TRUE(match);
        EXPECT_EQ(match->form, version - 1);
        EXPECT_EQ(match->fit, Fit::Known);
    }
}

TEST(FormRecogniser, SaysSoWhenNothingTellsTwoFormsApart) {
    const auto blank = test::drawn_form(8, 1);
    std::vector<RegisteredForm> forms;
    forms.push_back(registered(blank, "1"));
    forms.push_back(registered(blank, "2"));
    Recogniser recogniser(std::move(forms));
    const auto match = recognised(recogniser, test::worn(test::filled_in(blank, kDpi, 4), kDpi, {}));
    ASSERT_TRUE(match);
    EXPECT_EQ(match->fit, Fit::SomeVersion);
    EXPECT_EQ(match->also.size(), 1u);
    ASSERT_EQ(recogniser.resemblances(0).size(), 1u);
    EXPECT_EQ(recogniser.resemblances(0)[0].differing_places, 0);
}

TEST(FormRecogniser, TakesNoOtherPageForAForm) {
    for (std::uint32_t form = 20; form < 26; ++form) {
        const auto page = test::worn(test::filled_in(test::drawn_form(form, 1), kDpi, form), kDpi, {});
        const auto match = recognised(four_forms(), page);
        if (match) {
            EXPECT_EQ(match->fit, Fit::OtherVersion) << form << " score " << match->score;
        }
    }
}

TEST(FormRecogniser, RefusesPagesThatAreNone) {
    const cv::Size a4(1654, 2339);
    EXPECT_FALSE(recognised(four_forms(), image_of(cv::Mat(a4, CV_8UC1, cv::Scalar(255)))));
    EXPECT_FALSE(recognised(four_forms(), image_of(cv::Mat(a4, CV_8UC1, cv::Scalar(0)))));
    EXPECT_FALSE(recognised(four_forms(), image_of(cv::Mat(1, 1, CV_8UC1, cv::Scalar(0)))));
    EXPECT_FALSE(recognised(four_forms(), image_of(cv::Mat(3, 4000, CV_8UC1, cv::Scalar(120)))));
    cv::Mat noise(a4, CV_8UC1);
    cv::RNG(5).fill(noise, cv::RNG::UNIFORM, 0, 256);
    EXPECT_FALSE(recognised(four_forms(), image_of(noise)));
    Recogniser none({});
    EXPECT_FALSE(recognised(none, image_of(test::drawn_form(1, 1))));
}

TEST(FormRecogniser, NeedsMostOfThePage) {
    // The lower two thirds of the page were torn off: what is left is a hint, not a recognition.
    cv::Mat page = test::filled_in(test::drawn_form(2, 1), kDpi, 9);
    page.rowRange(page.rows / 3, page.rows).setTo(255);
    const auto match = recognised(four_forms(), test::worn(page, kDpi, {}));
    if (match) {
        EXPECT_EQ(match->fit, Fit::OtherVersion);
    }
}

TEST(FormRegistration, RefusesAPageWithoutPrint) {
    NoEngine engine;
    cv::Mat page(2339, 1654, CV_8UC1, cv::Scalar(255));
    for (const auto& image : {image_of(page), image_of(cv::Mat(1, 1, CV_8UC1, cv::Scalar(0)))}) {
        const auto form = register_page(image, {"AAT", "", "", "", 1, false}, engine, [] { return true; });
        ASSERT_FALSE(form);
        EXPECT_EQ(form.error().code, "FORM_NOT_A_BLANK");
    }
}

TEST(FormRegistration, ProposesTheZonesThatAreDrawn) {
    cv::Mat page = test::drawn_form(3, 1);
    const auto mm = [](double value) { return static_cast<int>(value * kDpi / 25.4); };
    page(cv::Rect(0, mm(30), page.cols, mm(240))).setTo(255);
    for (int cell = 0; cell <= 8; ++cell)
        cv::line(page, {mm(50 + cell * 5), mm(60)}, {mm(50 + cell * 5), mm(63)}, cv::Scalar(200), 2);
    for (int cell = 0; cell < 10; ++cell)
        cv::rectangle(page, {mm(50 + cell * 6), mm(80)}, {mm(55.5 + cell * 6), mm(87)}, cv::Scalar(90), 2);
    cv::rectangle(page, {mm(50), mm(100)}, {mm(54), mm(104)}, cv::Scalar(0), 2);
    cv::line(page, {mm(50), mm(120)}, {mm(150), mm(120)}, cv::Scalar(60), 2);
    cv::rectangle(page, {mm(20), mm(140)}, {mm(180), mm(170)}, cv::Scalar(60), 2);
    const auto form = registered(page, "1");
    std::map<ZoneKind, std::vector<Zone>> zones;
    for (const auto& zone : form.form.zones) {
        if (zone.box.y > 40 && zone.box.y < 250) zones[zone.kind].push_back(zone);
    }
    ASSERT_EQ(zones[ZoneKind::Comb].size(), 2u);
    EXPECT_EQ(zones[ZoneKind::Comb][0].cell_starts.size(), 8u);
    EXPECT_NEAR(zones[ZoneKind::Comb][0].cell_starts[1], 55, 0.4);
    EXPECT_EQ(zones[ZoneKind::Comb][1].cell_starts.size(), 10u);
    ASSERT_EQ(zones[ZoneKind::Tick].size(), 1u);
    EXPECT_NEAR(zones[ZoneKind::Tick][0].box.x, 50, 0.6);
    EXPECT_EQ(zones[ZoneKind::Line].size(), 1u);
    ASSERT_EQ(zones[ZoneKind::Text].size(), 1u);
    EXPECT_NEAR(zones[ZoneKind::Text][0].box.height, 30, 1);
}

}  // namespace
}  // namespace pleiade::reader::forms
