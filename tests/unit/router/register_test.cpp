// What a register of beneficiaries, and a doubtful neighbour in the pli, change in a decision.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/few_people.h"
#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::Contains;
using testing::HasSubstr;

class RoutingWithRegister : public testing::Test {
  protected:
    RoutingWithRegister() {
        auto people = std::make_shared<test::FewPeople>();
        people->add("2550814168025", {"mazurelle", "karine", "1955-08-17", "624"});
        router = std::move(*Router::open(delivered_config(), people));
    }
    static DocumentReading form_without_number() {
        auto document = master(1, "FSP_MED", {1});
        for (const char* field : {"nir", "caisse", "last_name", "first_name", "birth_date"})
            document.fields.erase(field);
        return document;
    }
    std::unique_ptr<Router> router;
};

TEST_F(RoutingWithRegister, SendsADocumentToTheCaisseOfItsInsured) {
    auto document = master(1, "RIB", {1});
    document.fields.erase("caisse");
    const auto decision = router->route(post("595"), reading({document})).at(0);
    EXPECT_EQ(decision.kind, DecisionKind::Auto);
    EXPECT_EQ(decision.affiliation.caisse, "624");
    EXPECT_EQ(decision.affiliation.from, "NIR");
}

TEST_F(RoutingWithRegister, AsksWhoItIsWhenATypeThatBearsANumberShowsNone) {
    const auto decision = router->route(post("595"), reading({form_without_number()})).at(0);
    EXPECT_EQ(decision.kind, DecisionKind::Keying);
    EXPECT_THAT(decision.reasons, Contains(HasSubstr("Assuré non identifié")));
    // Without a register nobody could be found anyway.
    const auto without = delivered_router()->route(post("595"), reading({form_without_number()})).at(0);
    EXPECT_EQ(without.kind, DecisionKind::Auto);
}

TEST_F(RoutingWithRegister, AsksWhoseABillIsUnlessWhoIsInsuredOrWhoSendsItIsKnown) {
    auto bill = master(1, "FACT_PS", {1});
    bill.fields.clear();
    const auto kind = [&] { return router->route(post("595"), reading({bill})).at(0).kind; };
    EXPECT_EQ(kind(), DecisionKind::Keying);
    bill.fields["finess"] = {{"590780193", 0.9, FieldStatus::Unchecked, 1, {}}};
    EXPECT_EQ(kind(), DecisionKind::Keying);
    bill.fields["finess"] = {valid("590780193")};
    EXPECT_EQ(kind(), DecisionKind::Auto);
    bill.fields = {{"nir", {valid("2550814168025")}}};
    EXPECT_EQ(kind(), DecisionKind::Auto);
}

TEST_F(RoutingWithRegister, AsksWhoseAnIdentityCardOrACourtsRequestIsWhereTheRegisterKnowsNobodyOnIt) {
    for (const char* type : {"IDENTITE", "ETAT_CIVIL", "REQUISITION", "RGPD"}) {
        auto document = master(1, type, {1});
        document.fields.clear();
        EXPECT_EQ(router->route(post("595"), reading({document})).at(0).kind, DecisionKind::Keying) << type;
        const auto read = [](const char* value) { return FieldValue{value, 0.5, FieldStatus::Unchecked, 1, {}}; };
        document.fields = {
            {"last_name", {read("MAZURELLE")}}, {"first_name", {read("Karine")}}, {"birth_date", {read("1955-08-17")}}};
        const auto known = router->route(post("595"), reading({document})).at(0);
        EXPECT_EQ(known.kind, DecisionKind::Auto) << type;
        EXPECT_EQ(known.affiliation.caisse, "624") << type;
    }
}

TEST_F(RoutingWithRegister, AsksWhoseMedicalLetterItIsThoughItsTypeRequiresNoNumber) {
    for (const char* type : {"SECRET_MED", "RIB"}) {
        auto document = master(1, type, {1});
        document.fields.clear();
        const auto decision = router->route(post("595"), reading({document})).at(0);
        const bool asked = std::ranges::any_of(decision.reasons, [](const std::string& reason) {
            return reason.find("Assuré non identifié") != std::string::npos;
        });
        EXPECT_EQ(asked, std::string(type) == "SECRET_MED") << type;
    }
}

TEST_F(RoutingWithRegister, AsksNothingOnceAPersonHasSettledTheAffiliation) {
    auto document = form_without_number();
    document.settled = {"affiliation"};
    EXPECT_EQ(router->route(post("595"), reading({document})).at(0).kind, DecisionKind::Auto);
}

TEST(RoutingOfPieces, WaitsForADoubtfulNeighbourThatMayBeTheirMaster) {
    const auto router = delivered_router();
    auto doubtful = master(1, "FSP_MED", {1});
    doubtful.certain = false;
    const auto piece = master(2, "ORDONNANCE", {2});
    const auto decisions = router->route(post(), reading({doubtful, piece}));
    EXPECT_EQ(decisions.at(1).kind, DecisionKind::Keying);
    EXPECT_THAT(decisions.at(1).reasons, Contains(HasSubstr("pièce sans document maître")));
    const auto certain = router->route(post(), reading({master(1, "FSP_MED", {1}), piece}));
    EXPECT_EQ(certain.at(1).kind, DecisionKind::Auto);
}

TEST(RoutingOfPieces, OfWhichThereAreManyLookForTheirList) {
    const auto router = delivered_router();
    const std::vector<DocumentReading> two = {master(1, "ORDONNANCE", {1}), master(2, "ORDONNANCE", {2})};
    EXPECT_EQ(router->route(post(), reading(two)).at(0).kind, DecisionKind::Auto);
    auto three = two;
    three.push_back(master(3, "ORDONNANCE", {3}));
    for (const auto& decision : router->route(post(), reading(three))) {
        EXPECT_EQ(decision.kind, DecisionKind::Keying);
        EXPECT_THAT(decision.reasons, Contains(HasSubstr("bordereau")));
    }
    for (auto& piece : three) piece.settled = {"type", "pages"};
    EXPECT_EQ(router->route(post(), reading(three)).at(0).kind, DecisionKind::Auto);
    three.front() = master(1, "PJ_FSE", {1});
    three.front().settled = {"type", "pages"};
    EXPECT_EQ(router->route(post(), reading(three)).at(1).kind, DecisionKind::Auto);
}

}  // namespace
}  // namespace pleiade::router
