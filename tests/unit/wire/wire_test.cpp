#include <gtest/gtest.h>

#include "common/wire/contract_json.h"
#include "common/wire/convert.h"
#include "common/wire/error_kind.h"

namespace pleiade::wire {
namespace {

PliContext context() {
    PliContext context;
    context.lot = "20261120-595-0001";
    context.pli = "0001";
    context.file = "0001.tif";
    context.caisse = "595";
    context.received_on = "2026-11-20";
    context.registered_mail = "1A12345678901";
    context.original_seen = true;
    return context;
}

Reading reading() {
    Reading reading;
    reading.cpu_ms = 212.44;
    reading.pages.push_back({1, PageKind::Document, 180, Quality::Ok, {{"QRCode", "T", {1, 2, 3, 4}}}, 2480, 3508});
    reading.pages.push_back({2, PageKind::Blank, 0, Quality::TooLight, {}, 2480, 3508});
    DocumentReading document;
    document.id = 1;
    document.type = "AAT";
    document.confidence = 0.99149;
    document.certain = true;
    document.pages = {1};
    document.volets = {{1, 2}};
    document.ticks = {{"third_party", "yes", false, 1}, {"stage", "", true, 1}};
    document.reasons = {{"cerfa 10170 lu", 1, {1580, 140, 90, 20}}};
    document.fields["nir"] = {{"255081416802538", 0.998, FieldStatus::Valid, 1, {310, 620, 840, 60}}};
    document.fields["finess"] = {{"590780193", 0.9, FieldStatus::Valid, 1, {}},
                                 {"060785011", 0.9, FieldStatus::Unchecked, 1, {}}};
    reading.documents.push_back(document);
    DocumentReading attached;
    attached.id = 2;
    attached.type = "RIB";
    attached.role = Role::Attachment;
    attached.attached_to = 1;
    reading.documents.push_back(attached);
    return reading;
}

std::vector<Decision> decisions() {
    Decision decision;
    decision.document = 1;
    decision.kind = DecisionKind::Auto;
    decision.secrecy = Secrecy::Medical;
    decision.to_key = {"period_to"};
    decision.affiliation = {"595", "addressed"};
    decision.route = Route{"595",
                           "IJ",
                           {},
                           Priority::P1,
                           "nomenclature AAT",
                           "2026-11-20T18:00:00+01:00",
                           std::nullopt,
                           "",
                           {{"595", "ELSM", {1}}}};
    decision.reasons = {"volet 1"};
    return {decision};
}

TEST(Wire, BringsAReadingBackAsItWas) {
    const auto before = reading();
    const auto after = from_proto(to_proto(before));
    EXPECT_EQ(contract_json(context(), after, {}), contract_json(context(), before, {}));
    EXPECT_EQ(after.pages[0].codes[0].box, (Box{1, 2, 3, 4}));
    EXPECT_EQ(after.pages[0].width, 2480);
    EXPECT_TRUE(after.documents[0].certain);
    EXPECT_EQ(after.documents[0].volets.at(1), 2);
    ASSERT_EQ(after.documents[0].ticks.size(), 2u);
    EXPECT_EQ(after.documents[0].ticks[0].answer, "yes");
    EXPECT_TRUE(after.documents[0].ticks[1].doubtful);
    EXPECT_EQ(after.documents[0].reasons[0].box, (Box{1580, 140, 90, 20}));
    EXPECT_EQ(after.documents[1].attached_to, 1);
}

TEST(Wire, BringsDecisionsBackAsTheyWere) {
    auto before = decisions();
    before[0].route->legal_due = "2026-12-05";
    before[0].route->legal_rule = "15 jours";
    const auto after = from_proto(to_proto(before));
    EXPECT_EQ(contract_json(context(), reading(), after), contract_json(context(), reading(), before));
    EXPECT_EQ(after[0].keyed_by, "platform");
}

TEST(Wire, BringsAPliBackAsItWas) {
    const auto after = from_proto(to_proto(context()));
    EXPECT_EQ(after.registered_mail, "1A12345678901");
    EXPECT_EQ(after.original_seen, true);
    const auto page = from_proto(to_proto(PageRef{0, 2, 1, PageKind::Envelope}));
    EXPECT_EQ(page.known, PageKind::Envelope);
    EXPECT_EQ(page.file, 2);
    EXPECT_FALSE(from_proto(to_proto(PageRef{1, 0, 0, std::nullopt})).known);
}

TEST(Wire, ReadsAnUnknownWordAsTheSafestValue) {
    v1::Decision decision;
    decision.set_kind("automatique");
    decision.set_secrecy("whatever");
    EXPECT_EQ(from_proto(decision).kind, DecisionKind::Keying);
    EXPECT_EQ(from_proto(decision).secrecy, Secrecy::Medical);
}

TEST(ContractJson, HasTheShapeThatScriptsRelyOn) {
    const auto line = contract_json(context(), reading(), decisions());
    EXPECT_EQ(
        boost::json::serialize(line.at("pages").at(0)),
        R"({"page":1,"kind":"document","rotation":180,"quality":"ok","codes":[{"symbology":"QRCode","text":"T"}]})");
    const auto& document = line.at("documents").at(0);
    EXPECT_EQ(document.at("confidence").as_double(), 0.991);
    EXPECT_TRUE(document.at("attached_to").is_null());
    EXPECT_EQ(boost::json::serialize(document.at("fields").at("nir")),
              R"({"value":"255081416802538","confidence":9.98E-1,"status":"valid","page":1,"box":[310,620,840,60]})");
    EXPECT_TRUE(document.at("fields").at("finess").is_array());
    EXPECT_EQ(boost::json::serialize(document.at("route").at("copies")),
              R"([{"processed_by":"595","service":"ELSM","pages":[1]}])");
    EXPECT_TRUE(document.at("route").at("legal_due").is_null());
    EXPECT_EQ(document.at("reasons").as_array().size(), 2u);
}

TEST(ContractJson, IsMedicalUntilADecisionSaysOtherwise) {
    EXPECT_EQ(contract_json(context(), reading(), {}).at("documents").at(0).at("secrecy").as_string(), "medical");
}

TEST(ErrorKinds, AreReadAsTheyWereSaid) {
    for (const ErrorKind kind :
         {ErrorKind::Invalid, ErrorKind::Unavailable, ErrorKind::Conflict, ErrorKind::NotFound}) {
        EXPECT_EQ(error_kind_of(word_of(kind)), kind);
    }
    EXPECT_EQ(error_kind_of("of tomorrow"), ErrorKind::Invalid);
    EXPECT_EQ(error_kind_of(""), ErrorKind::Invalid);
}

}  // namespace
}  // namespace pleiade::wire
