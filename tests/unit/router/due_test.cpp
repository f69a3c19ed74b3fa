// Priorities, due dates and legal dates, over the delivered calendar.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/router/local_time.h"
#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::Contains;

class RoutingDates : public testing::Test {
  protected:
    Route route(const char* type, PliContext context) const {
        const auto decision = router->route(context, reading({master(1, type, {1})})).at(0);
        return decision.route.value_or(Route{});
    }
    const std::unique_ptr<Router> router = delivered_router();
};

struct DueCase {
    const char* type;  // FSP_MED is P3, C2S P2, ATT_SAL_MAL P1
    const char* caisse;
    const char* received_on;
    const char* due;
    const char* why;
};

TEST_F(RoutingDates, PromisesCloseOfBusinessOfAWorkingDayOfTheProcessingCaisse) {
    const std::vector<DueCase> cases = {
        {"ATT_SAL_MAL", "131", "2026-11-20", "2026-11-20T18:00:00+01:00", "P1, a Friday"},
        {"C2S", "131", "2026-11-20", "2026-11-23T18:00:00+01:00", "P2, over the weekend"},
        {"FSP_MED", "131", "2026-11-20", "2026-11-24T18:00:00+01:00", "P3"},
        {"ATT_SAL_MAL", "131", "2026-11-21", "2026-11-23T18:00:00+01:00", "received on a Saturday"},
        {"FSP_MED", "131", "2026-11-22", "2026-11-25T18:00:00+01:00", "received on a Sunday"},
        {"ATT_SAL_MAL", "131", "2026-07-14", "2026-07-15T18:00:00+02:00", "received on a holiday, in summer"},
        {"FSP_MED", "131", "2026-12-24", "2026-12-29T18:00:00+01:00", "Christmas and a weekend"},
        {"C2S", "131", "2026-05-13", "2026-05-15T18:00:00+02:00", "Ascension"},
        {"C2S", "131", "2026-05-22", "2026-05-26T18:00:00+02:00", "Whit Monday"},
        {"C2S", "131", "2026-04-02", "2026-04-03T18:00:00+02:00", "Good Friday is an ordinary day in Marseille"},
        {"C2S", "673", "2026-04-02", "2026-04-07T18:00:00+02:00", "Good Friday in the Bas-Rhin"},
        {"C2S", "682", "2026-04-02", "2026-04-07T18:00:00+02:00", "and in the Haut-Rhin"},
        {"C2S", "571", "2026-04-02", "2026-04-07T18:00:00+02:00", "and in Moselle"},
        {"C2S", "571", "2025-12-24", "2025-12-29T18:00:00+01:00", "25 and 26 December in Moselle"},
        {"C2S", "131", "2025-12-24", "2025-12-26T18:00:00+01:00", "25 December only elsewhere"},
        {"C2S", "573", "2026-04-02", "2026-04-07T18:00:00+02:00", "Thionville, closed, is Moselle too"},
        {"ATT_SAL_MAL", "971", "2026-05-27", "2026-05-28T18:00:00+02:00", "abolition in Guadeloupe"},
        {"ATT_SAL_MAL", "972", "2026-05-22", "2026-05-26T18:00:00+02:00", "in Martinique, then Whit Monday"},
        {"ATT_SAL_MAL", "973", "2026-06-10", "2026-06-11T18:00:00+02:00", "in Guyane"},
        {"ATT_SAL_MAL", "974", "2027-12-20", "2027-12-21T18:00:00+01:00", "in La Réunion"},
        {"ATT_SAL_MAL", "976", "2026-04-27", "2026-04-28T18:00:00+02:00", "in Mayotte"},
        {"ATT_SAL_MAL", "131", "2026-04-27", "2026-04-27T18:00:00+02:00", "and not elsewhere"},
        {"C2S", "131", "2026-03-27", "2026-03-30T18:00:00+02:00", "summer time begins on 29 March"},
        {"C2S", "131", "2026-10-23", "2026-10-26T18:00:00+01:00", "and ends on 25 October"},
    };
    for (const auto& c : cases) EXPECT_EQ(route(c.type, post(c.caisse, c.received_on)).due, c.due) << c.why;
}

TEST_F(RoutingDates, CountsTheDaysOfTheCaisseThatProcessesNotOfTheOneThatIsAddressed) {
    const ConfigCopy config;
    config.append("routing.csv", "DECL_MT;595;673;GDB;2020-01-01;;test;\nDECL_MT;673;595;GDB;2020-01-01;;test;\n");
    const auto changed = config.open();
    const auto due = [&](const char* caisse) {
        return changed->route(post(caisse, "2026-04-01"), reading({master(1, "DECL_MT", {1})})).at(0).route->due;
    };
    EXPECT_EQ(due("595"), "2026-04-07T18:00:00+02:00");  // Strasbourg rests on Good Friday
    EXPECT_EQ(due("673"), "2026-04-03T18:00:00+02:00");
}

TEST_F(RoutingDates, PromisesAnHourAfterTheScanForWhatCannotWait) {
    auto context = post();
    EXPECT_EQ(route("CRA", context).due, "2026-11-20T08:05:12+01:00");
    EXPECT_EQ(route("CRA", context).priority, Priority::P0);
    context.scanned_at = "";
    EXPECT_EQ(route("CRA", context).due, "2026-11-20T08:20:00+01:00") << "from the registration, 06:20 UTC";
    context.scanned_at = "yesterday";
    EXPECT_EQ(route("CRA", context).due, "2026-11-20T08:20:00+01:00");
    context.scanned_at = "2026-07-01T23:30:00Z";
    EXPECT_EQ(route("CRA", context).due, "2026-07-02T02:30:00+02:00");
    // Read from files, without a hub: neither time is known.
    context.scanned_at = context.registered_at = "";
    EXPECT_EQ(route("CRA", context).due, "2026-11-20T18:00:00+01:00");
}

TEST_F(RoutingDates, SaysTheRightOffsetInTheNightsWhenTheClocksChange) {
    auto context = post();
    context.scanned_at = "2026-03-29T01:30:00+01:00";  // half past one, half an hour before the clocks jump
    EXPECT_EQ(route("CRA", context).due, "2026-03-29T03:30:00+02:00");
    context.scanned_at = "2026-10-25T02:30:00+02:00";  // the first half past two of that night
    EXPECT_EQ(route("CRA", context).due, "2026-10-25T02:30:00+01:00");
}

TEST_F(RoutingDates, RaisesEveryDocumentOfARecommandeToP0) {
    auto context = post();
    context.registered_mail = "1A12345678901";
    const auto decisions = router->route(
        context, reading({master(1, "FSP_MED", {1}), attachment(2, "ORDONNANCE", {2}, 1), master(3, "C2S", {3})}));
    for (const auto& decision : decisions) {
        EXPECT_EQ(decision.route->priority, Priority::P0);
        EXPECT_EQ(decision.route->due, "2026-11-20T08:05:12+01:00");
    }
    EXPECT_THAT(decisions[0].reasons, Contains("Recommandé : priorité P0"));
}

TEST_F(RoutingDates, GivesTheLegalDateWhereTheLawCountsFromReceiptAlone) {
    struct Case {
        const char* type;
        const char* received_on;
        const char* legal_due;  // "" when it needs another document or has no source
    };
    for (const auto& [type, received_on, legal_due] : std::vector<Case>{{"DAP_GEN", "2026-11-20", "2026-12-05"},
                                                                        {"DAP_ODF", "2026-11-20", "2026-12-05"},
                                                                        {"DAP_DENT", "2026-12-20", "2027-01-04"},
                                                                        {"DAP_BIO", "2028-02-15", "2028-03-01"},
                                                                        {"C2S", "2026-12-31", "2027-02-28"},
                                                                        {"CRA", "2026-11-20", "2027-01-20"},
                                                                        {"DAT", "2026-11-20", ""},
                                                                        {"RESERVES_AT", "2026-11-20", ""},
                                                                        {"DMP", "2026-11-20", ""},
                                                                        {"INVALIDITE", "2026-11-20", ""},
                                                                        {"FSP_MED", "2026-11-20", ""},
                                                                        {"RCT", "2026-11-20", ""}}) {
        const auto given = route(type, post("131", received_on));
        EXPECT_EQ(given.legal_due.value_or(""), legal_due) << type;
        EXPECT_EQ(given.legal_rule.empty(), given.legal_due == std::nullopt) << type;
    }
    EXPECT_EQ(route("CRA", post()).legal_rule, "Commission de recours amiable : le silence de 2 mois vaut rejet");
    EXPECT_EQ(route("DAP_TRANSP", post()).legal_due.value_or(""), "2026-12-05");
}

TEST_F(RoutingDates, CountsJoursFrancsOfTheProcessingCaisseOnceSwitchedOn) {
    const ConfigCopy config;
    config.replace("legal_clocks.csv", "RESERVES_AT;10;clear_days;no", "RESERVES_AT;10;clear_days;yes");
    const auto changed = config.open();
    const auto legal_due = [&](const char* caisse) {
        return changed->route(post(caisse, "2026-03-23"), reading({master(1, "RESERVES_AT", {1})}))
            .at(0)
            .route->legal_due.value_or("");
    };
    EXPECT_EQ(legal_due("131"), "2026-04-03");
    EXPECT_EQ(legal_due("673"), "2026-04-07");
}

TEST_F(RoutingDates, FollowsTheConfiguredHours) {
    const ConfigCopy config;
    config.replace("calendar.toml", "close_of_business = \"18:00\"", "close_of_business = \"16:30\"");
    config.replace("calendar.toml", "p0_minutes = 60", "p0_minutes = 30");
    const auto changed = config.open();
    const auto due = [&](const char* type) {
        return changed->route(post(), reading({master(1, type, {1})})).at(0).route->due;
    };
    EXPECT_EQ(due("ATT_SAL_MAL"), "2026-11-20T16:30:00+01:00");
    EXPECT_EQ(due("CRA"), "2026-11-20T07:35:12+01:00");
}

TEST(LocalTime, ReadsInstantsAndNothingElse) {
    const auto zone = LocalTime::open("Europe/Paris");
    ASSERT_TRUE(zone);
    for (const auto& [text, expected] :
         std::vector<std::pair<const char*, const char*>>{{"2026-11-20T07:05:12+01:00", "2026-11-20T07:05:12+01:00"},
                                                          {"2026-11-20T06:05:12Z", "2026-11-20T07:05:12+01:00"},
                                                          {"2026-11-20T06:05:12.999Z", "2026-11-20T07:05:12+01:00"},
                                                          {"2026-11-20T02:05:12-04:00", "2026-11-20T07:05:12+01:00"},
                                                          {"2026-07-01T00:00:00Z", "2026-07-01T02:00:00+02:00"}}) {
        const auto instant = instant_from_rfc3339(text);
        ASSERT_TRUE(instant.has_value()) << text;
        EXPECT_EQ(zone->to_rfc3339(*instant), expected);
    }
    for (const char* other : {"", "Z", "2026-11-20", "2026-11-20T07:05:12", "20/11/2026 07:05", "2026-02-30T07:05:12Z",
                              "2026-11-20T07:05:12+01:00 and more", "2026-11-20T25:05:12Z"}) {
        EXPECT_FALSE(instant_from_rfc3339(other).has_value()) << other;
    }
    EXPECT_FALSE(LocalTime::open("Europe/Douai"));
}

TEST(LocalTime, ReadsAnHourThatTheClocksSkipOrRepeat) {
    const auto zone = LocalTime::open("Europe/Paris");
    ASSERT_TRUE(zone);
    const auto half_past_two = std::chrono::minutes{150};
    EXPECT_EQ(zone->to_rfc3339(zone->at(*day_from("2026-03-29"), half_past_two)), "2026-03-29T03:00:00+02:00");
    EXPECT_EQ(zone->to_rfc3339(zone->at(*day_from("2026-10-25"), half_past_two)), "2026-10-25T02:30:00+02:00");
}

}  // namespace
}  // namespace pleiade::router
