// A store of the first schema, brought up to date when the hub opens it.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/audit_chain.h"
#include "common/ledger/sqlite/schema.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "common/ledger/sqlite/store_guard.h"
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

class Migration : public KeyingRoom {
  protected:
    // One read and routed pli that waits for a person, as the first schema wrote it.
    void write_first_schema() {
        ledger_.reset();
        reader_.reset();
        std::filesystem::remove_all(options_.folder);
        std::filesystem::create_directories(options_.folder);
        SqliteDatabase database(store_path(options_.folder), SqliteDatabase::Mode::Write);
        migrate(database, 1);
        v1::Register pli = pli_of("L1", "0001", 1, "c");
        pli.mutable_context()->set_registered_mail("1A12345678901");
        v1::Reading reading = reading_of({{1}}).reading();
        v1::FieldValue& nir = *reading.mutable_documents(0)->add_fields();
        nir.set_name("nir");
        nir.set_value(kNir);
        nir.set_status("valid");
        const std::string stored = reading.SerializeAsString();
        const std::string decided = to_key(1).decisions().SerializeAsString();
        const std::string files_key = digest(pli.files(0).sha256() + "\n1 0:0\n");
        database.execute_script("BEGIN");
        database.execute_script(
            "UPDATE epoch SET epoch = 1; INSERT INTO lot VALUES(1,'L1',1,'c','{}','595',0,0,1,1,1,0,0);"
            "UPDATE totals SET announced = 1, received = 1, registered = 1, pli_read = 1, created = 1, doc_to_key = 1,"
            "pages_scanned = 1, pages_in_documents = 1");
        run(database, "INSERT INTO pli VALUES(1,?,1,'0001','READ','595',1,?,?,?,1,0)", std::string(32, 'a'), files_key,
            Blob{pli.context().SerializeAsString()}, R"({"pli":"0001","endorsers":["A0001230"]})");
        run(database, "INSERT INTO file VALUES(1,0,?,1000,'0001.tif')", pli.files(0).sha256());
        database.execute_script("INSERT INTO page VALUES(1,1,0,0,'','document',1)");
        run(database, "INSERT INTO reading VALUES(1,?,?)", Blob{stored}, Blob{decided});
        database.execute_script(
            "INSERT INTO task(pli_n, stage, state, rank, caisse, fence) VALUES(1,'read','DONE',0,'595',1);"
            "INSERT INTO task(pli_n, stage, state, rank, caisse, fence) VALUES(1,'route','DONE',0,'595',1);"
            "INSERT INTO document(pli_n, number, state, master, role, type, confidence, pages, decision, due_ms, "
            "revision, state_at_ms) VALUES(1,1,'TO_KEY',0,'master','AAT',0.9,1,'keying',0,1,0)");
        AuditChain chain(database);
        const auto say = [&](AuditEntry entry) { chain.append(entry, 1); };
        say({.kind = "ledger.opened", .actor = "hub", .ref = "1"});
        say({.kind = "pli.registered",
             .pli_n = 1,
             .to_state = "REGISTERED",
             .ref = std::string(32, 'a'),
             .detail = files_key + " pages 1"});
        say({.kind = "pli.reading", .pli_n = 1, .from_state = "REGISTERED", .to_state = "READING"});
        say({.kind = "pli.read",
             .pli_n = 1,
             .from_state = "READING",
             .to_state = "READ",
             .detail = sha256_hex(stored) + " fence 1"});
        say({.kind = "document.created", .pli_n = 1, .document = 1, .to_state = "READ", .detail = "AAT"});
        say({.kind = "pli.routed",
             .pli_n = 1,
             .from_state = "READ",
             .to_state = "READ",
             .detail = sha256_hex(decided) + " fence 1"});
        say({.kind = "document.to_key", .pli_n = 1, .document = 1, .from_state = "READ", .to_state = "TO_KEY"});
        chain.store_head();
        database.execute_script("COMMIT");
    }
};

TEST_P(Migration, KeepsEverythingAndFindsItByWhatTheFirstSchemaDidNotIndex) {
    write_first_schema();
    open();
    expect_whole();
    const std::string pli(32, 'a');
    const auto found = [&](auto set) {
        v1::SearchQuery query;
        set(query);
        const auto page = reader_->search(query);
        return page && page->plis_size() == 1 && page->plis(0).id() == pli;
    };
    EXPECT_TRUE(found([](auto& q) { q.set_endorser("A0001230"); }));
    EXPECT_TRUE(found([](auto& q) { q.set_registered_mail("1A12345678901"); }));
    EXPECT_TRUE(found([](auto& q) { q.set_received_from("2026-11-20"); }));
    EXPECT_TRUE(found([](auto& q) { q.set_nir(kNir); }));
}

TEST_P(Migration, LetsPeopleKeyWhatWaitedBefore) {
    write_first_schema();
    open();
    const auto job = only(next("ann"));
    ASSERT_TRUE(validate(agreed(job)).has_value());
    route_all();
    EXPECT_EQ(state_of(job.pli_id() + "-1"), "QUEUED");
    expect_whole();
}

TEST_P(Migration, ResumesWhereItWasInterrupted) {
    for (const char* action : {"crash", "eio", "enospc"}) {
        for (int step = 1; step < current_schema(); ++step) {
            SCOPED_TRACE(std::string(action) + " in step " + std::to_string(step));
            write_first_schema();
            const pid_t life = ::fork();
            if (life == 0) {
                failpoint::arm(std::string("ledger.mid_migration:") + action + "@" + std::to_string(step));
                try {
                    open_sqlite_ledger(options_);
                } catch (const StoreError&) {
                    ::_exit(1);
                }
                ::_exit(0);  // it was not interrupted
            }
            int status = 0;
            ::waitpid(life, &status, 0);
            EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            open();
            expect_whole();
            v1::SearchQuery query;
            query.set_nir(kNir);
            const auto found = reader_->search(query);
            EXPECT_TRUE(found && found->plis_size() == 1);
        }
    }
}

ON_ONE_ENGINE(Migration, Engine::Sqlite);

}  // namespace
}  // namespace pleiade::ledger
