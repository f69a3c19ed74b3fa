// From a reading to decisions, over the delivered tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Routing : public testing::Test {
  protected:
    Decision decide(DocumentReading document, PliContext context = post()) const {
        return router->route(context, reading({std::move(document)})).at(0);
    }
    std::vector<Decision> decide_all(std::vector<DocumentReading> documents, PliContext context = post()) const {
        return router->route(context, reading(std::move(documents)));
    }
    const std::unique_ptr<Router> router = delivered_router();
};

TEST_F(Routing, SendsEveryTypeOfTheNomenclatureToItsServiceWithItsPriority) {
    for (const auto& type : router->nomenclature().types()) {
        if (!type.parts.empty()) continue;  // RoutingVolets
        const auto decision = decide(master(1, type.code, {1, 2}), post("131"));
        EXPECT_EQ(decision.kind, DecisionKind::Auto) << type.code;
        EXPECT_EQ(shares(decision), "131 " + type.service + " [1,2]") << type.code;
        EXPECT_EQ(decision.route->rule, "nomenclature " + type.code);
        EXPECT_EQ(decision.route->priority, type.priority) << type.code;
        EXPECT_EQ(decision.secrecy, type.code == "SECRET_MED" ? Secrecy::Medical : type.secrecy) << type.code;
        EXPECT_THAT(decision.to_key, IsEmpty()) << type.code;
    }
}

struct MutualisedCase {
    const char* type;
    const char* addressed;
    const char* received_on;
    const char* expected;
};

class RoutingMutualised : public Routing, public testing::WithParamInterface<MutualisedCase> {};

TEST_P(RoutingMutualised, FollowsTheDatedRulesAtTheirBounds) {
    const auto& c = GetParam();
    const auto decision = decide(master(1, c.type, {1}), post(c.addressed, c.received_on));
    EXPECT_EQ(shares(decision), c.expected);
    EXPECT_EQ(decision.kind, DecisionKind::Auto);
}

INSTANTIATE_TEST_SUITE_P(DeliveredRules, RoutingMutualised,
                         testing::Values(MutualisedCase{"FSP_MED", "597", "2016-12-31", "597 FSP [1]"},
                                         MutualisedCase{"FSP_MED", "597", "2017-01-01", "595 FSP [1]"},
                                         MutualisedCase{"FSP_PHARM", "599", "2026-11-20", "595 FSP [1]"},
                                         MutualisedCase{"FSP_MED", "594", "2017-12-31", "594 FSP [1]"},
                                         MutualisedCase{"FSP_MED", "594", "2018-01-01", "191 FSP [1]"},
                                         MutualisedCase{"FSP_MED", "594", "2019-02-28", "191 FSP [1]"},
                                         MutualisedCase{"FSP_MED", "594", "2019-03-01", "595 FSP [1]"},
                                         MutualisedCase{"FSP_DENT", "624", "2022-05-31", "624 FSP [1]"},
                                         MutualisedCase{"FSP_DENT", "624", "2022-06-01", "595 FSP [1]"},
                                         MutualisedCase{"INVALIDITE", "597", "2026-11-20", "595 INVAL [1]"},
                                         MutualisedCase{"INV_VEUF", "624", "2026-11-20", "595 INVAL [1]"},
                                         MutualisedCase{"RESS_INV", "624", "2018-12-31", "624 INVAL [1]"},
                                         MutualisedCase{"FACT_ETAB", "597", "2026-11-20", "595 ETAB [1]"},
                                         MutualisedCase{"RENTE_AT", "595", "2026-11-20", "594 RENTE [1]"},
                                         MutualisedCase{"SOINS_ETR", "595", "2026-11-20", "601 RI [1]"},
                                         MutualisedCase{"AME", "595", "2019-11-17", "595 AME [1]"},
                                         MutualisedCase{"AME", "595", "2019-11-18", "931 AME [1]"},
                                         MutualisedCase{"AME", "594", "2026-11-20", "594 AME [1]"},
                                         // closed caisses: the successor's rules
                                         MutualisedCase{"FSP_MED", "598", "2026-11-20", "595 FSP [1]"},
                                         MutualisedCase{"FSP_MED", "621", "2022-05-31", "624 FSP [1]"},
                                         MutualisedCase{"AME", "593", "2026-11-20", "931 AME [1]"},
                                         MutualisedCase{"C2S", "593", "2026-11-20", "595 C2S [1]"}));

TEST_F(Routing, TellsTheOperatorWhichRuleAndWhichSuccession) {
    const auto decision = decide(master(1, "FSP_MED", {1}), post("598"));
    EXPECT_EQ(decision.affiliation.caisse, "597");
    EXPECT_EQ(decision.affiliation.from, "addressed");
    EXPECT_EQ(decision.route->rule, "routing FSP_* 597 -> 595 FSP");
    EXPECT_THAT(decision.reasons,
                ElementsAre("Caisse 598 (adresse du pli) fermée, reprise par 597 (CPAM de Roubaix-Tourcoing)",
                            "Traité par 595 (CPAM de Lille-Douai), service FSP (Frais de santé - feuilles de soins), "
                            "règle en vigueur depuis le 01/01/2017"));
}

TEST_F(Routing, AffiliatesByTheCodePrintedOnTheDocument) {
    auto document = master(1, "FSP_MED", {1});
    document.fields["caisse"] = {valid("624")};
    const auto decision = decide(document, post("131"));
    EXPECT_EQ(decision.affiliation.caisse, "624");
    EXPECT_EQ(decision.affiliation.from, "organisme code");
    EXPECT_EQ(shares(decision), "595 FSP [1]");
    EXPECT_EQ(decision.kind, DecisionKind::Auto);
}

TEST_F(Routing, AsksAPersonWhenTheCaisseIsUnknown) {
    const auto decision = decide(master(1, "C2S", {1}), post("999"));
    EXPECT_EQ(decision.kind, DecisionKind::Keying);
    EXPECT_EQ(shares(decision), "999 C2S [1]");
    EXPECT_THAT(decision.reasons, Contains("À vérifier : caisse d'affiliation incertaine"));
}

TEST_F(Routing, AsksAPersonWhenTheReaderIsNotCertainAndKeepsTheRouteAsAProposal) {
    auto document = master(1, "C2S", {1});
    document.certain = false;
    const auto decision = decide(document);
    EXPECT_EQ(decision.kind, DecisionKind::Keying);
    EXPECT_EQ(shares(decision), "595 C2S [1]");
    EXPECT_THAT(decision.reasons, Contains("À vérifier : type ou découpe des pages incertains"));
}

TEST_F(Routing, GivesNoRouteToAnUnknownTypeHoweverCertain) {
    for (const char* type : {"UNKNOWN", "A_TYPE_OF_TOMORROW", ""}) {
        const auto decision = decide(master(1, type, {1}));
        EXPECT_EQ(decision.kind, DecisionKind::Keying) << type;
        EXPECT_FALSE(decision.route.has_value()) << type;
        EXPECT_EQ(decision.secrecy, Secrecy::Medical) << type;
        EXPECT_THAT(decision.to_key, IsEmpty()) << type;
        EXPECT_EQ(decision.affiliation.caisse, "595");
    }
}

TEST_F(Routing, ListsTheRequiredFieldsThatAreNotValidWithoutChangingTheDecision) {
    auto document = with_volets(master(1, "AAT", {1}), {{1, 2}});
    document.fields["period_to"] = {{"2026-11-30", 0.4, FieldStatus::Unchecked, 1, {}}};
    document.fields.erase("nir");
    const auto decision = decide(document);
    EXPECT_THAT(decision.to_key, ElementsAre("nir", "period_to"));
    EXPECT_EQ(decision.kind, DecisionKind::Auto);
    EXPECT_EQ(decision.keyed_by, "platform");
    EXPECT_TRUE(decision.keyed_before_queue);
    EXPECT_THAT(decision.reasons,
                Contains("À coder : NIR de l'assuré, fin de la période (par la plateforme, avant la file)"));
    // One valid value among several is enough.
    document.fields["nir"] = {{"255081416802530", 0.5, FieldStatus::Invalid, 1, {}}, valid("255081416802538")};
    EXPECT_THAT(decide(document).to_key, ElementsAre("period_to"));
}

TEST_F(Routing, AsksForNoFieldOfAnAttachmentThatItsMasterHolds) {
    auto pay_slip = attachment(2, "BULL_SAL", {2}, 1);
    pay_slip.fields.erase("nir");
    auto account = attachment(3, "RIB", {3}, 1);
    account.fields.erase("iban");
    auto leave = with_volets(master(1, "AAT", {1}), {{1, 2}});
    leave.fields.erase("iban");
    const auto decisions = decide_all({leave, pay_slip, account});
    EXPECT_THAT(decisions[1].to_key, IsEmpty());
    EXPECT_THAT(decisions[2].to_key, ElementsAre("iban"));
    leave.fields["nir"] = {{"255081416802530", 0.5, FieldStatus::Invalid, 1, {}}};
    EXPECT_THAT(decide_all({leave, pay_slip}).at(1).to_key, ElementsAre("nir"));
}

TEST_F(Routing, LetsACaisseKeepItsKeyingAtHome) {
    const auto decision = decide(master(1, "C2S", {1}), post("741"));
    EXPECT_EQ(decision.keyed_by, "service");
    EXPECT_TRUE(decision.keyed_before_queue);
}

TEST_F(Routing, GivesAnAttachmentItsMastersRouteAndDecision) {
    auto first = master(1, "C2S", {1, 2});
    const auto decisions = decide_all(
        {first, attachment(2, "AVIS_IMPOT", {3, 4}, 1), master(3, "FSP_MED", {5}), attachment(4, "ORDONNANCE", {6}, 3)},
        post("597"));
    EXPECT_EQ(shares(decisions[0]), "597 C2S [1,2]");
    EXPECT_EQ(shares(decisions[1]), "597 C2S [3,4]");
    EXPECT_EQ(shares(decisions[2]), "595 FSP [5]");
    EXPECT_EQ(shares(decisions[3]), "595 FSP [6]");
    EXPECT_EQ(decisions[1].route->rule, decisions[0].route->rule);
    EXPECT_EQ(decisions[1].route->due, decisions[0].route->due);
    EXPECT_EQ(decisions[1].route->legal_due, decisions[0].route->legal_due);
    EXPECT_EQ(decisions[1].kind, DecisionKind::Auto);
    EXPECT_THAT(decisions[1].reasons, Contains("Pièce jointe du document 1 : suit sa route"));

    first.certain = false;
    const auto doubtful = decide_all({first, attachment(2, "AVIS_IMPOT", {3}, 1)});
    EXPECT_EQ(doubtful[1].kind, DecisionKind::Keying);
    EXPECT_EQ(shares(doubtful[1]), "595 C2S [3]");
}

TEST_F(Routing, AsksAPersonAboutADoubtfulAttachmentAndLeavesItsMasterAlone) {
    auto tax = attachment(2, "AVIS_IMPOT", {2}, 1);
    tax.certain = false;
    const auto decisions = decide_all({master(1, "C2S", {1}), tax, attachment(3, "UNKNOWN", {3}, 1)});
    EXPECT_EQ(decisions[0].kind, DecisionKind::Auto);
    EXPECT_EQ(decisions[1].kind, DecisionKind::Keying);
    EXPECT_EQ(decisions[2].kind, DecisionKind::Keying);
    EXPECT_FALSE(decisions[2].route.has_value());
    EXPECT_EQ(decisions[2].secrecy, Secrecy::Medical);
}

TEST_F(Routing, GivesAnAttachmentOfAnUnknownMasterNoRoute) {
    const auto decisions = decide_all({master(1, "UNKNOWN", {1}), attachment(2, "RIB", {2}, 1)});
    EXPECT_EQ(decisions[1].kind, DecisionKind::Keying);
    EXPECT_FALSE(decisions[1].route.has_value());
    EXPECT_EQ(decisions[1].secrecy, Secrecy::Medical);
}

TEST_F(Routing, DecidesAnAttachmentAloneByItsOwnRowWhateverItsRole) {
    EXPECT_EQ(shares(decide(master(1, "ORDONNANCE", {1}))), "595 FSP [1]");
    EXPECT_EQ(shares(decide(master(1, "RIB", {1}))), "595 GDB [1]");
    // The reading names a master that is not there, or that is an attachment itself.
    auto lost = attachment(1, "RIB", {1}, 9);
    EXPECT_EQ(decide(lost).kind, DecisionKind::Keying);
    EXPECT_EQ(shares(decide(lost)), "595 GDB [1]");
    const auto circle = decide_all({attachment(1, "RIB", {1}, 2), attachment(2, "IDENTITE", {2}, 1)});
    EXPECT_EQ(circle[0].kind, DecisionKind::Keying);
    EXPECT_EQ(circle[1].kind, DecisionKind::Keying);
    lost.attached_to.reset();
    EXPECT_THAT(decide(lost).reasons, Contains("À vérifier : pièce jointe sans document maître"));
}

TEST_F(Routing, AsksAPersonWhenTheDayOfReceiptCannotBeRead) {
    const auto decision = decide(master(1, "FSP_MED", {1}), post("597", "20/11/2026"));
    EXPECT_EQ(decision.kind, DecisionKind::Keying);
    EXPECT_EQ(decision.route->due, "");
    EXPECT_FALSE(decision.route->legal_due.has_value());
    EXPECT_THAT(decision.reasons, Contains(HasSubstr("date de réception illisible")));
}

TEST_F(Routing, DecidesNothingForAPliOfBlankPages) {
    EXPECT_THAT(decide_all({}), IsEmpty());
}

}  // namespace
}  // namespace pleiade::router
