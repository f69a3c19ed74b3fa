#include "common/domain/beneficiaries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/domain/affiliation.h"
#include "tests/support/few_people.h"

namespace pleiade {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Names, ResembleButForALetterOrTwoMisread) {
    EXPECT_TRUE(names_resemble("François", "FRANCOIS"));
    EXPECT_TRUE(names_resemble("D'Hauteclaire", "d hauteclaire"));
    EXPECT_TRUE(names_resemble("MAZURELIE", "mazurelle"));
    EXPECT_TRUE(names_resemble("MAZUREL", "mazurelle"));
    EXPECT_FALSE(names_resemble("Lea", "leo"));  // three letters: none may differ
    EXPECT_FALSE(names_resemble("Martin", "marin e"));
    EXPECT_FALSE(names_resemble("", "dupont"));
    EXPECT_FALSE(names_resemble("1234", "dupont"));
}

class AffiliationByRegister : public testing::Test {
  protected:
    AffiliationByRegister() {
        auto parsed = Organismes::parse(
            "regime;caisse;label_fr;departement;status;successor\n"
            "01;594;CPAM des Flandres;59;open;\n"
            "01;595;CPAM de Lille-Douai;59;open;\n"
            "01;591;CPAM Armentières;;closed;594\n",
            "organismes.csv");
        EXPECT_TRUE(parsed);
        organismes_ = std::move(*parsed);
        people_.add("2550814168025", {"mazurelle", "karine", "1955-08-17", "594"});
        people_.add("1620980006507", {"rambeaux", "urbain", "1962-09-03", "591"});
        people_.add("2840528321025", {"rambeaux", "urbaine", "1962-09-03", "595"});
    }

    AffiliationFinding find(const Fields& fields) const {
        PliContext context;
        context.caisse = "595";
        return find_affiliation(context, fields, organismes_, &people_);
    }
    static FieldValue field(std::string value, FieldStatus status = FieldStatus::Valid) {
        return {std::move(value), 0.99, status, 1, {}};
    }

    Organismes organismes_;
    test::FewPeople people_;
};

TEST_F(AffiliationByRegister, FollowsTheNumberOfTheInsured) {
    const auto found = find({{"nir", {field("255081416802538")}}});
    EXPECT_EQ(found.affiliation.caisse, "594");
    EXPECT_EQ(found.affiliation.from, "NIR");
    EXPECT_TRUE(found.certain);
    EXPECT_THAT(found.reasons, Contains(HasSubstr("fichier des bénéficiaires")));
}

TEST_F(AffiliationByRegister, ReplacesAClosedCaisseByItsSuccessor) {
    EXPECT_EQ(find({{"nir", {field("162098000650729")}}}).affiliation.caisse, "594");
}

TEST_F(AffiliationByRegister, SettlesACodeThatCouldNotBeRead) {
    const auto found = find({{"nir", {field("255081416802538")}}, {"caisse", {field("?", FieldStatus::Invalid)}}});
    EXPECT_EQ(found.affiliation.caisse, "594");
    EXPECT_TRUE(found.certain);
}

TEST_F(AffiliationByRegister, AsksAPersonWhenItContradictsAPrintedCode) {
    const auto found = find({{"nir", {field("255081416802538")}}, {"caisse", {field("595")}}});
    EXPECT_EQ(found.affiliation.caisse, "595");
    EXPECT_FALSE(found.certain);
    EXPECT_THAT(found.reasons, Contains(HasSubstr("connaît l'assuré à la caisse 594")));
}

TEST_F(AffiliationByRegister, AsksAPersonWhenANumberWasNotRead) {
    const auto found = find({{"nir", {field("255081416802539", FieldStatus::Invalid)}}});
    EXPECT_EQ(found.affiliation.caisse, "595");
    EXPECT_FALSE(found.certain);
    EXPECT_THAT(found.reasons, Contains(HasSubstr("NIR est écrit")));
}

TEST_F(AffiliationByRegister, KnowsAPersonByNamesAndBirthDate) {
    const auto unchecked = FieldStatus::Unchecked;
    const auto found = find({{"last_name", {field("MAZURELIE", unchecked)}},
                             {"first_name", {field("Karine", unchecked)}},
                             {"birth_date", {field("1955-08-17", unchecked)}}});
    EXPECT_EQ(found.affiliation.caisse, "594");
    EXPECT_EQ(found.affiliation.from, "name and birth date");
    // Two people of that name were born that day.
    EXPECT_EQ(find({{"last_name", {field("RAMBEAUX", unchecked)}},
                    {"first_name", {field("Urbain", unchecked)}},
                    {"birth_date", {field("1962-09-03", unchecked)}}})
                  .affiliation.from,
              "addressed");
}

TEST_F(AffiliationByRegister, FindsWhatBelongsTogetherAmongNamesThatWereReadTwice) {
    // An identity card: the zone made for machines was read with a letter too many.
    const auto unchecked = FieldStatus::Unchecked;
    const auto found = find({{"last_name", {field("MAZURELLE K", unchecked), field("MAZURELLE", unchecked)}},
                             {"first_name", {field("KKARINE", unchecked), field("Karine", unchecked)}},
                             {"birth_date", {field("1955-08-17", unchecked)}}});
    EXPECT_EQ(found.affiliation.caisse, "594");
    EXPECT_TRUE(found.certain);
    // Two people of the register on one document, at two caisses: nobody's affiliation is proved.
    const auto two = find({{"last_name", {field("MAZURELLE", unchecked), field("RAMBEAUX", unchecked)}},
                           {"first_name", {field("Karine", unchecked), field("Urbain", unchecked)}},
                           {"birth_date", {field("1955-08-17", unchecked), field("1962-09-03", unchecked)}}});
    EXPECT_EQ(two.affiliation.from, "addressed");
}

TEST_F(AffiliationByRegister, SaysNothingOfPeopleItDoesNotKnow) {
    const auto found = find({{"nir", {field("284052B32102579")}}});
    EXPECT_EQ(found.affiliation.caisse, "595");
    EXPECT_EQ(found.affiliation.from, "addressed");
}

TEST_F(AffiliationByRegister, IsNotAskedWhenThereIsNone) {
    PliContext context;
    context.caisse = "595";
    const test::FewPeople nobody;
    const auto found =
        find_affiliation(context, {{"nir", {field("255081416802539", FieldStatus::Invalid)}}}, organismes_, &nobody);
    EXPECT_TRUE(found.certain);
    EXPECT_EQ(found.affiliation.from, "addressed");
}

}  // namespace
}  // namespace pleiade
