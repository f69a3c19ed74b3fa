#include "common/domain/organismes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pleiade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kHeader = "regime;caisse;label_fr;departement;status;successor\n";

Result<Organismes> parse(std::string_view rows) {
    return Organismes::parse(std::string(kHeader) + std::string(rows), "organismes.csv");
}

std::string problems_of(std::string_view rows) {
    const auto parsed = parse(rows);
    if (parsed) return "";
    EXPECT_EQ(parsed.error().code, "CONFIG_INVALID");
    return parsed.error().message;
}

TEST(Organismes, FollowsTheSuccessorsOfAClosedCaisseToAnOpenOne) {
    const auto organismes = parse(
        "01;595;CPAM de Lille-Douai;59;open;\n"
        "01;593;CPAM Douai;;closed;595\n"
        "01;590;Ancienne caisse;;closed;593\n");
    ASSERT_TRUE(organismes);
    EXPECT_EQ(organismes->resolve("595")->organisme->caisse, "595");
    EXPECT_TRUE(organismes->resolve("595")->closed.empty());
    EXPECT_THAT(organismes->resolve("593")->closed, ElementsAre("593"));
    const auto chain = organismes->resolve("590");
    EXPECT_EQ(chain->organisme->caisse, "595");
    EXPECT_THAT(chain->closed, ElementsAre("590", "593"));
    EXPECT_FALSE(organismes->resolve("777").has_value());
}

TEST(Organismes, RefusesSuccessorsThatGoRoundOrThatNobodyKnows) {
    EXPECT_THAT(problems_of("01;591;A;;closed;592\n01;592;B;;closed;591\n"),
                HasSubstr("organismes.csv:2:18: the successors of 591 go round in a circle"));
    EXPECT_THAT(problems_of("01;591;A;;closed;591\n"), HasSubstr("go round in a circle"));
    EXPECT_THAT(problems_of("01;595;A;59;open;\n01;591;B;;closed;594\n"),
                HasSubstr("organismes.csv:3:18: «594» is not a known caisse; the nearest one is «595»"));
}

TEST(Organismes, TellsEveryProblemOfTheTableAtOnce) {
    const auto problems = problems_of(
        "01;59;A;59;open;\n"
        "01;594;;59;open;\n"
        "01;595;C;;open;\n"
        "01;596;D;59;shut;\n"
        "01;597;E;;closed;\n"
        "01;598;F;59;open;595\n"
        "01;595;G;59;open;\n");
    for (const char* expected :
         {"organismes.csv:2:4: a caisse has three digits", "organismes.csv:3:8: a caisse needs a label",
          "organismes.csv:4:10: an open caisse needs its departement", "organismes.csv:5:13: the status is",
          "organismes.csv:6:18: a closed caisse needs a successor", "organismes.csv:7:18: only a closed caisse",
          "organismes.csv:8:4: the caisse 595 is given twice"}) {
        EXPECT_THAT(problems, HasSubstr(expected));
    }
}

}  // namespace
}  // namespace pleiade
