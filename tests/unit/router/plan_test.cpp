// Loading the tables: what is right is summed up, what is wrong is told with its place, all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

TEST(RoutingPlan, SumsUpEveryTableThatItLoaded) {
    const auto router = delivered_router();
    EXPECT_THAT(
        router->summary(),
        ElementsAre(MatchesRegex("nomenclature.csv: 71 types, version .+"),
                    MatchesRegex("services.csv: 33 services, version .+"),
                    MatchesRegex("organismes.csv: 107 caisses open, 26 closed, version .+"),
                    MatchesRegex("routing.csv: 11 rules, version .+"), MatchesRegex("keying.csv: 2 rules, version .+"),
                    MatchesRegex("legal_clocks.csv: 7 types with a delay, 4 rows switched off, version .+"),
                    MatchesRegex("identified_by.csv: 6 types, version .+"),
                    MatchesRegex("tick_rules.csv: 2 rules, 4 rows switched off, version .+"),
                    MatchesRegex("calendar.toml: 11 national and 7 local holidays, version .+")));
}

TEST(RoutingPlan, ChangesItsVersionWithAnyTable) {
    const ConfigCopy config;
    const auto before = config.open()->version();
    EXPECT_EQ(before, delivered_router()->version());
    config.append("calendar.toml", "# seen\n");
    const auto after = config.open()->version();
    EXPECT_NE(before, after);
    config.replace("routing.csv", "# version: 2026-11-20", "# version: 2027-01-31");
    EXPECT_THAT(config.open()->version(), StartsWith("2027-01-31+"));
}

TEST(RoutingPlan, LoadsTablesThatASpreadsheetSaved) {
    const ConfigCopy config;
    auto text = "\xEF\xBB\xBF" + config.text("routing.csv");
    text.replace(text.find('\n'), 1, ";;;;;;;\r\n");
    config.write("routing.csv", text);
    EXPECT_EQ(config.open()->summary().at(3), delivered_router()->summary().at(3));
}

struct BrokenCase {
    const char* name;
    const char* table;
    const char* before;
    const char* after;
    const char* expected;
};

TEST(RoutingPlan, TellsWhereEachMistakeStands) {
    const std::vector<BrokenCase> cases = {
        {"no version", "routing.csv", "# version: 2026-11-20\n", "",
         "routing.csv:1:1: the table has no version; its first line is «# version: 2026-11-20»"},
        {"unknown column", "keying.csv", "caisse;document;keyed_by;when;note", "caisse;document;keyed_by;wen;note",
         "keying.csv:4:26: «wen» is not a column of this table; the nearest one is «when»"},
        {"missing column", "keying.csv", "caisse;document;keyed_by;when;note", "caisse;document;keyed_by;wen;note",
         "keying.csv:4:1: the column «when» is missing"},
        {"wrong number of columns", "routing.csv", "AME;595;931;AME", "AME;595;931", "routing.csv:13:"},
        {"unknown type", "routing.csv", "AME;595;931;AME", "AMI;595;931;AME", "routing.csv:13:1: «AMI» is not a type"},
        {"service without a row", "services.csv", "PND;Plis non distribuables;no\n", "",
         "«PND» is not a service of services.csv"},
        {"misspelt copy", "nomenclature.csv", "IJ;ELSM;1:ELSM:medical", "IJ;ELMS;1:ELSM:medical",
         "nomenclature.csv:12:95: «ELMS» is not a service of services.csv; the nearest one is «ELSM»"},
        {"medical volet to a service that is not", "nomenclature.csv", "IJ;ELSM;1:ELSM:medical|2:IJ:normal",
         "IJ;ELSM;1:ELSM:medical|2:IJ:medical", "the volet 2 is medical, and the service IJ is not"},
        {"volet twice", "nomenclature.csv", "1:ELSM:medical|2:IJ:normal", "1:ELSM:medical|1:IJ:normal",
         "the volet 1 is given twice"},
        {"successor unknown", "organismes.csv", "01;593;CPAM Douai;;closed;595", "01;593;CPAM Douai;;closed;600",
         "organismes.csv:"},
        {"successors in a circle", "organismes.csv", "01;595;CPAM de Lille-Douai;59;open;",
         "01;595;CPAM de Lille-Douai;;closed;593", "the successors of 593 go round in a circle"},
        {"caisse of a rule closes", "organismes.csv", "01;931;CPAM Bobigny;93;open;", "01;931;CPAM Bobigny;;closed;751",
         "routing.csv:13:9: the caisse 931 is closed; write its successor 751"},
        {"TOML that is not", "calendar.toml", "time_zone = \"Europe/Paris\"", "time_zone = Europe/Paris",
         "calendar.toml:5:"},
        {"unknown key", "calendar.toml", "p0_minutes = 60", "p0_minuts = 60",
         "calendar.toml:8:1: «p0_minuts» is not a known key; the nearest one is «p0_minutes»"},
        {"unknown key of a holiday", "calendar.toml", "date = \"01-01\"", "dat = \"01-01\"",
         "«dat» is not a known key; the nearest one is «date»"},
        {"bad hour", "calendar.toml", "\"18:00\"", "\"24:00\"", "calendar.toml:7:21: «24:00» is not an hour"},
        {"bad delay", "calendar.toml", "p0_minutes = 60", "p0_minutes = \"60\"",
         "calendar.toml:8:14: «p0_minutes» takes a whole number from 1 to 1440"},
        {"delay out of bounds", "calendar.toml", "p0_minutes = 60", "p0_minutes = 0",
         "calendar.toml:8:14: «p0_minutes» takes a whole number from 1 to 1440"},
        {"unknown time zone", "calendar.toml", "\"Europe/Paris\"", "\"Europe/Lille\"",
         "calendar.toml:5:13: the time zone «Europe/Lille» is unknown here"},
        {"bad date", "calendar.toml", "date = \"12-26\"", "date = \"26-12\"", "«26-12» is not a month and day"},
        {"two rules for a holiday", "calendar.toml", "date = \"12-26\"", "date = \"12-26\"\ndays_after_easter = 2",
         "a holiday has either a date or days_after_easter"},
        {"unknown departement", "calendar.toml", "[\"974\"]", "[\"975\"]",
         "«975» is not a departement of organismes.csv"},
        {"no departement at all", "calendar.toml", "[\"974\"]", "[]", "«departements» takes a list of texts"},
        {"years the wrong way round", "calendar.toml", "date = \"12-26\"",
         "date = \"12-26\"\nyear_first = 2027\nyear_last = 2026", "the holiday ends before it begins"},
        {"no version of the calendar", "calendar.toml", "version = \"2026-11-20\"", "", "the file has no version"},
    };
    for (const auto& c : cases) {
        const ConfigCopy config;
        config.replace(c.table, c.before, c.after);
        EXPECT_THAT(config.problems(), HasSubstr(c.expected)) << c.name;
    }
}

TEST(RoutingPlan, TellsTheMistakesOfSeveralTablesAtOnceWithoutEchoes) {
    const ConfigCopy config;
    config.replace("routing.csv", "AME;595;931;AME", "AMI;595;931;AME");
    config.replace("keying.csv", "platform;before", "nobody;before");
    config.replace("calendar.toml", "\"18:00\"", "\"25:00\"");
    config.remove("legal_clocks.csv");
    const auto problems = config.problems();
    for (const char* expected :
         {"routing.csv:13:1", "keying.csv:5:5", "calendar.toml:7:21", "legal_clocks.csv:1:1: cannot be read"}) {
        EXPECT_THAT(problems, HasSubstr(expected));
    }
    // A nomenclature that cannot be read says so once, not once per rule that names a type.
    const ConfigCopy without_types;
    without_types.replace("nomenclature.csv", ";P3;master;normal;nir;1;22.84", ";P9;master;normal;nir;1;22.84");
    EXPECT_THAT(without_types.problems(), HasSubstr("nomenclature.csv:3:"));
    EXPECT_THAT(without_types.problems(), Not(HasSubstr("routing.csv")));
}

TEST(RoutingPlan, RefusesAFolderThatHoldsNothing) {
    const auto router = Router::open("/nonexistent/folder");
    ASSERT_FALSE(router);
    EXPECT_EQ(router.error().code, "CONFIG_INVALID");
    EXPECT_THAT(router.error().message, HasSubstr("nomenclature.csv:1:1: cannot be read"));
    EXPECT_THAT(router.error().message, HasSubstr("calendar.toml:1:1: cannot be read"));
}

}  // namespace
}  // namespace pleiade::router
