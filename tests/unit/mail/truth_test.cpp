#include "tests/mail/truth.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace pleiade::mail {
namespace {

namespace json = boost::json;

const TruthTables& tables() {
    static const TruthTables loaded(std::string(std::getenv("PLEIADE_SOURCE")) + "/deploy/config");
    return loaded;
}

TruthPli pli_with(std::vector<TruthDocument> documents) {
    TruthPli pli{.lot = "L", .pli = "0001", .file = "0001.tif", .addressed = "595", .received_on = "2026-11-20"};
    for (const auto& document : documents) {
        for (const int page : document.pages) pli.pages.push_back({page, PageKind::Document, 0});
    }
    pli.documents = std::move(documents);
    return pli;
}

TruthField field(const std::string& name, const std::string& value) {
    return {{name, value, false, {1, 2, 3, 4}}, 1};
}

TEST(MailTruth, FollowsTheDatedRoutingRules) {
    const auto& feuille = *tables().nomenclature().find("FSP_MED");
    EXPECT_EQ(tables().destination(feuille, "597", "2026-11-20").processed_by, "595");
    EXPECT_EQ(tables().destination(feuille, "624", "2022-05-31").processed_by, "624");
    EXPECT_EQ(tables().destination(feuille, "624", "2022-06-01").processed_by, "595");
    EXPECT_EQ(tables().destination(feuille, "594", "2019-02-28").processed_by, "191");
    EXPECT_EQ(tables().destination(feuille, "598", "2026-11-20").processed_by,
              "595");  // Tourcoing, closed: 597, then 595
    EXPECT_EQ(tables().destination(*tables().nomenclature().find("AME"), "595", "2026-11-20").processed_by, "931");
}

TEST(MailTruth, RoutesAnAttachmentWithItsMaster) {
    TruthDocument form{.id = 1,
                       .type = "C2S",
                       .template_id = "x",
                       .pages = {1},
                       .fields = {field("caisse", "597"), field("nir", "255081416802538")}};
    TruthDocument tax{
        .id = 2, .type = "AVIS_IMPOT", .template_id = "y", .attachment = true, .attached_to = 1, .pages = {2}};
    const auto line = tables().json(pli_with({form, tax}));
    const auto& second = line.at("documents").as_array()[1];
    EXPECT_EQ(second.at("attached_to").as_int64(), 1);
    EXPECT_EQ(second.at("route").at("processed_by").as_string(), "597");
    EXPECT_EQ(second.at("route").at("service").as_string(), "C2S");
    EXPECT_EQ(line.at("documents").as_array()[0].at("to_key").as_array().size(), 0u);
}

TEST(MailTruth, NamesTheWordingOfALetter) {
    TruthDocument letter{.id = 1, .type = "RECLAMATION", .template_id = "x", .wording = "7", .pages = {1}};
    TruthDocument form{.id = 2, .type = "FSP_MED", .template_id = "y", .pages = {2}};
    const auto line = tables().json(pli_with({letter, form}));
    EXPECT_EQ(line.at("documents").as_array()[0].at("wording").as_string(), "7");
    EXPECT_FALSE(line.at("documents").as_array()[1].as_object().contains("wording"));
}

TEST(MailTruth, TellsWhoClaimsBackWhatAThirdPartyCausedAndHurriesAnInitialCertificate) {
    TruthDocument sheet{.id = 1, .type = "FSP_MED", .template_id = "x", .pages = {1}};
    const auto copies = [&] {
        return tables().json(pli_with({sheet})).at("documents").as_array()[0].at("route").at("copies").as_array();
    };
    sheet.ticks["third_party"] = "no";
    EXPECT_TRUE(copies().empty());
    sheet.ticks["third_party"] = "yes";
    ASSERT_EQ(copies().size(), 1u);
    EXPECT_EQ(copies()[0].at("service").as_string(), "RCT");
    EXPECT_EQ(copies()[0].at("pages").as_array().size(), 1u);

    TruthDocument certificate{.id = 1, .type = "CM_ATMP", .template_id = "x", .pages = {1}, .volets = {{1, 2}}};
    certificate.ticks["stage"] = "initial";
    EXPECT_EQ(
        tables().json(pli_with({certificate})).at("documents").as_array()[0].at("route").at("priority").as_string(),
        "P0");
}

TEST(MailTruth, MakesThePliOfASecretMedicalWhole) {
    TruthDocument letter{.id = 1, .type = "SECRET_MED", .template_id = "x", .pages = {1}};
    TruthDocument sheet{.id = 2, .type = "FSP_MED", .template_id = "y", .pages = {2}};
    const auto line = tables().json(pli_with({letter, sheet}));
    EXPECT_EQ(line.at("documents").as_array()[1].at("secrecy").as_string(), "medical");
}

TEST(MailTruth, NamesTheBeneficiaryBeforeTheInsured) {
    const auto fields = contract_fields(
        {field("i.last_name", "LESQUIVIN"), field("p.last_name", "NOIRTIN"), field("i.birth_date", "1960-01-02")});
    EXPECT_EQ(fields.at("last_name").size(), 1u);
    EXPECT_EQ(fields.at("last_name")[0].drawn.value, "NOIRTIN");
    EXPECT_EQ(fields.at("birth_date")[0].drawn.value, "1960-01-02");
}

TEST(MailTruth, RaisesEveryMasterOfARecommandeToP0) {
    TruthPli pli = pli_with({{.id = 1, .type = "RECLAMATION", .template_id = "x", .pages = {1}}});
    EXPECT_EQ(tables().json(pli).at("documents").as_array()[0].at("route").at("priority").as_string(), "P3");
    pli.registered = true;
    EXPECT_EQ(tables().json(pli).at("documents").as_array()[0].at("route").at("priority").as_string(), "P0");
}

}  // namespace
}  // namespace pleiade::mail
