#include "services/gateway/visibility.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

namespace {

using fake::document_id;
using fake::DocumentBuilder;

DocumentBuilder aat() {
    return DocumentBuilder(1, 1, "AAT")
        .pages({1, 2, 3})
        .to("595", "IJ", "P1", {2})
        .copy("595", "ELSM", {1, 2})
        .medical(true)
        .rotation(2, 180);
}

TEST(Visibility, ReadsARecipient) {
    EXPECT_EQ(recipient_from("595-IJ"), (Recipient{"595", "IJ"}));
    EXPECT_EQ(recipient_from("931-C2S_REC"), (Recipient{"931", "C2S_REC"}));
    for (const char* text : {"", "595", "595-", "59-IJ", "595-ij", "595_IJ", "595-IJ/..", "5a5-IJ"}) {
        EXPECT_FALSE(recipient_from(text)) << text;
    }
}

TEST(Visibility, ARecipientSeesItsPagesOnly) {
    const auto view = aat().build();
    EXPECT_EQ(pages_for(view, {"595", "IJ"}).value(), std::vector<int>({2}));
    EXPECT_EQ(pages_for(view, {"595", "ELSM"}).value(), std::vector<int>({1, 2}));
    EXPECT_EQ(pages_for(view, {"595", "FSP"}).error().code, "NOT_A_RECIPIENT");
    EXPECT_EQ(pages_for(view, {"594", "IJ"}).error().code, "NOT_A_RECIPIENT");
}

TEST(Visibility, NobodySeesADocumentThatIsNotInItsQueueYet) {
    for (const char* state :
         {"READ", "TO_KEY", "KEYING", "RETURNED", "HELD", "QUARANTINED", "RESCAN_REQUESTED", "PURGED", ""}) {
        EXPECT_FALSE(pages_for(aat().state(state).build(), {"595", "IJ"})) << state;
    }
    for (const char* state : {"QUEUED", "TAKEN", "DELIVERED", "CLOSED"}) {
        EXPECT_TRUE(pages_for(aat().state(state).build(), {"595", "IJ"})) << state;
    }
}

TEST(Visibility, NeverAPageOfAnotherDocument) {
    const auto view = DocumentBuilder(1, 1, "RIB").pages({4}).to("595", "GDB", "P3", {3, 4, 5}).build();
    EXPECT_EQ(pages_for(view, {"595", "GDB"}).value(), std::vector<int>({4}));
}

TEST(Visibility, AMedicalVoletIsRefusedToTheCaissesService) {
    Harness harness;
    harness.desk.add(aat().build());
    const std::string document = "/api/v1/documents/" + document_id(1, 1);
    for (const char* form : {"", ".png", ".jpg"}) {
        const auto refused = harness.get(document + "/pages/1" + form + "?recipient=595-IJ");
        EXPECT_EQ(refused.status, 403);
        EXPECT_EQ(refused.code(), "PAGE_NOT_FOR_RECIPIENT");
        EXPECT_EQ(harness.get(document + "/pages/2" + form + "?recipient=595-IJ").status, 200);
        EXPECT_EQ(harness.get(document + "/pages/1" + form + "?recipient=595-ELSM").status, 200);
        EXPECT_EQ(harness.get(document + "/pages/3" + form + "?recipient=595-ELSM").code(), "PAGE_NOT_FOR_RECIPIENT");
    }
    EXPECT_EQ(harness.get(document + "/pages/2.png?recipient=595-FSP").code(), "NOT_A_RECIPIENT");
    EXPECT_EQ(harness.get(document + "/pages/2.png?recipient=junk").code(), "RECIPIENT_MISSING");
    EXPECT_EQ(harness.get(document + "/pages/7.png").code(), "PAGE_NOT_IN_DOCUMENT");
}

TEST(Visibility, ThePdfHoldsTheRecipientsPagesUpright) {
    Harness harness;
    harness.desk.add(aat().build());
    const std::string document = "/api/v1/documents/" + document_id(1, 1);
    const auto pdf = harness.get(document + ".pdf?recipient=595-IJ");
    ASSERT_EQ(pdf.status, 200);
    EXPECT_EQ(pdf.headers.at("content-type"), "application/pdf");
    ASSERT_EQ(harness.binder.last.size(), 1U);
    EXPECT_EQ(harness.binder.last[0].index, 1);
    EXPECT_EQ(harness.binder.last[0].rotation, 180);
    EXPECT_EQ(harness.get(document + ".pdf?recipient=595-ELSM").status, 200);
    EXPECT_EQ(harness.binder.last.size(), 2U);
    EXPECT_EQ(harness.get(document + ".pdf").code(), "RECIPIENT_MISSING");
    EXPECT_EQ(harness.get(document + ".pdf?recipient=594-IJ").code(), "NOT_A_RECIPIENT");
}

TEST(Visibility, AServiceWithoutAnyPageStillGetsItsIndex) {
    Harness harness;
    harness.desk.add(
        DocumentBuilder(2, 1, "AAT").pages({1}).to("595", "IJ", "P1", {}).copy("595", "ELSM", {1}).build());
    const std::string document = "/api/v1/documents/" + document_id(2, 1);
    EXPECT_EQ(harness.get(document + ".pdf?recipient=595-IJ").code(), "PAGE_NOT_FOR_RECIPIENT");
    const auto index = harness.get(document + "/index.json?recipient=595-IJ").json();
    EXPECT_TRUE(index.at("pages").as_array().empty());
    EXPECT_FALSE(index.contains("pdf"));
    const auto full = harness.get(document + "/index.json?recipient=595-ELSM").json();
    EXPECT_EQ(full.at("pages").as_array().size(), 1U);
    EXPECT_TRUE(full.contains("pdf"));
}

TEST(Visibility, WhatTheVaultOrTheDecoderRefusesIsSaid) {
    Harness harness;
    harness.desk.add(aat().build());
    const std::string document = "/api/v1/documents/" + document_id(1, 1);
    harness.images.error = Error{ErrorKind::Invalid, "FILE_ALTERED", "digest"};
    EXPECT_EQ(harness.get(document + "/pages/1.png").code(), "FILE_ALTERED");
    harness.images.error = Error{ErrorKind::Invalid, "REJ_DECODER_LIMIT", "memory"};
    EXPECT_EQ(harness.get(document + "/pages/1.png").code(), "IMAGE_UNREADABLE");
    harness.binder.error = Error{ErrorKind::Unavailable, "BINDER_UNAVAILABLE", "no program"};
    EXPECT_EQ(harness.get(document + ".pdf?recipient=595-IJ").status, 503);
}

}  // namespace

}  // namespace pleiade::gateway
