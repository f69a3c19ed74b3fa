// A page that bears a registered form: where its zones lie, what was ticked, what was written, and what comes of it.
#include "services/reader/forms/form_page.h"
#include "services/reader/forms/laid_print.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "services/reader/digits/training/exam.h"
#include "services/reader/form_evidence.h"
#include "services/reader/page_reader.h"
#include "services/reader/typage.h"
#include "tests/unit/reader/registered_forms.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader::forms {
namespace {

int mm(double value) {
    return static_cast<int>(std::lround(value * kDpi / 25.4));
}

// A drawn form with a free band in which two boxes to tick, a comb and a line stand.
cv::Mat blank() {
    cv::Mat page = test::drawn_form(5, 1);
    page(cv::Rect(0, mm(120), page.cols, mm(60))).setTo(255);
    for (const double x : {50.0, 80.0}) cv::rectangle(page, {mm(x), mm(130)}, {mm(x + 4), mm(134)}, cv::Scalar(0), 2);
    for (int cell = 0; cell <= 8; ++cell) {
        cv::rectangle(page, {mm(50 + cell * 6), mm(145)}, {mm(55.5 + cell * 6), mm(152)}, cv::Scalar(70), 2);
    }
    cv::line(page, {mm(50), mm(170)}, {mm(150), mm(170)}, cv::Scalar(60), 2);
    return page;
}

RegisteredForm registered_blank() {
    auto form = registered(blank(), "1");
    form.form.zones = {{"yes", ZoneKind::Tick, {50.2, 130.2, 3.6, 3.6}, {}, 0, "answer"},
                       {"no", ZoneKind::Tick, {80.2, 130.2, 3.6, 3.6}, {}, 0, "answer"},
                       {"nir", ZoneKind::Comb, {50, 145, 53.5, 7}, {50, 56, 62, 68, 74, 80, 86, 92, 98}, 5.5, ""},
                       {"last_name", ZoneKind::Line, {50, 162, 100, 8}, {}, 0, ""}};
    form.words = {{"avis", {20, 10, 12, 4}, 1, 0}, {"médical", {34, 10, 20, 4}, 1, 0}};
    return form;
}

Recogniser& one_form() {
    static Recogniser recogniser = [] {
        std::vector<RegisteredForm> forms;
        forms.push_back(registered_blank());
        return Recogniser(std::move(forms));
    }();
    return recogniser;
}

struct Placed {
    std::vector<PlacedZone> zones;
    AddedInk added;
};

Placed place(const vision::PageImage& image) {
    const auto sketch = vision::make_sketch(image);
    const auto orientation = vision::find_orientation(sketch);
    const auto match = one_form().recognise(look_at(sketch, orientation.rotation, orientation.skew_degrees));
    PLEIADE_CHECK(match && match->fit == Fit::Known);
    const auto upright = vision::make_upright(image, orientation, 200);
    const auto to_page = to_upright(*match, sketch.grey.size(), image.grey.size(), upright.map);
    Placed placed;
    placed.zones = place_zones(one_form().form(0).form, to_page, upright.grey.size());
    placed.added = added_to(one_form().print_of(0).all, to_page, upright.grey);
    decide_ticks(placed.zones, placed.added.ink);
    return placed;
}

test::Wear wear_of(int number) {
    test::Wear wear;
    wear.seed = static_cast<std::uint64_t>(number);
    wear.tilt_degrees = number % 2 == 0 ? 2.5 : -1;
    wear.shift_mm = {number - 3.0, 2};
    wear.photocopy = 1 + 0.01 * number;
    wear.bitonal = number % 2 == 0;
    return wear;
}

void cross(cv::Mat& page, double x) {
    cv::line(page, {mm(x + 0.6), mm(130.6)}, {mm(x + 3.4), mm(133.4)}, cv::Scalar(20), 3, cv::LINE_AA);
    cv::line(page, {mm(x + 3.4), mm(130.6)}, {mm(x + 0.6), mm(133.4)}, cv::Scalar(20), 3, cv::LINE_AA);
}

TEST(FormPage, PlacesItsZonesWhereTheyLie) {
    for (int number = 0; number < 4; ++number) {
        auto page = blank();
        cross(page, 50);
        const auto placed = place(test::worn(page, kDpi, wear_of(number)));
        ASSERT_EQ(placed.zones.size(), 4u);
        EXPECT_EQ(placed.zones[0].tick, TickState::Ticked) << number;
        EXPECT_EQ(placed.zones[1].tick, TickState::Empty) << number;
        ASSERT_EQ(placed.zones[2].cells.size(), 9u);
        const double scale = 1 + 0.01 * number;
        EXPECT_NEAR(placed.zones[2].cells[0].width, 5.5 * scale * 200 / 25.4, 4);
        EXPECT_GT(placed.zones[2].cells[8].x, placed.zones[2].cells[7].x);
    }
}

TEST(FormPage, DoubtsBoxesThatWereBlackenedCrossedOutOrTouched) {
    const auto state_after = [](auto draw) {
        auto page = blank();
        draw(page);
        return place(test::worn(page, kDpi, wear_of(2))).zones;
    };
    EXPECT_EQ(state_after([](cv::Mat&) {})[0].tick, TickState::Empty);
    EXPECT_EQ(state_after([](cv::Mat& page) {
                  cv::rectangle(page, {mm(50), mm(130)}, {mm(54), mm(134)}, cv::Scalar(0), cv::FILLED);
              })[0]
                  .tick,
              TickState::Doubtful);
    EXPECT_EQ(state_after([](cv::Mat& page) {
                  cross(page, 50);
                  cv::line(page, {mm(40), mm(132)}, {mm(66), mm(131)}, cv::Scalar(20), 4, cv::LINE_AA);
              })[0]
                  .tick,
              TickState::Doubtful);
    EXPECT_EQ(state_after([](cv::Mat& page) {
                  cv::circle(page, {mm(52), mm(132)}, 4, cv::Scalar(0), cv::FILLED);
              })[0]
                  .tick,
              TickState::Doubtful);
    const auto both = state_after([](cv::Mat& page) {
        cross(page, 50);
        cross(page, 80);
    });
    EXPECT_EQ(both[0].tick, TickState::Doubtful);
    EXPECT_EQ(both[1].tick, TickState::Doubtful);
}

TEST(FormPage, FindsWhatWasWrittenAndNothingElse) {
    for (int number = 0; number < 4; ++number) {
        const auto empty = place(test::worn(blank(), kDpi, wear_of(number)));
        EXPECT_TRUE(written_lines(empty.added.ink, empty.zones).empty()) << number;
        auto page = blank();
        cv::putText(page, "DUPONT MARTINE", {mm(55), mm(169)}, cv::FONT_HERSHEY_SIMPLEX, 0.9, cv::Scalar(20), 2,
                    cv::LINE_AA);
        cv::putText(page, "2", {mm(51), mm(151)}, cv::FONT_HERSHEY_SIMPLEX, 1, cv::Scalar(20), 2, cv::LINE_AA);
        const auto written = place(test::worn(page, kDpi, wear_of(number)));
        const auto lines = written_lines(written.added.ink, written.zones);
        ASSERT_EQ(lines.size(), 1u) << number;
        const auto& zone = written.zones[3].box;
        EXPECT_GE(lines[0].x, zone.x);
        EXPECT_LE(lines[0].x + lines[0].width, zone.x + zone.width);
    }
}

// Counts what it is asked for.
class CountingEngine final : public OcrEngine {
  public:
    Result<std::vector<OcrLine>> read(const cv::Mat& image, double, OcrLayout layout,
                                      const std::function<bool()>&) override {
        asked.emplace_back(layout, image.size());
        OcrLine line;
        line.box = {2, 2, image.cols - 4, image.rows - 4};
        line.words.push_back({layout == OcrLayout::Figures ? "2" : "dupont", 0.9, line.box});
        return std::vector<OcrLine>{line};
    }
    std::vector<std::pair<OcrLayout, cv::Size>> asked;
};

digits::DigitModel& digit_model() {
    static const auto opened = digits::DigitModel::open("deploy/models/digits.model");
    PLEIADE_CHECK(opened);
    return **opened;
}

TEST(FormPage, ReadsOnlyWhatWasWrittenOnARegisteredForm) {
    auto page = blank();
    cv::putText(page, "DUPONT MARTINE", {mm(55), mm(169)}, cv::FONT_HERSHEY_SIMPLEX, 0.9, cv::Scalar(20), 2,
                cv::LINE_AA);
    // A note beside the form is nobody's name.
    cv::putText(page, "merci", {mm(120), mm(128)}, cv::FONT_HERSHEY_SIMPLEX, 0.9, cv::Scalar(20), 2, cv::LINE_AA);
    const auto image = test::worn(page, kDpi, wear_of(1));
    CountingEngine engine;
    const auto read = read_page(image, 1, std::nullopt, {engine, digit_model(), &one_form()}, [] { return true; });
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_TRUE(read->form);
    EXPECT_EQ(read->form->type, "AAT");
    EXPECT_EQ(engine.asked.size(), 1u);
    EXPECT_EQ(engine.asked.at(0).first, OcrLayout::Line);
    ASSERT_EQ(read->text.lines.size(), 2u);
    EXPECT_EQ(read->text.lines[0].text(), "avis médical");
    EXPECT_EQ(read->text.lines[1].text(), "dupont");

    const auto documents = documents_of({*read});
    ASSERT_EQ(documents.size(), 1u);
    EXPECT_EQ(documents[0].type, "AAT");
    EXPECT_TRUE(documents[0].certain);
    ASSERT_FALSE(documents[0].reasons.empty());
    EXPECT_THAT(documents[0].reasons[0].text, testing::HasSubstr("formulaire AAT 10170*1 page 1 reconnu"));
}

// The cells drawn some pixels beside where the blank has them, as a scan does that drew its paper in unevenly; taking
// the blank's lines out leaves these lines, and takes strokes of the figures.
cv::Mat with_comb_beside(const std::string& figures, cv::Point beside, digits::Random& random) {
    auto page = blank();
    page(cv::Rect(mm(45), mm(142), mm(65), mm(13))).setTo(255);
    for (int cell = 0; cell < static_cast<int>(figures.size()); ++cell) {
        const cv::Rect box(cv::Point(mm(50 + cell * 6), mm(145)) + beside,
                           cv::Point(mm(55.5 + cell * 6), mm(152)) + beside);
        cv::rectangle(page, box, cv::Scalar(70), 2);
        const cv::Rect inner(box.x + 8, box.y + 8, box.width - 16, box.height - 16);
        cv::Mat figure, ink = page(inner);
        cv::resize(digits::write_figure(figures[static_cast<std::size_t>(cell)] - '0', random), figure, inner.size(), 0,
                   0, cv::INTER_AREA);
        cv::subtract(ink, figure, ink);
    }
    return page;
}

TEST(FormPage, ReadsACombThatTheScanDrewBesideItsPlace) {
    const std::string figures = "255081416";
    int read_right = 0, pages = 0;
    for (const cv::Point beside : {cv::Point(0, 0), cv::Point(6, 0), cv::Point(-6, 5), cv::Point(5, -6)}) {
        digits::Random random(20261123);
        CountingEngine engine;
        const auto image = test::worn(with_comb_beside(figures, beside, random), kDpi, wear_of(1));
        const auto read = read_page(image, 1, std::nullopt, {engine, digit_model(), &one_form()}, [] { return true; });
        ASSERT_TRUE(read && read->form);
        ++pages;
        for (const auto& line : read->text.lines) {
            std::string said;
            for (const auto& word : line.words) said += word.text;
            read_right += said == figures ? 1 : 0;
        }
    }
    EXPECT_EQ(read_right, pages);
}

TEST(FormPage, IsReadTheOrdinaryWayWhenItIsNoRegisteredForm) {
    CountingEngine engine;
    const auto image = test::worn(test::filled_in(test::drawn_form(30, 1), kDpi, 1), kDpi, {});
    const auto read = read_page(image, 1, std::nullopt, {engine, digit_model(), &one_form()}, [] { return true; });
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->form);
    EXPECT_TRUE(std::any_of(engine.asked.begin(), engine.asked.end(), [](const auto& asked) {
        return asked.first == OcrLayout::Line && asked.second.width > 600;
    }));
    EXPECT_GT(engine.asked.size(), 10u);
}

TEST(FormEvidence, OutranksANumberThatTheNomenclatureDoesNotHave) {
    PageEvidence evidence;
    evidence.page = 1;
    Hit unlisted;
    unlisted.type = std::string(kUnknownType);
    unlisted.key = "unlisted";
    unlisted.weight = 10;
    unlisted.kind = EvidenceKind::Cerfa;
    evidence.hits.push_back(unlisted);
    FormPage form;
    form.id = "aat";
    form.type = "AAT";
    form.title = "AAT 10170*07 page 1";
    form.fit = Fit::OtherVersion;
    form.score = 0.98;
    form.rank = 1;
    form.ranks = 3;
    form.volet = 2;
    add_form_evidence(form, shipped_tables().settings, evidence);
    EXPECT_EQ(evidence.hits.size(), 1u) << "what fits in part is no evidence";
    form.fit = Fit::Known;
    add_form_evidence(form, shipped_tables().settings, evidence);
    const auto verdict = judge(evidence.hits, shipped_tables().settings);
    EXPECT_EQ(verdict.type, "AAT");
    EXPECT_TRUE(verdict.certain);
    EXPECT_EQ(evidence.volet, 2);
    ASSERT_EQ(verdict.grounds.size(), 1u);
    EXPECT_EQ(verdict.grounds[0].reason, "formulaire AAT 10170*07 page 1 reconnu (0,98)");

    form.rank = 0;
    PageEvidence notice;
    add_form_evidence(form, shipped_tables().settings, notice);
    EXPECT_EQ(notice.notice_of, "AAT");
}

// The print falls where OpenCV's own map puts it, but for the pixel that rounding may take.
TEST(LaidPrint, FallsWhereTheMapPutsIt) {
    cv::Mat print(600, 420, CV_8UC1, cv::Scalar(0));
    cv::putText(print, "L'ASSURE(E)", {30, 80}, cv::FONT_HERSHEY_DUPLEX, 1.2, cv::Scalar(255), 2);
    cv::rectangle(print, {20, 200}, {400, 560}, cv::Scalar(255), 1);
    print.at<std::uint8_t>(599, 419) = 1;
    const cv::Matx33d aside(1.01, 0.02, 7.3, -0.02, 0.99, -4.6, 2e-6, -1e-6, 1);
    const cv::Matx33d off(1, 0, 5000, 0, 1, 0, 0, 0, 1), nowhere(0, 0, 0, 0, 0, 0, 0, 0, 0);
    for (const auto& map : {cv::Matx33d::eye(), aside}) {
        const auto laid = laid_print(print, map, {440, 610});
        cv::Mat expected, near_laid, near_expected;
        cv::warpPerspective(print, expected, map, {440, 610}, cv::INTER_NEAREST);
        const auto around = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
        cv::dilate(laid, near_laid, around);
        cv::dilate(expected, near_expected, around);
        EXPECT_EQ(cv::countNonZero((laid != 0) & (near_expected == 0)), 0);
        EXPECT_EQ(cv::countNonZero((expected != 0) & (near_laid == 0)), 0);
    }
    EXPECT_EQ(cv::countNonZero(laid_print(print, off, {440, 610})), 0);
    EXPECT_EQ(cv::countNonZero(laid_print(print, nowhere, {440, 610})), 0);
}

}  // namespace
}  // namespace pleiade::reader::forms
