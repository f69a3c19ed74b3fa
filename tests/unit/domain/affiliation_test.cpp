#include "common/domain/affiliation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pleiade {
namespace {

using testing::Contains;
using testing::HasSubstr;

Organismes organismes() {
    auto parsed = Organismes::parse(
        "regime;caisse;label_fr;departement;status;successor\n"
        "01;594;CPAM des Flandres;59;open;\n"
        "01;595;CPAM de Lille-Douai;59;open;\n"
        "01;593;CPAM Douai;;closed;595\n"
        "01;591;CPAM Armentières;;closed;594\n",
        "organismes.csv");
    EXPECT_TRUE(parsed);
    return std::move(*parsed);
}

FieldValue field(std::string value, FieldStatus status = FieldStatus::Valid) {
    return {std::move(value), 0.99, status, 1, {}};
}

struct Case {
    const char* name;
    Caisse addressed;
    Fields fields;
    Caisse expected;
    std::string_view from;
    bool certain;
    const char* reason;
};

TEST(Affiliation, ComesFromTheCodeThenTheIssuedNumberThenTheAddress) {
    const auto known = organismes();
    const std::vector<Case> cases = {
        {"nothing printed", "595", {}, "595", "addressed", true, "adresse du pli"},
        {"addressed to a closed caisse", "593", {}, "595", "addressed", true, "Caisse 593 (adresse du pli) fermée"},
        {"addressed to nobody", "777", {}, "777", "addressed", false, "777 inconnue"},
        {"printed code", "595", {{"caisse", {field("594")}}}, "594", "organisme code", true, "code organisme imprimé"},
        {"printed code of a closed caisse",
         "595",
         {{"caisse", {field("591")}}},
         "594",
         "organisme code",
         true,
         "Caisse 591 (code organisme imprimé) fermée, reprise par 594 (CPAM des Flandres)"},
        {"printed code saves an unknown address",
         "777",
         {{"caisse", {field("594")}}},
         "594",
         "organisme code",
         true,
         "594"},
        {"doubtful code that says the address",
         "595",
         {{"caisse", {field("595", FieldStatus::Unchecked)}}},
         "595",
         "organisme code",
         true,
         "code organisme lu"},
        {"doubtful code of the closed caisse that the addressed one took over",
         "595",
         {{"caisse", {field("593", FieldStatus::Unchecked)}}},
         "595",
         "organisme code",
         true,
         "reprise par 595"},
        {"doubtful code that says another caisse",
         "595",
         {{"caisse", {field("594", FieldStatus::Unchecked)}}},
         "594",
         "organisme code",
         false,
         "affiliation à confirmer"},
        {"code that is written and cannot be read",
         "595",
         {{"caisse", {field("?", FieldStatus::Invalid)}}},
         "595",
         "addressed",
         false,
         "n'a pas pu être lu"},
        {"printed code of an unknown caisse",
         "595",
         {{"caisse", {field("778")}}},
         "595",
         "addressed",
         false,
         "désigne la caisse 778"},
        {"two codes of one caisse",
         "594",
         {{"caisse", {field("593"), field("595")}}},
         "595",
         "organisme code",
         true,
         "reprise par 595"},
        {"two codes that disagree",
         "595",
         {{"caisse", {field("594"), field("595")}}},
         "594",
         "organisme code",
         false,
         "Un autre code organisme imprimé désigne la caisse 595"},
        {"provisional number that agrees",
         "593",
         {{"nir", {field("7159512345678")}}},
         "595",
         "NIR",
         true,
         "numéro provisoire"},
        {"provisional number that disagrees",
         "595",
         {{"nir", {field("8159412345678")}}},
         "594",
         "NIR",
         false,
         "Le pli est adressé à la caisse 595"},
        {"provisional number of an unknown caisse",
         "595",
         {{"nir", {field("7177712345678")}}},
         "595",
         "addressed",
         true,
         "adresse"},
        {"provisional number that is not valid",
         "595",
         {{"nir", {field("8159412345678", FieldStatus::Unchecked)}}},
         "595",
         "addressed",
         true,
         "adresse"},
        {"migrant's number", "595", {{"nir", {field("6259412345678")}}}, "594", "NIR", false, "à confirmer"},
        {"ordinary NIR says nothing of the caisse",
         "595",
         {{"nir", {field("255081416802538")}}},
         "595",
         "addressed",
         true,
         "adresse"},
        {"printed code before the number",
         "595",
         {{"caisse", {field("595")}}, {"nir", {field("8159412345678")}}},
         "595",
         "organisme code",
         true,
         "imprimé"},
    };
    for (const auto& c : cases) {
        PliContext context;
        context.caisse = c.addressed;
        const auto found = find_affiliation(context, c.fields, known);
        EXPECT_EQ(found.affiliation.caisse, c.expected) << c.name;
        EXPECT_EQ(found.affiliation.from, c.from) << c.name;
        EXPECT_EQ(found.certain, c.certain) << c.name;
        EXPECT_THAT(found.reasons, Contains(HasSubstr(c.reason))) << c.name;
        EXPECT_EQ(found.organisme == nullptr, c.expected == "777") << c.name;
    }
}

TEST(Affiliation, ReadsTheCaisseInsideAPrintedOrganismeCode) {
    EXPECT_EQ(caisse_of_organisme_code("595"), "595");
    EXPECT_EQ(caisse_of_organisme_code("01 595"), "595");
    EXPECT_EQ(caisse_of_organisme_code("01C595"), "595");
    EXPECT_EQ(caisse_of_organisme_code("01C595123"), "595");
    EXPECT_EQ(caisse_of_organisme_code("01 595 0000"), "595");
    for (const char* other : {"", "59", "5950", "02 595 0000", "01C59", "015A5", "59595", "0159500", "01595000000"}) {
        EXPECT_FALSE(caisse_of_organisme_code(other).has_value()) << other;
    }
}

TEST(Affiliation, ReadsTheCaisseOfIssuedNumbersOnly) {
    EXPECT_EQ(caisse_of_issued_number("7159512345678"), "595");
    EXPECT_EQ(caisse_of_issued_number("8059512345678"), "595");  // before 2012
    EXPECT_EQ(caisse_of_issued_number("5 2 595 12345678"), "595");
    EXPECT_EQ(caisse_of_issued_number("715951234567812"), "595");
    for (const char* other : {"", "255081416802538", "5059512345678", "7359512345678", "71595", "71595123456AB"}) {
        EXPECT_FALSE(caisse_of_issued_number(other).has_value()) << other;
    }
}

}  // namespace
}  // namespace pleiade
