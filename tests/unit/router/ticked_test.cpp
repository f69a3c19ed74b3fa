// Boxes that were ticked: who is told, who works on it, how soon, and when a person must look.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

DocumentReading ticked(DocumentReading document, const std::string& question, const std::string& answer) {
    document.ticks = {{question, answer, answer.empty(), 1}};
    return document;
}

Decision decide(const Router& router, std::vector<DocumentReading> documents) {
    return router.route(post(), reading(std::move(documents))).at(0);
}

TEST(RoutingTicks, TellWhoClaimsBackWhatAThirdPartyCaused) {
    const auto router = delivered_router();
    const auto yes = decide(*router, {ticked(master(1, "FSP_MED", {1}), "third_party", "yes")});
    EXPECT_EQ(shares(yes), "595 FSP [1] + 595 RCT [1]");
    EXPECT_EQ(yes.kind, DecisionKind::Auto);
    EXPECT_THAT(yes.reasons,
                Contains(HasSubstr("Case cochée : accident causé par un tiers, copie pour le service RCT")));
    const auto no = decide(*router, {ticked(master(1, "FSP_MED", {1}), "third_party", "no")});
    EXPECT_EQ(shares(no), "595 FSP [1]");
    EXPECT_EQ(no.kind, DecisionKind::Auto);
    // A box that no rule hangs on for that type.
    EXPECT_EQ(shares(decide(*router, {ticked(master(1, "C2S", {1}), "third_party", "yes")})), "595 C2S [1]");
}

TEST(RoutingTicks, NeverShowAMedicalPageToWhoIsTold) {
    const auto router = delivered_router();
    const auto notice = [&](std::vector<int> pages, std::map<int, int> volets) {
        return ticked(with_volets(master(1, "AAT", std::move(pages)), std::move(volets)), "third_party", "yes");
    };
    EXPECT_EQ(shares(decide(*router, {notice({1, 2}, {{1, 1}, {2, 2}})})), "595 IJ [2] + 595 ELSM [1] + 595 RCT [2]");
    EXPECT_EQ(shares(decide(*router, {notice({1}, {{1, 1}})})), "595 IJ [] + 595 ELSM [1] + 595 RCT []");
    EXPECT_EQ(shares(decide(*router, {notice({1}, {{1, 3}})})), "595 HORS [1]");
    const auto beside_a_secret =
        decide(*router, {ticked(master(1, "FSP_MED", {1}), "third_party", "yes"), master(2, "SECRET_MED", {2})});
    EXPECT_THAT(shares(beside_a_secret), HasSubstr("595 RCT []"));
}

TEST(RoutingTicks, RaiseThePriorityOfWhatAStatutoryDelayRunsFrom) {
    const auto router = delivered_router();
    const auto certificate = with_volets(master(1, "CM_ATMP", {1, 2}), {{1, 1}, {2, 2}});
    EXPECT_EQ(decide(*router, {ticked(certificate, "stage", "initial")}).route->priority, Priority::P0);
    EXPECT_EQ(decide(*router, {ticked(certificate, "stage", "prolongation")}).route->priority, Priority::P1);
    EXPECT_EQ(decide(*router, {certificate}).route->priority, Priority::P1);
}

TEST(RoutingTicks, AskAPersonWhatADoubtfulBoxMeans) {
    const auto router = delivered_router();
    auto document = ticked(master(1, "FSP_MED", {1}), "third_party", "");
    const auto asked = decide(*router, {document});
    EXPECT_EQ(asked.kind, DecisionKind::Keying);
    EXPECT_EQ(shares(asked), "595 FSP [1]");
    EXPECT_THAT(asked.reasons, Contains("À vérifier : case « accident causé par un tiers » douteuse"));
    // No rule hangs on it: nobody is asked.
    EXPECT_EQ(decide(*router, {ticked(master(1, "FSP_MED", {1}), "direct_payment", "")}).kind, DecisionKind::Auto);
    // Somebody looked: asked once is enough, and who would have to know is told.
    document.settled = {std::string(kSettledType), std::string(kSettledPages)};
    const auto seen = decide(*router, {document});
    EXPECT_EQ(seen.kind, DecisionKind::Auto);
    EXPECT_EQ(shares(seen), "595 FSP [1] + 595 RCT [1]");
}

TEST(RoutingTicks, SendElsewhereWhatTheTableSendsElsewhereAndNeverOnADoubt) {
    const ConfigCopy config;
    config.append("tick_rules.csv", "ATT_SAL_MAL;risk;maternity;service;MATERNITE;yes;maternité;test;\n");
    const auto router = config.open();
    ASSERT_NE(router, nullptr);
    const auto sent = decide(*router, {ticked(master(1, "ATT_SAL_MAL", {1}), "risk", "maternity")});
    EXPECT_EQ(shares(sent), "595 MATERNITE [1]");
    EXPECT_EQ(sent.route->rule, "nomenclature ATT_SAL_MAL case cochée");
    EXPECT_EQ(shares(decide(*router, {ticked(master(1, "ATT_SAL_MAL", {1}), "risk", "illness")})), "595 IJ [1]");
    auto doubtful = ticked(master(1, "ATT_SAL_MAL", {1}), "risk", "");
    doubtful.settled = {std::string(kSettledType), std::string(kSettledPages)};
    EXPECT_EQ(shares(decide(*router, {doubtful})), "595 IJ [1]");
}

TEST(RoutingTicks, RefuseARuleForAServiceThatIsNotThere) {
    const ConfigCopy config;
    config.append("tick_rules.csv", "ATT_SAL_MAL;risk;maternity;service;MATERNTE;yes;maternité;test;\n");
    EXPECT_THAT(config.problems(),
                HasSubstr("«MATERNTE» is not a service of services.csv; the nearest one is «MATERNITE»"));
}

}  // namespace
}  // namespace pleiade::router
