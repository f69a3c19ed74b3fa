#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/interval.h"
#include "services/cli/calibrate/judged.h"
#include "services/cli/calibrate/picture.h"
#include "services/cli/calibrate/reliability.h"

namespace pleiade::cli {
namespace {

std::vector<Sample> stated(double probability, int right, int wrong) {
    std::vector<Sample> samples;
    for (int i = 0; i < right; ++i) samples.push_back({probability, true});
    for (int i = 0; i < wrong; ++i) samples.push_back({probability, false});
    return samples;
}

std::vector<Sample> both(std::vector<Sample> a, const std::vector<Sample>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::string line(const std::string& pli, std::string documents) {
    std::erase(documents, '\n');
    return fmt::format(R"({{"lot":"L1","pli":"{}","documents":[{}]}})", pli, documents) + "\n";
}

TEST(Wilson, BoundsAShareThatWasNeverSeen) {
    EXPECT_NEAR(wilson(0, 100).high, 0.037, 0.001);
    EXPECT_EQ(wilson(0, 100).low, 0);
    EXPECT_NEAR(wilson(50, 100).low, 0.404, 0.001);
    EXPECT_EQ(wilson(0, 0).high, 1);
}

TEST(Judged, JoinsADocumentWithTheTrueOneByItsFirstPage) {
    const auto judged = judge_readings(line("1", R"({"type":"AAT","confidence":0.9,"decision":"auto","pages":[1,2],
                      "fields":{"nir":{"value":"189049935500115","confidence":0.8,"status":"valid"},
                                "birth_date":{"value":"1989-04-02","confidence":0.6,"status":"unchecked"}}},
                     {"type":"UNKNOWN","confidence":0.4,"decision":"keying","pages":[3]})") +
                                           line("9", R"({"type":"RIB","confidence":1,"decision":"auto","pages":[1]})"),
                                       line("1", R"({"type":"AAT","pages":[2],"fields":{"nir":{"value":"1890499355001"},
                                                        "birth_date":{"value":"1989-04-03"}}},
                     {"type":"CRA","pages":[3]})"));
    ASSERT_TRUE(judged) << judged.error().message;
    EXPECT_EQ(judged->plis, 1);
    ASSERT_EQ(judged->types.size(), 2u);
    EXPECT_TRUE(judged->types[0].sample.right);
    EXPECT_TRUE(judged->types[0].automatic);
    EXPECT_FALSE(judged->types[1].sample.right);
    EXPECT_EQ(judged->types[1].truth, "CRA");
    EXPECT_TRUE(judged->fields.at("nir").front().right);  // 13 boxes hold no key
    EXPECT_FALSE(judged->fields.at("birth_date").front().right);
}

TEST(Judged, SaysWhatIsNotOfTheSameMail) {
    const auto apart = judge_readings(line("1", ""), line("2", ""));
    ASSERT_FALSE(apart);
    EXPECT_EQ(apart.error().code, "INPUT_INVALID");
    const auto broken = judge_readings("{}\n{\n", "");
    ASSERT_FALSE(broken);
    EXPECT_NE(broken.error().message.find("line 2"), std::string::npos);
}

TEST(Reliability, OverconfidenceIsSeenAndLowered) {
    const auto samples = both(stated(0.99, 160, 40), stated(0.6, 50, 50));
    EXPECT_GT(calibration_error(reliability(samples)), 0.1);
    const auto curve = fit(samples, true);
    EXPECT_LT(curve(0.99), 0.87);
    EXPECT_GT(curve(0.99), 0.74);
    auto with = samples;
    for (auto& sample : with) sample.stated = curve(sample.stated);
    EXPECT_LT(calibration_error(reliability(with)), 0.05);
    EXPECT_NEAR(curve.stated_for(curve(0.97)), 0.97, 1e-6);
}

TEST(Reliability, SamplesWithoutAMistakeProveNoMoreThanWasStated) {
    const auto curve = fit(stated(0.9, 500, 0), true);
    EXPECT_TRUE(curve.as_stated());
}

TEST(Reliability, ShynessIsCorrectedWhereNothingHangsOnIt) {
    const auto samples = both(stated(0.6, 190, 10), stated(0.9, 99, 1));
    EXPECT_TRUE(fit(samples, true).as_stated());
    EXPECT_GT(fit(samples, false)(0.6), 0.85);
    EXPECT_TRUE(fit(both(stated(0.6, 62, 38), stated(0.9, 91, 9)), false).as_stated());  // already true
}

TEST(Threshold, IsOnlyShownBySamplesEnough) {
    const auto few = threshold_for(stated(0.99, 100, 0), 0.005);
    EXPECT_FALSE(few.shown);
    const auto many = threshold_for(both(stated(0.99, 1000, 0), stated(0.9, 80, 20)), 0.005);
    EXPECT_TRUE(many.shown);
    EXPECT_EQ(many.certainty, 0.99);
    EXPECT_EQ(many.samples, 1000);
}

TEST(Threshold, OfOneTypeRisesOnlyWhereItsMistakesSpeakAgainstIt) {
    EXPECT_EQ(threshold_against(both(stated(0.999, 30, 0), stated(0.98, 30, 0)), 0.005, 0.97).certainty, 0.98);
    EXPECT_EQ(threshold_against(both(stated(0.999, 30, 0), stated(0.98, 20, 10)), 0.005, 0.97).certainty, 0.999);
}

TEST(Picture, DrawsALineForEachKindOfStatement) {
    const auto samples = both(stated(0.99, 99, 1), stated(0.6, 6, 4));
    const auto svg = draw_certainty({{"types", samples}, {"nir", samples}}, samples, "one & all");
    EXPECT_NE(svg.find("types (110)"), std::string::npos);
    EXPECT_NE(svg.find("nir (110)"), std::string::npos);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace pleiade::cli
