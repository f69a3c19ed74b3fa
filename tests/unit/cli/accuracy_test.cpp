// The judge of reading: what it calls right, wrong, lost and misrouted.
#include "services/cli/bench/accuracy.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pleiade::cli {
namespace {

boost::json::object pli(const std::string& pages, const std::string& documents) {
    return boost::json::parse(R"({"lot":"L1","pli":"1","pages":[)" + pages + R"(],"documents":[)" + documents + "]}")
        .as_object();
}

const std::string kPages = R"({"page":1,"kind":"document","rotation":0},{"page":2,"kind":"document","rotation":0},
    {"page":3,"kind":"blank","rotation":0})";

std::string document(const std::string& type, const std::string& service, const std::string& fields,
                     const std::string& rest = R"("pages":[1,2])") {
    return R"({"id":1,"role":"master","decision":"auto","to_key":[],"type":")" + type + R"(","fields":{)" + fields +
           R"(},"route":{"processed_by":"CPAM","service":")" + service + R"(","priority":"P2","pages":[1,2]},)" + rest +
           "}";
}

const std::string kDrawn = R"("nir":{"value":"189049935500115","hand":false,"boxed":false})";
const std::string kRead = R"("nir":{"value":"189049935500115","status":"valid"})";

const auto kTruth = pli(kPages, document("AAT", "IJ", kDrawn));

Accuracy judged(const boost::json::object& read, const boost::json::object& truth = kTruth) {
    Accuracy accuracy;
    accuracy.add(truth, &read);
    return accuracy;
}

bool holds(const Accuracy& accuracy, const std::string& name) {
    const auto figures = figures_of(accuracy, false);
    const auto found =
        std::find_if(figures.begin(), figures.end(), [&](const Figure& one) { return one.name == name; });
    EXPECT_NE(found, figures.end()) << name;
    return found != figures.end() && found->holds;
}

TEST(Accuracy, HoldsAllFiguresWhereAllIsRight) {
    const auto accuracy = judged(pli(kPages, document("AAT", "IJ", kRead)));
    for (const auto& figure : figures_of(accuracy, false)) {
        if (figure.name != "NIR by hand in boxes, read")
            EXPECT_TRUE(figure.holds) << figure.name << ": " << figure.value;
    }
    EXPECT_FALSE(holds(accuracy, "NIR by hand in boxes, read")) << "none was drawn: nothing is shown";
    EXPECT_EQ(accuracy.macro_f1(), 1);
}

TEST(Accuracy, AWrongTypeAndItsWrongQueueAreTwoMistakes) {
    const auto accuracy = judged(pli(kPages, document("FSP", "PREST", kRead)));
    EXPECT_EQ(accuracy.masters_typed_right, 0);
    EXPECT_EQ(accuracy.confusions.at({"AAT", "FSP"}), 1);
    EXPECT_EQ(accuracy.auto_misrouted, 1);
    EXPECT_FALSE(holds(accuracy, "masters typed right"));
    EXPECT_FALSE(holds(accuracy, "auto documents in a wrong queue"));
}

TEST(Accuracy, OneMisroutedInTwoHundredIsWithinTheFigureAndTwoAreNot) {
    Accuracy accuracy;
    accuracy.documents_auto = 200;
    accuracy.auto_misrouted = 1;
    EXPECT_TRUE(holds(accuracy, "auto documents in a wrong queue"));
    accuracy.auto_misrouted = 2;
    EXPECT_FALSE(holds(accuracy, "auto documents in a wrong queue"));
}

TEST(Accuracy, AValidNumberOfSomebodyElseIsTheWorstMistake) {
    const auto accuracy =
        judged(pli(kPages, document("AAT", "IJ", R"("nir":{"value":"255081416802538","status":"valid"})")));
    EXPECT_EQ(accuracy.wrong_valid(), 1);
    EXPECT_EQ(accuracy.nir_printed, std::pair(1, 0));
    EXPECT_EQ(accuracy.wrong_fields, std::vector<std::string>{"L1/1 document 1 (AAT): nir"}) << "its place, no value";
}

TEST(Accuracy, APageInNoDocumentIsLostAndOneInTwoIsTwice) {
    const auto lost = judged(pli(kPages, document("AAT", "IJ", kRead, R"("pages":[1])")));
    EXPECT_EQ(lost.pages_lost, 1);
    EXPECT_EQ(lost.documents_with_right_pages, 0);
    const auto twice =
        judged(pli(kPages, document("AAT", "IJ", kRead) + "," + document("ORD", "IJ", "", R"("pages":[2])")));
    EXPECT_EQ(twice.pages_twice, 1);
    EXPECT_FALSE(holds(twice, "pages in two documents"));
}

TEST(Accuracy, APliThatIsAbsentLosesItsPages) {
    Accuracy accuracy;
    accuracy.add(kTruth, nullptr);
    EXPECT_EQ(accuracy.plis_absent, 1);
    EXPECT_EQ(accuracy.pages_lost, 3);
    EXPECT_EQ(accuracy.masters_auto, 0);
}

}  // namespace
}  // namespace pleiade::cli
