#include "services/reader/attachments.h"

#include <gtest/gtest.h>

#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

std::vector<DocumentReading> pli_of(const std::vector<std::string>& types) {
    std::vector<DocumentReading> documents;
    for (const auto& type : types) {
        DocumentReading document;
        document.id = static_cast<int>(documents.size()) + 1;
        document.type = type;
        documents.push_back(document);
    }
    assign_roles(documents, shipped_tables().attachments, shipped_nomenclature());
    return documents;
}

TEST(Attachments, HangFromTheNearestPrecedingMasterThatCallsForThem) {
    const auto pli = pli_of({"FSP_MED", "C2S", "AVIS_IMPOT", "ORDONNANCE"});
    EXPECT_EQ(pli[2].attached_to, 2);
    EXPECT_EQ(pli[3].attached_to, 1) << "C2S calls for no ordonnance, the feuille de soins does";
}

TEST(Attachments, HangFromTheFirstMasterWhenNoneCallsForThem) {
    const auto pli = pli_of({"DECL_MT", "VITALE", "AVIS_IMPOT"});
    EXPECT_EQ(pli[2].attached_to, 1);
}

TEST(Attachments, ThatComeFirstHangFromTheFirstMaster) {
    const auto pli = pli_of({"ORDONNANCE", "FSP_MED"});
    EXPECT_EQ(pli[0].attached_to, 2);
}

TEST(Attachments, OfEitherKindAreMastersOnlyWithoutAnotherMaster) {
    EXPECT_EQ(pli_of({"RIB"})[0].role, Role::Master);
    EXPECT_EQ(pli_of({"RIB", "CHGT_ADRESSE"})[0].role, Role::Attachment);
    const auto pli = pli_of({"IDENTITE", "RIB"});
    EXPECT_EQ(pli[1].role, Role::Master);
    EXPECT_EQ(pli[0].attached_to, 2);
}

TEST(Attachments, AnUnknownDocumentStandsForItself) {
    const auto pli = pli_of({"UNKNOWN", "ORDONNANCE"});
    EXPECT_EQ(pli[0].role, Role::Master);
    EXPECT_EQ(pli[1].attached_to, 1);
}

TEST(Attachments, ATableThatNamesAMasterAsAttachmentIsRefusedWithItsPlace) {
    const auto table =
        AttachmentTable::parse("master;attachments\nC2S;RIB|DAT\n", "attachments.csv", shipped_nomenclature());
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, "CONFIG_INVALID");
    EXPECT_NE(table.error().message.find("attachments.csv:2:5"), std::string::npos) << table.error().message;
}

}  // namespace
}  // namespace pleiade::reader
