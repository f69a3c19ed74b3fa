#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "common/base/check.h"
#include "services/cli/letters/judging.h"
#include "services/reader/letters/letter_model.h"

namespace pleiade::cli {
namespace {

Nomenclature nomenclature() {
    std::ifstream file("deploy/config/nomenclature.csv", std::ios::binary);
    auto parsed = Nomenclature::parse(std::string(std::istreambuf_iterator<char>(file), {}), "nomenclature.csv");
    PLEIADE_CHECK(parsed);
    return std::move(*parsed);
}

constexpr Learning kFewLetters{.cost = 16, .rarest = 3, .wordings_min = 1};

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
    const auto csv = learn(lessons(), kFewLetters);
    const auto model = reader::letters::LetterModel::parse(csv, "letters.csv", known);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->opinion_of("monsieur j ai une dette et en demande la remise").type, "REMISE_DETTE");
    EXPECT_EQ(model->opinion_of("ma nouvelie adresso apres demenaqement").type, "CHGT_ADRESSE");
    EXPECT_EQ(model->opinion_of("la commlssion de recour amiabie").type, "CRA");
    EXPECT_EQ(csv, learn(lessons(), kFewLetters));  // the same lessons, the same table
}

// How heavy the terms of a table are, the heaviest first.
std::vector<double> weights_of(const std::string& csv) {
    std::vector<double> weights;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        if (line.front() == '#' || line.front() == '*' || line.starts_with("term;")) continue;
        weights.push_back(std::abs(std::stod(line.substr(line.rfind(';') + 1))));
    }
    std::sort(weights.begin(), weights.end(), std::greater<>());
    return weights;
}

TEST(Learning, KeepsTheTermsThatTellMost) {
    auto learning = kFewLetters;
    auto all = weights_of(learn(lessons(), learning));
    ASSERT_GT(all.size(), 100u);
    learning.rows_max = 60;
    const auto kept = weights_of(learn(lessons(), learning));
    EXPECT_LE(kept.size(), 60u);
    EXPECT_GT(kept.size(), 50u);
    all.resize(kept.size());
    EXPECT_EQ(kept, all);
}

TEST(Learning, TakesNoTermThatOneWordingAloneHas) {
    std::vector<Lesson> copies;
    for (int lot = 1; lot <= 9; ++lot) {
        copies.push_back({"ma dette et mon violoncelle", "REMISE_DETTE", lot, false, "a"});
        copies.push_back({"une dette dont je demande remise", "REMISE_DETTE", lot, false, "b"});
        copies.push_back({"votre commission de recours", "CRA", lot, false, "c"});
    }
    auto learning = kFewLetters;
    learning.wordings_min = 2;
    const auto csv = learn(copies, learning);
    EXPECT_NE(csv.find("\ndette;"), std::string::npos);
    EXPECT_EQ(csv.find("violoncelle"), std::string::npos);
}

TEST(Learning, StatesMarginsByWhatLeadsWereWorth) {
    const auto known = nomenclature();
    auto learning = kFewLetters;
    const auto margin = [&] {
        const auto model = reader::letters::LetterModel::parse(learn(lessons(), learning), "letters.csv", known);
        PLEIADE_CHECK(model);
        return model->opinion_of("la remise de ma dette").margin;
    };
    const double plain = margin();
    learning.lead = {.slope = 2, .offset = -0.5};
    EXPECT_NEAR(margin(), 2 * plain - 0.5, 0.1);
}

TEST(Learning, LeavesOutWhatFewPeopleWrote) {
    std::vector<Lesson> keyed;
    for (int i = 0; i < 6; ++i) {
        keyed.push_back({"madame monsieur guy", "CRA", 1, true});  // one pli: somebody's name
        keyed.push_back({"madame monsieur", "REMISE_DETTE", 2 + i, true});
    }
    const auto table = [&](int people_min) {
        auto learning = kFewLetters;
        learning.people_min = people_min;
        return learn(keyed, learning);
    };
    EXPECT_NE(table(1).find("guy"), std::string::npos);
    EXPECT_EQ(table(2).find("guy"), std::string::npos);
}

std::vector<Lesson> copies_of_wordings() {
    std::vector<Lesson> all;
    int lot = 0;
    for (const char* wording : {"je demande une remise de ma dette", "effacez cette dette par une remise",
                                "la remise de cette dette me sauverait", "remise gracieuse de la dette svp",
                                "dette remise accord", "xylophone violoncelle clavecin"}) {
        for (int copy = 0; copy < 3; ++copy) all.push_back({wording, "REMISE_DETTE", ++lot, false, wording});
    }
    for (const char* wording : {"saisine commission recours", "recours devant la commission", "commission et recours",
                                "votre commission mon recours", "recours en commission"}) {
        for (int copy = 0; copy < 3; ++copy) all.push_back({wording, "CRA", ++lot, false, wording});
    }
    return all;
}

TEST(Judging, KeepsAllCopiesOfAWordingTogether) {
    auto lessons = copies_of_wordings();
    lessons.push_back({"une ordonnance", "ORDONNANCE", 7, false, ""});
    const auto parts = parts_by_wording(lessons, 5);
    ASSERT_EQ(parts.size(), lessons.size());
    std::map<std::string, std::set<int>> parts_of;
    std::set<int> of_cra;
    for (std::size_t i = 0; i + 1 < lessons.size(); ++i) {
        parts_of[lessons[i].wording].insert(parts[i]);
        if (lessons[i].type == "CRA") of_cra.insert(parts[i]);
    }
    for (const auto& [wording, found] : parts_of) EXPECT_EQ(found.size(), 1u) << wording;
    EXPECT_EQ(of_cra.size(), 5u);
    EXPECT_EQ(parts.back(), 7 % 5);
}

TEST(Judging, OwnsUpThatALetterWithoutAnyWordItLearntIsNotKnown) {
    const auto score = score_of_new_wordings(copies_of_wordings(), {}, kFewLetters, nomenclature());
    ASSERT_TRUE(score) << score.error().message;
    const auto& debt = score->types.at("REMISE_DETTE");
    EXPECT_EQ(debt.letters(), 18);
    EXPECT_EQ(debt.right, 15);  // not the three copies of the letter about music
    EXPECT_EQ(score->types.at("CRA").right, 15);
    EXPECT_EQ(score->total().letters(), 33);
    EXPECT_NE(score->to_text().find("REMISE_DETTE"), std::string::npos);
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
