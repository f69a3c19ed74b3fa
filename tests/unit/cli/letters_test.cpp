#include <gtest/gtest.h>

#include <fstream>

#include "common/base/check.h"
#include "services/cli/letters/learning.h"
#include "services/reader/letters/letter_model.h"

namespace pleiade::cli {
namespace {

Nomenclature nomenclature() {
    std::ifstream file("deploy/config/nomenclature.csv", std::ios::binary);
    auto parsed = Nomenclature::parse(std::string(std::istreambuf_iterator<char>(file), {}), "nomenclature.csv");
    PLEIADE_CHECK(parsed);
    return std::move(*parsed);
}

std::vector<Lesson> lessons() {
    std::vector<Lesson> all;
    for (const char* town : {"lille", "douai", "lens", "arras", "roubaix", "tourcoing"}) {
        const std::string from = std::string("je vous ecris de ") + town + " madame monsieur ";
        all.push_back({from + "pour obtenir la remise gracieuse de ma dette envers la caisse", "REMISE_DETTE", 1});
        all.push_back({from + "pour saisir la commission de recours amiable contre votre decision", "CRA", 2});
        all.push_back({from + "pour vous signaler ma nouvelle adresse depuis mon demenagement", "CHGT_ADRESSE", 3});
    }
    return all;
}

TEST(Learning, KnowsLettersThatItNeverSawAndThatOcrMisread) {
    const auto known = nomenclature();
    const auto csv = learn(lessons(), {.cost = 16, .rarest = 3, .seed = 1});
    const auto model = reader::letters::LetterModel::parse(csv, "letters.csv", known);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->opinion_of("monsieur j ai une dette et en demande la remise").type, "REMISE_DETTE");
    EXPECT_EQ(model->opinion_of("ma nouvelie adresso apres demenaqement").type, "CHGT_ADRESSE");
    EXPECT_EQ(model->opinion_of("la commlssion de recour amiabie").type, "CRA");
    EXPECT_EQ(csv, learn(lessons(), {.cost = 16, .rarest = 3, .seed = 1}));  // the same lessons, the same table
}

TEST(Learning, KeepsFewTerms) {
    const auto csv = learn(lessons(), {.cost = 16, .rarest = 3, .seed = 1});
    EXPECT_LT(std::count(csv.begin(), csv.end(), '\n'), 120);
    EXPECT_EQ(csv.find("lille"), std::string::npos);  // what every type has tells nothing
}

TEST(Learning, LeavesOutWhatFewPeopleWrote) {
    std::vector<Lesson> keyed;
    for (int i = 0; i < 6; ++i) {
        keyed.push_back({"madame monsieur guy", "CRA", 1, true});  // one pli: somebody's name
        keyed.push_back({"madame monsieur", "REMISE_DETTE", 2 + i, true});
    }
    const auto table = [&](int people_min) {
        return learn(keyed, {.cost = 16, .rarest = 3, .people_min = people_min, .seed = 1});
    };
    EXPECT_NE(table(1).find("guy"), std::string::npos);
    EXPECT_EQ(table(2).find("guy"), std::string::npos);
}

TEST(WithErrors, SpoilsAboutTheShareAskedFor) {
    std::mt19937 random(7);
    const std::string text(2000, 'a');
    const auto spoilt = with_errors(text, 0.2, random);
    const auto kept = std::count(spoilt.begin(), spoilt.end(), 'a');
    EXPECT_GT(kept, 1500);
    EXPECT_LT(kept, 1720);
}

}  // namespace
}  // namespace pleiade::cli
