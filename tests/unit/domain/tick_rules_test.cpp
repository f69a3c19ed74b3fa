// What a ticked box changes, as a table: what is right serves, what is wrong is told with its place.
#include "common/domain/tick_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pleiade {
namespace {

using testing::HasSubstr;

constexpr std::string_view kTypes =
    "code;label_fr;cerfa;s_ref;anchors;service;copy_to;parts;priority;role;secrecy;required;typical_pages;"
    "daily_share_pct\n"
    "FSP_MED;Feuille de soins;;;;FSP;;;P3;master;normal;nir;1;1\n"
    "FSP_AUX;Feuille de soins;;;;FSP;;;P3;master;normal;nir;1;1\n"
    "FEUILLE_AT;Feuille d'accident;;;;ATMP;;;P3;master;normal;nir;1;1\n";
constexpr std::string_view kHeader = "document;question;answer;effect;value;enabled;ticked_fr;source;note\n";

Result<TickRules> parsed(const std::string& rows) {
    const auto types = Nomenclature::parse(kTypes, "nomenclature.csv");
    const auto services = RoutingServices::parse(
        "code;label_fr;medical\nFSP;Soins;no\nRCT;Recours;no\nELSM;Médical;yes\n", "services.csv");
    return TickRules::parse(std::string(kHeader) + rows, "tick_rules.csv", *types, &*services);
}

TEST(TickRules, HoldForEveryTypeThatTheyNameAndEveryAnswer) {
    const auto rules = parsed("FSP_*;risk;at|trip;copy;RCT;yes;accident;a law;\n");
    ASSERT_TRUE(rules) << rules.error().message;
    ASSERT_EQ(rules->of_type("FSP_MED").size(), 2u);
    EXPECT_EQ(rules->of_type("FSP_AUX").at(1).answer, "trip");
    EXPECT_TRUE(rules->of_type("FEUILLE_AT").empty());
}

TEST(TickRules, StaySwitchedOffWithoutASource) {
    const auto off = parsed("FSP_MED;risk;at;service;FSP;no;accident;;\n");
    ASSERT_TRUE(off) << off.error().message;
    EXPECT_EQ(off->disabled_count(), 1u);
    EXPECT_TRUE(off->of_type("FSP_MED").empty());
    EXPECT_THAT(parsed("FSP_MED;risk;at;service;FSP;yes;accident;;\n").error().message,
                HasSubstr("tick_rules.csv:2:42: a rule without a source stays switched off"));
}

TEST(TickRules, TellEveryMistakeWithItsPlace) {
    const auto message = parsed(
                             "FSP_XX;risk;at;copy;RCT;yes;accident;law;\n"
                             "FSP_MED;risk;at;copy;RTC;yes;accident;law;\n"
                             "FSP_MED;risk;at;type;FEUILE_AT;yes;accident;law;\n"
                             "FSP_MED;risk;at;priority;P9;yes;accident;law;\n"
                             "FSP_MED;risk;at;stamp;P1;yes;accident;law;\n")
                             .error()
                             .message;
    for (const auto* expected : {"tick_rules.csv:2:1: «FSP_XX»", "tick_rules.csv:3:22: «RTC» is not a service",
                                 "tick_rules.csv:4:22: «FEUILE_AT»", "tick_rules.csv:5:26: «P9» is not a priority",
                                 "tick_rules.csv:6:17: «stamp» is not an effect"}) {
        EXPECT_THAT(message, HasSubstr(expected));
    }
}

TEST(TickRules, RefuseTwoServicesForOneAnswer) {
    EXPECT_THAT(parsed("FSP_*;risk;at;service;FSP;yes;accident;law;\nFSP_MED;risk;at;service;RCT;yes;accident;law;\n")
                    .error()
                    .message,
                HasSubstr("FSP_MED has such a rule already, line 2"));
    EXPECT_TRUE(parsed("FSP_*;risk;at;copy;FSP;yes;accident;law;\nFSP_MED;risk;at;copy;RCT;yes;accident;law;\n"));
}

}  // namespace
}  // namespace pleiade
