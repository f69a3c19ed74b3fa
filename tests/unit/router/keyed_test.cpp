// What a person has settled is not asked again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RoutingKeyed : public testing::Test {
  protected:
    Decision decide(DocumentReading document) const {
        return router->route(post(), reading({std::move(document)})).at(0);
    }
    const std::unique_ptr<Router> router = delivered_router();
};

TEST_F(RoutingKeyed, AsksNobodyAboutATypeAndPagesThatAPersonSettled) {
    auto document = master(1, "FSP_MED", {1});
    document.certain = false;
    EXPECT_EQ(decide(document).kind, DecisionKind::Keying);
    document.settled = {"type"};
    EXPECT_EQ(decide(document).kind, DecisionKind::Keying);  // its pages are still a question
    document.settled = {"type", "pages"};
    EXPECT_EQ(decide(document).kind, DecisionKind::Auto);
}

TEST_F(RoutingKeyed, DoesNotAskForAFieldThatAPersonFoundAbsent) {
    auto document = master(1, "FSP_MED", {1});
    document.fields.erase("nir");
    EXPECT_THAT(decide(document).to_key, ElementsAre("nir"));
    document.settled = {"nir"};
    EXPECT_THAT(decide(document).to_key, IsEmpty());
}

TEST_F(RoutingKeyed, FollowsTheCaisseThatAPersonNamed) {
    auto document = master(1, "FSP_MED", {1});
    document.fields["caisse"] = {{"131", 0.4, FieldStatus::Unchecked, 1, {}}};
    EXPECT_EQ(decide(document).kind, DecisionKind::Keying);
    document.settled = {"affiliation"};
    EXPECT_EQ(decide(document).kind, DecisionKind::Auto);
    document.keyed_affiliation = "131";
    EXPECT_EQ(decide(document).affiliation.caisse, "131");
    EXPECT_EQ(decide(document).affiliation.from, "person");
    EXPECT_EQ(decide(document).route->processed_by, "131");
}

TEST_F(RoutingKeyed, KeepsAVoletThatNobodyCanTellMedicalWithoutAskingTwice) {
    auto document = master(1, "AAT", {1});
    EXPECT_EQ(decide(document).kind, DecisionKind::Keying);
    document.settled = {"volets"};
    const auto decision = decide(document);
    EXPECT_EQ(decision.kind, DecisionKind::Auto);
    EXPECT_EQ(shares(decision), "595 IJ [] + 595 ELSM [1]");
}

TEST_F(RoutingKeyed, StillAsksAboutATypeThatNobodyGave) {
    auto document = master(1, "UNKNOWN", {1});
    document.settled = {"type", "pages", "affiliation", "volets"};
    EXPECT_EQ(decide(document).kind, DecisionKind::Keying);
}

}  // namespace
}  // namespace pleiade::router
