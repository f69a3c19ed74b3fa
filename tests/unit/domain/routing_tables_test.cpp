// The dated rules, who keys, the services and the legal delays, each on a small table of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/domain/calendar_legal_clocks.h"
#include "common/domain/routing_keying.h"
#include "common/domain/routing_problems.h"
#include "common/domain/routing_rules.h"
#include "common/domain/routing_services.h"

namespace pleiade {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class T>
T must(Result<T> result) {
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
}

template <class T>
std::string problems_of(const Result<T>& result) {
    return result ? "" : result.error().message;
}

class RoutingTables : public testing::Test {
  protected:
    const Nomenclature types = must(Nomenclature::parse(
        "code;label_fr;cerfa;s_ref;anchors;service;copy_to;parts;priority;role;secrecy;required;typical_pages;daily_"
        "share_pct\n"
        "FSP_MED;a;;;;FSP;;;P3;master;normal;;1;\n"
        "FSP_BIO;b;;;;FSP;;;P3;master;normal;;1;\n"
        "AAT;c;;;;IJ;;;P1;master;normal;;1;\n"
        "CRA;d;;;;CRA;;;P0;master;normal;;1;\n",
        "nomenclature.csv"));
    const Organismes organismes =
        must(Organismes::parse("regime;caisse;label_fr;departement;status;successor\n"
                               "01;594;Flandres;59;open;\n01;595;Lille-Douai;59;open;\n01;597;Roubaix;59;open;\n"
                               "01;593;Douai;;closed;595\n",
                               "organismes.csv"));
    const RoutingServices services = must(
        RoutingServices::parse("code;label_fr;medical\nFSP;Frais;no\nELSM;Médical;yes\nIJ;IJ;no\n", "services.csv"));

    Result<RoutingRules> rules(const std::string& rows) const {
        return RoutingRules::parse("document;affiliation;processed_by;service;valid_from;valid_to;source;note\n" + rows,
                                   "routing.csv", types, organismes, services);
    }
    Result<KeyingRules> keying(const std::string& rows) const {
        return KeyingRules::parse("caisse;document;keyed_by;when;note\n" + rows, "keying.csv", types, organismes);
    }
    Result<LegalClocks> clocks(const std::string& rows) const {
        return LegalClocks::parse("document;count;unit;enabled;legal_rule_fr;source;note\n" + rows, "legal_clocks.csv",
                                  types);
    }
};

std::string processed_by(const RoutingRules& rules, const char* type, const char* caisse, const char* day) {
    const auto* rule = rules.find(type, caisse, *day_from(day));
    return rule == nullptr ? "nomenclature" : rule->processed_by;
}

TEST_F(RoutingTables, ApplyADatedRuleBetweenItsBoundsInclusive) {
    const auto table = must(rules("FSP_*;597;595;FSP;2022-06-01;2024-02-29;report;\nAAT;597;594;IJ;;;report;\n"));
    EXPECT_EQ(processed_by(table, "FSP_MED", "597", "2022-05-31"), "nomenclature");
    EXPECT_EQ(processed_by(table, "FSP_MED", "597", "2022-06-01"), "595");
    EXPECT_EQ(processed_by(table, "FSP_BIO", "597", "2024-02-29"), "595");
    EXPECT_EQ(processed_by(table, "FSP_BIO", "597", "2024-03-01"), "nomenclature");
    EXPECT_EQ(processed_by(table, "FSP_MED", "594", "2023-01-01"), "nomenclature");
    EXPECT_EQ(processed_by(table, "CRA", "597", "2023-01-01"), "nomenclature");
    EXPECT_EQ(processed_by(table, "AAT", "597", "1999-01-01"), "594");
    EXPECT_EQ(processed_by(table, "AAT", "597", "2099-01-01"), "594");
    EXPECT_EQ(table.all().front().name(), "FSP_* 597 -> 595 FSP");
}

TEST_F(RoutingTables, PreferAnExactCodeToAGlobWhateverTheOrder) {
    const std::string exact = "FSP_MED;597;594;FSP;2022-01-01;;r;\n";
    const std::string glob = "FSP_*;597;595;FSP;2022-01-01;;r;\n";
    for (const auto& rows : {exact + glob, glob + exact}) {
        const auto table = must(rules(rows));
        EXPECT_EQ(processed_by(table, "FSP_MED", "597", "2022-01-01"), "594");
        EXPECT_EQ(processed_by(table, "FSP_BIO", "597", "2022-01-01"), "595");
        EXPECT_EQ(processed_by(table, "FSP_MED", "597", "2021-12-31"), "nomenclature");
    }
    // Once the exact rule has ended, the glob holds again.
    const auto ended = must(rules("FSP_MED;597;594;FSP;;2022-12-31;r;\n" + glob));
    EXPECT_EQ(processed_by(ended, "FSP_MED", "597", "2022-12-31"), "594");
    EXPECT_EQ(processed_by(ended, "FSP_MED", "597", "2023-01-01"), "595");
}

TEST_F(RoutingTables, RefuseTwoRulesThatAreEquallyRight) {
    EXPECT_THAT(problems_of(rules("AAT;597;595;IJ;2020-01-01;2022-12-31;r;\nAAT;597;594;IJ;2022-12-31;;r;\n")),
                HasSubstr("routing.csv:3:1: as right as line 2 for AAT of caisse 597 on the same days"));
    EXPECT_THAT(problems_of(rules("FSP_*;597;595;FSP;;;r;\nFSP*;594|597;595;FSP;2020-01-01;;r;\n")),
                HasSubstr("routing.csv:3:1: as right as line 2"));
    EXPECT_THAT(problems_of(rules("AAT;597;595;IJ;;;r;\nAAT;597;595;IJ;;;r;\n")), HasSubstr("as right as line 2"));
    // One ends the day before the other begins.
    EXPECT_TRUE(rules("AAT;597;595;IJ;;2022-12-30;r;\nAAT;597;594;IJ;2022-12-31;;r;\n"));
    // A caisse named twice in one row is no rival of itself.
    EXPECT_TRUE(rules("AAT;597|597;595;IJ;;;r;\n"));
}

TEST_F(RoutingTables, TellWhereEveryMistakeOfTheRulesStands) {
    const auto problems =
        problems_of(rules("FPS_MED;597;595;FSP;;;r;\n"
                          "X_*;597;595;FSP;;;r;\n"
                          "AAT;598;595;IJ;;;r;\n"
                          "AAT;597;593;IJ;;;r;\n"
                          "CRA;593;595;IJ;;;r;\n"
                          "CRA;594;595;JI;;;r;\n"
                          "CRA;597;595;IJ;2022-02-30;;r;\n"
                          "FSP_BIO;597;595;IJ;2022-02-02;2022-02-01;r;\n"
                          ";;595;IJ;;;r;\n"));
    for (const char* expected :
         {"routing.csv:2:1: «FPS_MED» is not a type of the nomenclature; the nearest one is «FSP_MED»",
          "routing.csv:3:1: «X_*» matches no type", "routing.csv:4:5: «598» is not a known caisse",
          "routing.csv:5:9: the caisse 593 is closed; write its successor 595",
          "routing.csv:6:5: the caisse 593 is closed",
          "routing.csv:7:13: «JI» is not a known service; the nearest one is «IJ»",
          "routing.csv:8:16: «2022-02-30» is not a day", "routing.csv:9:31: the rule ends before it begins",
          "routing.csv:10:1: a rule needs a type", "routing.csv:10:2: a rule needs a caisse"}) {
        EXPECT_THAT(problems, HasSubstr(expected));
    }
}

TEST_F(RoutingTables, SayWhoKeysByTheMostPreciseRow) {
    const auto table =
        must(keying("*;*;platform;before;\n*;FSP_*;platform;after;\n*;FSP_BIO;service;after;\n"
                    "597;*;service;before;\n597;AAT;platform;before;\n"));
    const auto place = [&](const char* caisse, const char* type) {
        const auto found = table.find(caisse, type);
        return found.keyed_by + (found.before_queue ? " before" : " after");
    };
    EXPECT_EQ(place("595", "AAT"), "platform before");
    EXPECT_EQ(place("595", "FSP_MED"), "platform after");
    EXPECT_EQ(place("595", "FSP_BIO"), "service after");
    EXPECT_EQ(place("597", "FSP_BIO"), "service before");  // the caisse beats the type
    EXPECT_EQ(place("597", "AAT"), "platform before");
    EXPECT_EQ(place("597", "UNKNOWN"), "service before");
    const auto none = must(keying("")).find("595", "AAT");
    EXPECT_EQ(none.keyed_by, "platform");
    EXPECT_TRUE(none.before_queue);
}

TEST_F(RoutingTables, TellWhereEveryMistakeOfTheKeyingStands) {
    const auto problems =
        problems_of(keying("*;*;plateform;before;\n*;AAT;service;later;\n600;CRA;service;after;\n"
                           "593;CRA;service;after;\n*;ZZZ*;service;after;\n*;AAT;service;after;\n"));
    for (const char* expected :
         {"keying.csv:2:5: «plateform» is not who keys; the nearest one is «platform»",
          "keying.csv:3:15: «later» is not a moment", "keying.csv:4:1: «600» is not a known caisse",
          "keying.csv:5:1: the caisse 593 is closed", "keying.csv:6:3: «ZZZ*» is not a type",
          "keying.csv:7:3: as right as line 3 for AAT"}) {
        EXPECT_THAT(problems, HasSubstr(expected));
    }
}

TEST_F(RoutingTables, KeepOnlyTheLegalDelaysThatAreSwitchedOn) {
    const auto table = must(clocks("CRA;2;months;yes;Silence : rejet;loi;\nAAT;48;hours;no;Envoi sous 48 h;;\n"));
    ASSERT_NE(table.find("CRA"), nullptr);
    EXPECT_EQ(table.find("CRA")->delay.count, 2);
    EXPECT_EQ(table.find("CRA")->delay.unit, DelayUnit::Months);
    EXPECT_EQ(table.find("CRA")->rule_fr, "Silence : rejet");
    EXPECT_EQ(table.find("AAT"), nullptr);
    EXPECT_EQ(table.disabled_count(), 1U);
}

TEST_F(RoutingTables, TellWhereEveryMistakeOfTheLegalDelaysStands) {
    const auto problems =
        problems_of(clocks("CRA;2;month;yes;Règle;loi;\nAAT;0;months;yes;Règle;loi;\nFSP_MED;36;hours;yes;Règle;loi;\n"
                           "FSP_BIO;2;months;yes;Règle;;\nCRA;3;months;yes;Règle;loi;\nCRAA;2;months;maybe;;loi;\n"));
    for (const char* expected :
         {"legal_clocks.csv:2:7: «month» is not a unit; the nearest one is «months»",
          "legal_clocks.csv:3:5: a whole number from 1", "legal_clocks.csv:4:9: hours come by 24",
          "legal_clocks.csv:5:29: a delay without a source stays switched off",
          "legal_clocks.csv:6:1: CRA has a delay already, line 2", "legal_clocks.csv:7:1: «CRAA» is not a type",
          "legal_clocks.csv:7:15: enabled is yes or no", "legal_clocks.csv:7:21: a delay needs its rule"}) {
        EXPECT_THAT(problems, HasSubstr(expected));
    }
}

TEST_F(RoutingTables, NeedAServiceThatMaySeeMedicalPages) {
    EXPECT_EQ(services.medical_service().code, "ELSM");
    EXPECT_TRUE(services.is_medical("ELSM"));
    EXPECT_FALSE(services.is_medical("IJ"));
    EXPECT_FALSE(services.is_medical("NOBODY"));
    EXPECT_THAT(problems_of(RoutingServices::parse("code;label_fr;medical\nFSP;Frais;no\n", "services.csv")),
                HasSubstr("one service at least must be medical"));
    EXPECT_THAT(
        problems_of(RoutingServices::parse("code;label_fr;medical\nFSP;;no\nFSP;a;oui\n;b;yes\n", "services.csv")),
        testing::AllOf(HasSubstr("services.csv:2:5: a service needs a French label"),
                       HasSubstr("services.csv:3:1: the service «FSP» is given twice"),
                       HasSubstr("services.csv:3:7: medical is yes or no"),
                       HasSubstr("services.csv:4:1: a service needs a code")));
}

TEST(RoutingProblems, ShowAtMostFiftyLinesAndCountTheRest) {
    TableProblems problems;
    for (int line = 1; line <= 60; ++line) problems.add("t.csv", line, 1, "wrong");
    const auto message = problems.to_error().message;
    EXPECT_THAT(message, HasSubstr("t.csv:50:1: wrong"));
    EXPECT_THAT(message, Not(HasSubstr("t.csv:51:1")));
    EXPECT_THAT(message, HasSubstr("... and 10 more"));
}

TEST(RoutingProblems, MatchGlobs) {
    for (const auto& [pattern, text, expected] :
         std::vector<std::tuple<const char*, const char*, bool>>{{"FSP_*", "FSP_MED", true},
                                                                 {"FSP_*", "FSP_", true},
                                                                 {"FSP_*", "FSP", false},
                                                                 {"*", "", true},
                                                                 {"*", "AAT", true},
                                                                 {"*_SAL_*", "ATT_SAL_6M", true},
                                                                 {"*_SAL_*", "ATT_SALAIRE", false},
                                                                 {"A*T", "AAT", true},
                                                                 {"A*T", "AATX", false},
                                                                 {"AAT", "AAT", true},
                                                                 {"AAT", "AAT2", false},
                                                                 {"", "A", false}}) {
        EXPECT_EQ(glob_matches(pattern, text), expected) << pattern << " " << text;
    }
}

}  // namespace
}  // namespace pleiade
