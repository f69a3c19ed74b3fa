#include "common/ledger/verify.h"

#include <filesystem>

#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

class VerifyFile : public MailRoom {};

class Verify : public MailRoom {
  protected:
    void fill() {
        open_lot("L1", 4).value();
        queue_one("L1", "0001");
        const auto taken = take(from_queue("595", "IJ"))->documents(0);
        acknowledge(taken, "ij-1").value();
        queue_one("L1", "0002");
        register_new("L1", "0003", 3);
        reject("L1", "0004", "REJ_FILE_EMPTY", "k").value();
        ledger_.reset();
        reader_.reset();
    }
};

TEST_P(Verify, FindsNothingInASoundLedger) {
    fill();
    const auto verified = verify(options_.url, options_.folder, nullptr);
    ASSERT_TRUE(verified.has_value()) << verified.error().message;
    EXPECT_EQ(verified->plis, 3);
    EXPECT_EQ(verified->documents, 2);
    EXPECT_EQ(verified->deliveries, 2);
    EXPECT_EQ(verified->pages, 5);
    EXPECT_EQ(verified->lots, 1);
    EXPECT_GT(verified->audit_entries, 10);
    EXPECT_EQ(verified->head.size(), 64u);
}

TEST_P(Verify, WorksWhileTheHubWrites) {
    open_lot("L1", 4).value();
    ledger_->begin();
    ASSERT_TRUE(ledger_->register_pli({"ingest", digest("k"), ""}, pli_of("L1", "0001", 1, "a")).has_value());
    expect_whole();
    ledger_->commit();
    expect_whole();
}

TEST_P(Verify, FindsEachChangeOfTheAuditJournal) {
    const char* const mutations[] = {
        "UPDATE audit SET actor = 'nobody' WHERE seq = 3",
        "UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 5",
        "UPDATE audit SET kind = 'pli.read' WHERE seq = 4",
        "UPDATE audit SET to_state = 'READ' WHERE seq = 3",
        "UPDATE audit SET detail = detail || ' ' WHERE seq = 6",
        "UPDATE audit SET hash = zeroblob(32) WHERE seq = 7",
        "UPDATE audit SET prev = zeroblob(32) WHERE seq = 7",
        "DELETE FROM audit WHERE seq = 4",
        "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT seq + 1, at_ms, kind, pli_n, document, actor, from_state, to_state, code, ref, "
        "detail, prev, hash FROM audit ORDER BY seq DESC LIMIT 1",
        "UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit SET seq = 5 "
        "WHERE seq = -1",
        "UPDATE audit_head SET seq = seq - 1",
    };
    fill();
    store_->keep();
    for (const char* const mutation : mutations) {
        store_->put_back();
        options_.url = store_->url();
        ASSERT_TRUE(store_->tamper(mutation)) << mutation;
        const auto verified = verify(options_.url, options_.folder, nullptr);
        ASSERT_FALSE(verified.has_value()) << mutation;
        EXPECT_EQ(verified.error().code, "AUDIT_BROKEN") << mutation;
    }
}

TEST_P(Verify, FindsEachStateThatItsAuditDoesNotSay) {
    const std::pair<const char*, const char*> mutations[] = {
        {"UPDATE pli SET state = 'READ' WHERE pli = '0003'", "STATE_NOT_ITS_AUDIT"},
        {"UPDATE document SET state = 'CLOSED' WHERE state = 'QUEUED'", "STATE_NOT_ITS_AUDIT"},
        {"UPDATE delivery SET state = 'CLOSED' WHERE state = 'QUEUED'", "STATE_NOT_ITS_AUDIT"},
        {"UPDATE delivery SET caisse = '621' WHERE state = 'QUEUED'", "STATE_NOT_ITS_AUDIT"},
        {"DELETE FROM delivery WHERE state = 'CLOSED'", "STATE_NOT_ITS_AUDIT"},
        {"DELETE FROM document WHERE state = 'QUEUED'", "STATE_NOT_ITS_AUDIT"},
        {"DELETE FROM rejection", "EQUATION_BROKEN"},
        {"UPDATE pli SET id = 'ffffffffffffffffffffffffffffffff' WHERE pli = '0003'", "CONTENT_ALTERED"},
        {"UPDATE file SET sha256 = replace(sha256, substr(sha256, 1, 1), 'g') WHERE pli_n = 1", "CONTENT_ALTERED"},
        {"DELETE FROM page WHERE pli_n = 3 AND page = 2", "CONTENT_ALTERED"},
        {"UPDATE page SET kind = 'blank', document = 0 WHERE pli_n = 1", "CONTENT_ALTERED"},
        {"UPDATE reading SET reading = x''", "CONTENT_ALTERED"},
        {"UPDATE reading SET decisions = x''", "CONTENT_ALTERED"},
        {"UPDATE totals SET pages_scanned = pages_scanned + 1, pages_blank = pages_blank + 1", "EQUATION_BROKEN"},
        {"UPDATE totals SET received = received + 1", "EQUATION_BROKEN"},
        {"UPDATE lot SET received = received + 1, registered = registered + 1", "EQUATION_BROKEN"},
    };
    fill();
    store_->keep();
    for (const auto& [mutation, code] : mutations) {
        store_->put_back();
        options_.url = store_->url();
        ASSERT_TRUE(store_->tamper(mutation)) << mutation;
        const auto verified = verify(options_.url, options_.folder, nullptr);
        ASSERT_FALSE(verified.has_value()) << mutation;
        EXPECT_EQ(verified.error().code, code) << mutation << ": " << verified.error().message;
    }
}

TEST_P(VerifyFile, SaysThatThereIsNoLedger) {
    EXPECT_EQ(verify(folder_ / "elsewhere", nullptr).error().code, "LEDGER_UNREADABLE");
    test::write_file(std::filesystem::path(folder_ / "odd") / "ledger.sqlite",
                     "this is not a database, it only says so");
    EXPECT_EQ(verify(folder_ / "odd", nullptr).error().code, "LEDGER_DAMAGED");
}

TEST_P(Verify, TheStoreItselfRefusesToBreakAnEquation) {
    fill();
    for (const char* const sql :
         {"UPDATE totals SET received = received + 1", "UPDATE totals SET doc_closed = doc_closed + 1",
          "UPDATE totals SET pages_blank = pages_blank - 1", "UPDATE totals SET missing = -1",
          "UPDATE lot SET received = received + 1"}) {
        EXPECT_TRUE(store_->refuses(sql)) << sql;
    }
}

TEST_P(Verify, RefusesTheSchemaOfANewerProgram) {
    fill();
    store_->say_schema(99);
    EXPECT_THROW(open(), std::runtime_error);
}

ON_BOTH_ENGINES(Verify);
ON_ONE_ENGINE(VerifyFile, Engine::Sqlite);

}  // namespace
}  // namespace pleiade::ledger
