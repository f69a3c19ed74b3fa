
#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

class Ledger : public MailRoom {};
class LedgerFile : public MailRoom {};

TEST_P(Ledger, AnswersARegistrationSaidTwiceAsTheFirstTime) {
    const v1::Register pli = pli_of("L1", "0001", 2, "a");
    const auto first = register_pli(pli, digest("key"));
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(first->seen_before());
    EXPECT_EQ(first->pli_id(), digest("key").substr(0, 32));

    restart();
    const auto again = register_pli(pli, digest("key"));
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(again->seen_before());
    EXPECT_EQ(again->pli_id(), first->pli_id());
    EXPECT_EQ(status().plis_registered(), 1);
    EXPECT_EQ(status().pages_scanned(), 2);
    expect_whole();
}

TEST_P(Ledger, RefusesAPliThatMakesNoSense) {
    v1::Register no_page = pli_of("L1", "0001", 1, "a");
    no_page.clear_pages();
    v1::Register page_of_no_file = pli_of("L1", "0001", 1, "a");
    page_of_no_file.mutable_pages(0)->set_file(3);
    v1::Register page_twice = pli_of("L1", "0001", 2, "a");
    page_twice.mutable_pages(1)->set_page(1);
    v1::Register no_digest = pli_of("L1", "0001", 1, "a");
    no_digest.mutable_files(0)->set_sha256("short");
    v1::Register no_lot = pli_of("", "0001", 1, "a");
    for (const auto& pli : {no_page, page_of_no_file, page_twice, no_digest, no_lot}) {
        const auto refused = register_pli(pli, digest("key"));
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().code, "PLI_INVALID");
    }
    EXPECT_EQ(register_pli(pli_of("L1", "0001", 1, "a"), "").error().code, "KEY_REQUIRED");
    EXPECT_EQ(status().plis_received(), 0);
    expect_whole();
}

TEST_P(Ledger, HoldsThePliWhoseFilesCameInAnotherLot) {
    register_pli(pli_of("L1", "0001", 1, "same"), digest("k1")).value();
    const auto other_rank = register_pli(pli_of("L1", "0002", 1, "same"), digest("k2"));
    EXPECT_FALSE(other_rank->held_duplicate());  // two equal sheets of one lot are two plis
    const auto twin = register_pli(pli_of("L2", "0001", 1, "same"), digest("k3"));
    ASSERT_TRUE(twin.has_value());
    EXPECT_TRUE(twin->held_duplicate());
    EXPECT_EQ(pli_state(twin->pli_id()), "HELD");
    EXPECT_EQ(status().plis_held(), 1);
    EXPECT_EQ(status().plis_in_flight(), 2);
    EXPECT_TRUE(lease("r1").has_value());
    EXPECT_TRUE(lease("r2").has_value());
    EXPECT_FALSE(lease("r3").has_value());  // nobody reads what a person has to look at
    expect_whole();
}

TEST_P(Ledger, RefusesAnotherContentUnderTheNumberOfALot) {
    EXPECT_FALSE(open_lot("L1", 2, "content").value().seen_before());
    EXPECT_TRUE(open_lot("L1", 2, "content").value().seen_before());
    const auto other = open_lot("L1", 2, "other content");
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, "REJ_DUPLICATE_LOT");
    EXPECT_EQ(other.error().kind, ErrorKind::Conflict);

    register_pli(pli_of("L1", "0001", 1, "a"), digest("k1")).value();
    const auto same_rank = register_pli(pli_of("L1", "0001", 1, "b"), digest("k2"));
    ASSERT_FALSE(same_rank.has_value());
    EXPECT_EQ(same_rank.error().code, "REJ_DUPLICATE_LOT");
    EXPECT_EQ(status().plis_announced(), 2);
    EXPECT_EQ(status().plis_missing(), 1);
    expect_whole();
}

TEST_P(Ledger, ExplainsEveryAnnouncedPli) {
    open_lot("L1", 3).value();
    EXPECT_EQ(status().plis_missing(), 3);
    register_new("L1", "0001");
    reject("L1", "0002", "REJ_FILE_TRUNCATED", "r1").value();
    EXPECT_EQ(status().plis_announced(), 3);
    EXPECT_EQ(status().plis_received(), 2);
    EXPECT_EQ(status().plis_registered(), 1);
    EXPECT_EQ(status().plis_rejected(), 1);
    EXPECT_EQ(status().plis_missing(), 1);

    register_new("L1", "0003");
    register_new("L1", "0004");  // more than it announced: it has announced as many
    EXPECT_EQ(status().plis_announced(), 4);
    EXPECT_EQ(status().plis_missing(), 0);
    expect_whole();
}

TEST_P(Ledger, CountsARejectionOnce) {
    EXPECT_FALSE(reject("L1", "0001", "REJ_FILE_EMPTY", "k1").value().seen_before());
    EXPECT_TRUE(reject("L1", "0001", "REJ_FILE_EMPTY", "k1").value().seen_before());
    // After a restart ingest may find the same fault under another name.
    EXPECT_TRUE(reject("L1", "0001", "REJ_DECODER_CRASH", "k2").value().seen_before());
    EXPECT_EQ(status().plis_rejected(), 1);
    ASSERT_EQ(reader_->rejections(10).rejections_size(), 1);
    EXPECT_EQ(reader_->rejections(10).rejections(0).code(), "REJ_FILE_EMPTY");
    expect_whole();
}

TEST_P(Ledger, CountsARejectedLotAsOnePliUnlessItWasOpened) {
    reject("L1", "", "REJ_MANIFEST_INVALID", "k1").value();
    EXPECT_EQ(status().plis_announced(), 1);
    EXPECT_EQ(status().plis_received(), 1);
    EXPECT_EQ(status().plis_rejected(), 1);
    open_lot("L1", 2).value();  // put right and dropped again
    EXPECT_EQ(status().plis_announced(), 3);
    EXPECT_EQ(status().plis_missing(), 2);
    register_new("L1", "0001");
    reject("L1", "", "REJ_TOO_LARGE", "k2").value();  // the rest of it
    EXPECT_EQ(status().plis_announced(), 3);
    EXPECT_EQ(status().plis_rejected(), 2);
    EXPECT_EQ(status().plis_missing(), 0);
    reject("L1", "", "REJ_DUPLICATE_LOT", "k3").value();  // another delivery under the same number
    EXPECT_EQ(status().plis_announced(), 4);
    EXPECT_EQ(status().plis_rejected(), 3);
    expect_whole();
}

TEST_P(Ledger, LetsARegistrationTakeTheRejectionsPlace) {
    reject("L1", "0001", "REJ_DECODER_LIMIT", "k1").value();
    register_new("L1", "0001");
    EXPECT_EQ(status().plis_received(), 1);
    EXPECT_EQ(status().plis_registered(), 1);
    EXPECT_EQ(status().plis_rejected(), 0);
    EXPECT_EQ(reject("L1", "0001", "REJ_DECODER_LIMIT", "k2").error().code, "ALREADY_REGISTERED");
    expect_whole();
}

TEST_P(Ledger, KeepsWhatWasCommittedAndForgetsWhatWasNot) {
    register_new("L1", "0001");
    ledger_->begin();
    ASSERT_TRUE(ledger_->register_pli({"ingest", digest("late"), ""}, pli_of("L1", "0002", 1, "late")).has_value());
    restart();  // before its commit
    EXPECT_EQ(status().plis_registered(), 1);
    EXPECT_FALSE(register_pli(pli_of("L1", "0002", 1, "late"), digest("late")).value().seen_before());
    EXPECT_EQ(status().plis_registered(), 2);
    expect_whole();
}

TEST_P(LedgerFile, RefusesASecondHub) {
    EXPECT_THROW(open_sqlite_ledger(options_), std::runtime_error);
}

TEST_P(LedgerFile, StopsTheHubThatWasOvertaken) {
    ASSERT_TRUE(store_->tamper("UPDATE epoch SET epoch = epoch + 1"));
    EXPECT_THROW(ledger_->begin(), std::runtime_error);
}

TEST_P(Ledger, CountsItsLives) {
    const auto first = ledger_->epoch();
    restart();
    EXPECT_EQ(ledger_->epoch(), first + 1);
    EXPECT_EQ(status().epoch(), first + 1);
}

TEST_P(Ledger, RemembersHowManyReadersAreWanted) {
    EXPECT_EQ(ledger_->readers_wanted(), 0);
    ledger_->begin();
    ledger_->want_readers({"desk", "", ""}, 3);
    ledger_->commit();
    restart();
    EXPECT_EQ(ledger_->readers_wanted(), 3);
}

ON_BOTH_ENGINES(Ledger);
ON_ONE_ENGINE(LedgerFile, Engine::Sqlite);

}  // namespace
}  // namespace pleiade::ledger
