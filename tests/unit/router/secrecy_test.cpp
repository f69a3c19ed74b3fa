// Who may see which page: volets, medical types, attachments, a pli for the médecin-conseil.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/unit/router/plan_support.h"
#include "tests/unit/router/reading_support.h"

namespace pleiade::router {
namespace {

using testing::Contains;
using testing::HasSubstr;

class RoutingSecrecy : public testing::Test {
  protected:
    std::vector<Decision> decide(std::vector<DocumentReading> documents, PliContext context = post()) const {
        return router->route(context, reading(std::move(documents)));
    }
    const std::unique_ptr<Router> router = delivered_router();
};

struct VoletCase {
    const char* name;
    const char* type;
    std::vector<int> pages;
    std::map<int, int> volets;
    DecisionKind kind;
    const char* expected;
};

TEST_F(RoutingSecrecy, LetsTheVoletDecideWhoSeesThePage) {
    using enum DecisionKind;
    const std::vector<VoletCase> cases = {
        {"medical volet alone", "AAT", {1}, {{1, 1}}, Auto, "595 IJ [] + 595 ELSM [1]"},
        {"administrative volet alone", "AAT", {1}, {{1, 2}}, Auto, "595 IJ [1]"},
        {"both volets", "AAT", {1, 2}, {{1, 1}, {2, 2}}, Auto, "595 IJ [2] + 595 ELSM [1]"},
        {"employer's volet alone is sent on", "AAT", {1}, {{1, 3}}, Auto, "595 HORS [1]"},
        {"employer's volet with the others",
         "AAT",
         {1, 2, 3},
         {{1, 1}, {2, 2}, {3, 3}},
         Auto,
         "595 IJ [2] + 595 ELSM [1] + 595 HORS [3]"},
        {"volet that cannot be told", "AAT", {1}, {}, Keying, "595 IJ [] + 595 ELSM [1]"},
        {"one told, one not", "AAT", {1, 2}, {{1, 2}}, Keying, "595 IJ [1] + 595 ELSM [2]"},
        {"volet that the form does not have", "AAT", {1}, {{1, 7}}, Keying, "595 IJ [] + 595 ELSM [1]"},
        {"employer's volet and an untold page",
         "AAT",
         {1, 2},
         {{1, 3}},
         Keying,
         "595 IJ [] + 595 HORS [1] + 595 ELSM [2]"},
        {"accident certificate", "CM_ATMP", {1, 2}, {{1, 1}, {2, 2}}, Auto, "595 ATMP [2] + 595 ELSM [1]"},
        {"victim's and employer's volets", "CM_ATMP", {1, 2}, {{1, 3}, {2, 4}}, Auto, "595 HORS [1,2]"},
        {"transport agreement", "DAP_TRANSP", {1, 2}, {{1, 1}, {2, 2}}, Auto, "595 ELSM [1,2]"},
        {"transport agreement, all volets",
         "DAP_TRANSP",
         {1, 2, 3},
         {{1, 1}, {2, 2}, {3, 3}},
         Auto,
         "595 ELSM [1,2] + 595 TRANSPORT [3]"},
        {"transport agreement, untold", "DAP_TRANSP", {1}, {}, Keying, "595 ELSM [1]"},
    };
    for (const auto& c : cases) {
        const auto decision = decide({with_volets(master(1, c.type, c.pages), c.volets)}).at(0);
        EXPECT_EQ(shares(decision), c.expected) << c.name;
        EXPECT_EQ(decision.kind, c.kind) << c.name;
        EXPECT_EQ(decision.secrecy, Secrecy::Medical) << c.name;
    }
}

TEST_F(RoutingSecrecy, SendsCopiesToTheAffiliatedCaisseAndTheDocumentToTheProcessingOne) {
    const ConfigCopy config;
    config.append("routing.csv", "AAT;597;595;IJ;2020-01-01;;test;\n");
    const auto decision =
        config.open()->route(post("598"), reading({with_volets(master(1, "AAT", {1, 2}), {{1, 1}, {2, 2}})})).at(0);
    EXPECT_EQ(shares(decision), "595 IJ [2] + 597 ELSM [1]");
}

TEST_F(RoutingSecrecy, FollowsARuleThatRenamesTheMainService) {
    const ConfigCopy config;
    config.append("services.csv", "IJ_POLE;Pôle national des indemnités journalières;no\n");
    config.append("routing.csv", "AAT;595;594;IJ_POLE;2020-01-01;;test;\n");
    const auto decision =
        config.open()->route(post(), reading({with_volets(master(1, "AAT", {1, 2}), {{1, 1}, {2, 2}}),
                                              attachment(2, "BULL_SAL", {3}, 1), attachment(3, "BS_HOSP", {4}, 1)}));
    EXPECT_EQ(shares(decision[0]), "594 IJ_POLE [2] + 595 ELSM [1]");
    EXPECT_EQ(shares(decision[1]), "594 IJ_POLE [3]");
    EXPECT_EQ(shares(decision[2]), "594 IJ_POLE [4]");
}

TEST_F(RoutingSecrecy, ExplainsInFrenchWhoSeesAPageAndWhoDoesNot) {
    const auto decision = decide({with_volets(master(1, "AAT", {1, 2}), {{1, 1}, {2, 2}})}).at(0);
    EXPECT_THAT(decision.reasons,
                Contains("Page 1 : pour le service ELSM (Service médical (échelon local)), sans image pour IJ"));
    const auto untold = decide({master(1, "AAT", {1, 2})}).at(0);
    EXPECT_THAT(untold.reasons, Contains("À vérifier : volet non reconnu (pages 1 et 2), tenu pour médical"));
}

TEST_F(RoutingSecrecy, ShowsAMedicalTypeWithoutVoletsToTheServiceThatTheNomenclatureNames) {
    EXPECT_EQ(shares(decide({master(1, "PROT_ALD", {1, 2})}).at(0)), "595 ELSM [1,2]");
    EXPECT_EQ(shares(decide({master(1, "GROSSESSE", {1})}).at(0)), "595 MATERNITE [1]");
    EXPECT_EQ(shares(decide({master(1, "BS_HOSP", {1})}).at(0)), "595 IJ [1]");
    EXPECT_EQ(decide({master(1, "GROSSESSE", {1})}).at(0).secrecy, Secrecy::Medical);
}

TEST_F(RoutingSecrecy, GivesAnAttachmentTheStricterSecrecyOfItsOwnAndItsMasters) {
    const auto of_sick_leave = decide({with_volets(master(1, "AAT", {1}), {{1, 2}}), attachment(2, "RIB", {2}, 1)});
    EXPECT_EQ(of_sick_leave[1].secrecy, Secrecy::Medical);
    EXPECT_EQ(shares(of_sick_leave[1]), "595 IJ [2]");  // a RIB holds nothing medical: the service that pays sees it
    const auto of_c2s = decide({master(1, "C2S", {1}), attachment(2, "AVIS_IMPOT", {2}, 1)});
    EXPECT_EQ(of_c2s[1].secrecy, Secrecy::Normal);
    const auto medical = decide({master(1, "ATT_SAL_MAL", {1}), attachment(2, "BS_HOSP", {2}, 1)});
    EXPECT_EQ(medical[0].secrecy, Secrecy::Normal);
    EXPECT_EQ(medical[1].secrecy, Secrecy::Medical);
}

TEST_F(RoutingSecrecy, ShowsAMedicalAttachmentOnlyToThoseWhoWouldReceiveItAlone) {
    // A hospital's bulletin is the daily bread of IJ, and none of the business of C2S.
    EXPECT_EQ(shares(decide({master(1, "ATT_SAL_MAL", {1}), attachment(2, "BS_HOSP", {2}, 1)}).at(1)), "595 IJ [2]");
    EXPECT_EQ(shares(decide({master(1, "C2S", {1}), attachment(2, "BS_HOSP", {2}, 1)}).at(1)),
              "595 C2S [] + 595 ELSM [2]");
    EXPECT_EQ(shares(decide({master(1, "PROT_ALD", {1}), attachment(2, "BS_HOSP", {2}, 1)}).at(1)), "595 ELSM [2]");
}

TEST_F(RoutingSecrecy, HoldsEveryDocumentMedicalInAPliForTheMedecinConseil) {
    const auto decisions =
        decide({master(1, "FSP_MED", {1}), master(2, "SECRET_MED", {2, 3}), attachment(3, "IDENTITE", {4}, 2),
                attachment(4, "ORDONNANCE", {5}, 1), with_volets(master(5, "AAT", {6, 7}), {{6, 1}, {7, 2}}),
                master(6, "GROSSESSE", {8}), master(7, "UNKNOWN", {9})});
    for (const auto& decision : decisions) EXPECT_EQ(decision.secrecy, Secrecy::Medical) << decision.document;
    EXPECT_EQ(shares(decisions[0]), "595 FSP [] + 595 ELSM [1]");
    EXPECT_EQ(decisions[0].kind, DecisionKind::Keying);
    EXPECT_THAT(decisions[0].reasons, Contains(HasSubstr("une personne habilitée décide")));
    EXPECT_EQ(shares(decisions[1]), "595 ELSM [2,3]");
    EXPECT_EQ(decisions[1].kind, DecisionKind::Auto);
    EXPECT_EQ(shares(decisions[2]), "595 ELSM [4]");
    EXPECT_EQ(decisions[2].kind, DecisionKind::Auto);
    EXPECT_EQ(shares(decisions[3]), "595 FSP [] + 595 ELSM [5]");
    EXPECT_EQ(shares(decisions[4]), "595 IJ [] + 595 ELSM [6,7]");
    EXPECT_EQ(decisions[4].kind, DecisionKind::Keying);
    EXPECT_EQ(shares(decisions[5]), "595 MATERNITE [8]");
    EXPECT_FALSE(decisions[6].route.has_value());
    // Doubtful or not, and wherever it stands in the pli.
    auto doubtful = master(1, "SECRET_MED", {1});
    doubtful.certain = false;
    EXPECT_EQ(decide({doubtful, master(2, "C2S", {2})}).at(1).secrecy, Secrecy::Medical);
}

// Written again from the contract, apart from the router's own code: may this service see this page of this document?
bool may_see(const Nomenclature& types, const std::vector<DocumentReading>& documents, const DocumentReading& document,
             int page, const std::string& service) {
    if (service == "ELSM") return true;
    const auto* type = types.find(document.type);
    if (type == nullptr) return false;
    const bool for_the_medecin_conseil = std::any_of(documents.begin(), documents.end(),
                                                     [](const DocumentReading& d) { return d.type == "SECRET_MED"; });
    if (type->parts.empty()) {
        if (type->secrecy == Secrecy::Medical) return service == type->service;
        return !for_the_medecin_conseil;
    }
    const auto volet = document.volets.find(page);
    const auto part = std::find_if(type->parts.begin(), type->parts.end(), [&](const Part& candidate) {
        return volet != document.volets.end() && candidate.volet == volet->second;
    });
    return part != type->parts.end() && part->secrecy == Secrecy::Normal && !for_the_medecin_conseil;
}

TEST_F(RoutingSecrecy, NeverShowsAMedicalPageToAServiceThatMayNotSeeItWhateverTheReading) {
    constexpr unsigned kSeed = 20261120;
    std::mt19937 random(kSeed);
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n + 1)); };
    const auto& types = router->nomenclature().types();
    const std::vector<Caisse> caisses = {"595", "597", "593", "624", "131", "971", "999"};
    int shown = 0;
    for (int round = 0; round < 1500; ++round) {
        std::vector<DocumentReading> documents;
        int page = 1;
        for (int id = 1, count = 1 + upto(4); id <= count; ++id) {
            std::vector<int> pages;
            for (int n = 1 + upto(3); n > 0; --n) pages.push_back(page++);
            const int pick = upto(static_cast<int>(types.size()) + 4);
            const auto parts = upto(3) == 0;  // volets are where the danger is
            auto document = master(id,
                                   parts                                   ? "AAT"
                                   : pick < static_cast<int>(types.size()) ? types[static_cast<std::size_t>(pick)].code
                                                                           : "UNKNOWN",
                                   pages);
            document.certain = upto(3) != 0;
            if (upto(2) == 0) {
                document.role = Role::Attachment;
                if (upto(5) != 0) document.attached_to = 1 + upto(count);
            }
            for (const int p : pages) {
                if (upto(4) != 0) document.volets[p] = upto(5);
            }
            documents.push_back(std::move(document));
        }
        auto context = post(caisses[static_cast<std::size_t>(upto(6))]);
        if (upto(3) == 0) context.registered_mail = "1A12345678901";
        const auto decisions = router->route(context, reading(documents));
        ASSERT_EQ(decisions.size(), documents.size());
        for (std::size_t i = 0; i < documents.size(); ++i) {
            const auto& decision = decisions[i];
            ASSERT_EQ(decision.document, documents[i].id);
            ASSERT_TRUE(decision.kind == DecisionKind::Keying || decision.route.has_value());
            if (!decision.route) continue;
            std::multiset<int> seen(decision.route->pages.begin(), decision.route->pages.end());
            std::vector<std::pair<std::string, std::vector<int>>> recipients = {
                {decision.route->service, decision.route->pages}};
            for (const auto& copy : decision.route->copies) {
                ASSERT_FALSE(copy.pages.empty());
                seen.insert(copy.pages.begin(), copy.pages.end());
                recipients.emplace_back(copy.service, copy.pages);
            }
            // Each page of the document is seen by exactly one recipient, and no page of another document by any.
            ASSERT_EQ(std::vector<int>(seen.begin(), seen.end()), documents[i].pages) << "round " << round;
            for (const auto& [service, pages] : recipients) {
                for (const int p : pages) {
                    ++shown;
                    ASSERT_TRUE(may_see(router->nomenclature(), documents, documents[i], p, service))
                        << "round " << round << ": " << documents[i].type << " page " << p << " shown to " << service;
                }
            }
        }
    }
    EXPECT_GT(shown, 2500);
}

}  // namespace
}  // namespace pleiade::router
