// 2D-Doc codes and machine-readable zones as a document's type, fields and reasons.
#include <gtest/gtest.h>

#include "services/reader/sealed_codes.h"
#include "services/reader/stated_fields.h"
#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"
#include "tests/unit/reader/two_d_doc_samples.h"

namespace pleiade::reader {
namespace {

using two_d_doc::kBankV3;
using two_d_doc::kForeignerV4;
using two_d_doc::kTaxV4;

TypageTables tables_trusting(const std::string& keys) {
    auto tables = *load_tables("deploy/config", shipped_nomenclature());
    tables.two_d_doc.trust = *two_d_doc::TrustList::parse(keys, "keys.csv");
    return tables;
}

DocumentReading read_with(const std::string& code, const std::string& keys, const std::vector<DrawnLine>& lines) {
    auto page = drawn_read(1, lines);
    page.reading.codes.push_back({"DataMatrix", code, {50, 60, 70, 80}});
    PliContext context;
    context.received_on = "2026-11-20";
    return find_documents({page}, context, shipped_nomenclature(), tables_trusting(keys)).at(0);
}

bool says(const DocumentReading& document, const std::string& text) {
    return std::any_of(document.reasons.begin(), document.reasons.end(),
                       [&](const Reason& reason) { return reason.text.find(text) != std::string::npos; });
}

const std::vector<DrawnLine> kFewLines = {{"Votre document", 300}, {"Conservez cette page", 400}};

TEST(TwoDDocReading, NamesATypeAndGivesValidFieldsWhenVerified) {
    const auto document = read_with(kTaxV4, two_d_doc::specimen_trust(), kFewLines);
    EXPECT_EQ(document.type, "AVIS_IMPOT");
    EXPECT_TRUE(says(document, "2D-Doc « Avis d'impôt sur les revenus (V2) » : signature vérifiée"));
    ASSERT_EQ(document.fields.count("postal_code"), 1U);
    EXPECT_EQ(document.fields.at("postal_code")[0].value, "78320");
    EXPECT_EQ(document.fields.at("postal_code")[0].status, FieldStatus::Valid);
    EXPECT_EQ(document.fields.at("postal_code")[0].box, (Box{50, 60, 70, 80}));
}

TEST(TwoDDocReading, SaysThatItCouldNotVerifyWithTheShippedList) {
    auto page = drawn_read(1, kFewLines);
    page.reading.codes.push_back({"DataMatrix", kForeignerV4, {50, 60, 70, 80}});
    const auto document = documents_of({page}).at(0);
    EXPECT_EQ(document.type, "IDENTITE");
    EXPECT_TRUE(says(document, "signature non vérifiée"));
    EXPECT_EQ(document.fields.at("birth_date")[0].status, FieldStatus::Unchecked);
}

TEST(TwoDDocReading, ShowsAForgeryAndTakesNothingFromIt) {
    auto forged = kBankV3;
    forged.replace(forged.find("157845Z02"), 9, "157846Z02");
    const auto document = read_with(forged, two_d_doc::specimen_trust(), kFewLines);
    EXPECT_TRUE(says(document, "signature fausse"));
    EXPECT_EQ(document.fields.count("iban"), 0U);
}

TEST(TwoDDocReading, ShowsACodeThatCannotBeRead) {
    EXPECT_TRUE(says(read_with("DC09FR00", two_d_doc::specimen_trust(), kFewLines), "version inconnue"));
    EXPECT_TRUE(says(read_with("DC04FR00", two_d_doc::specimen_trust(), kFewLines), "incomplet"));
}

TEST(TwoDDocReading, KeepsAnEnergyBillsCodeFromBeingABankStatement) {
    const auto document = read_with(two_d_doc::kAddressV2, two_d_doc::specimen_trust(), kFewLines);
    EXPECT_NE(document.type, "RIB");
    EXPECT_TRUE(says(document, "2D-Doc « Facture » : signature vérifiée"));
}

FieldValue value_of(const char* text, FieldStatus status) {
    return {text, 0.9, status, 1, {1, 2, 3, 4}};
}

TEST(StatedFields, TakeThePlaceOfWhatWasReadLessSurely) {
    Fields fields = {{"last_name", {value_of("SPEC1MEN", FieldStatus::Unchecked)}}};
    std::vector<Reason> reasons;
    join_stated({{"last_name", value_of("SPECIMEN", FieldStatus::Valid)}}, fields, reasons);
    ASSERT_EQ(fields["last_name"].size(), 1U);
    EXPECT_EQ(fields["last_name"][0].value, "SPECIMEN");
    EXPECT_TRUE(reasons.empty());
}

TEST(StatedFields, LeaveNeitherValidWhereThePageSaysAnother) {
    Fields fields = {{"iban", {value_of("FR7630006000011234567890189", FieldStatus::Valid)}}};
    std::vector<Reason> reasons;
    join_stated({{"iban", value_of("FR7030002005500000157845Z02", FieldStatus::Valid)}}, fields, reasons);
    ASSERT_EQ(fields["iban"].size(), 2U);
    for (const auto& value : fields["iban"]) EXPECT_EQ(value.status, FieldStatus::Unchecked);
    ASSERT_EQ(reasons.size(), 1U);
    EXPECT_EQ(reasons[0].text, "la page et son code ne disent pas la même chose (IBAN)");
}

TEST(StatedFields, OfTwoPersonsAreNotSure) {
    Fields fields;
    std::vector<Reason> reasons;
    join_stated({{"birth_date", value_of("1973-07-12", FieldStatus::Valid)},
                 {"birth_date", value_of("1965-12-06", FieldStatus::Valid)}},
                fields, reasons);
    ASSERT_EQ(fields["birth_date"].size(), 2U);
    for (const auto& value : fields["birth_date"]) EXPECT_EQ(value.status, FieldStatus::Unchecked);
}

TEST(StatedFields, NeverWeakenWhatIsValidByWhatIsNot) {
    Fields fields = {{"birth_date", {value_of("1973-07-12", FieldStatus::Valid)}}};
    std::vector<Reason> reasons;
    join_stated({{"birth_date", value_of("1965-12-06", FieldStatus::Unchecked)}}, fields, reasons);
    ASSERT_EQ(fields["birth_date"].size(), 1U);
    EXPECT_EQ(fields["birth_date"][0].status, FieldStatus::Valid);
}

}  // namespace
}  // namespace pleiade::reader
