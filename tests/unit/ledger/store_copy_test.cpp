// A ledger that moves to the other engine and back: every row, the chain, and hubs that go on where it is.
#include "common/ledger/store_copy.h"

#include <fmt/format.h>

#include <set>

#include "common/ledger/sql/tables.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "common/ledger/sqlite/store_guard.h"
#include "common/ledger/verify.h"
#include "tests/support/postgres_server.h"
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

class MovedLedger : public KeyingRoom {
  protected:
    void SetUp() override {
        if (!test::PostgresServer::available()) GTEST_SKIP() << "SKIPPED: PostgreSQL 15 is not installed";
        KeyingRoom::SetUp();
        if (IsSkipped()) return;
        postgres_ = test::shared_postgres().url(test::shared_postgres().create_database());
        fill();
    }

    // Plis in every state that mail can be in, with what people said about them.
    void fill() {
        queue_one("L1", "0001");
        queue_one("L1", "0002");
        pli_to_key("0003", 2);
        register_new("L1", "0004", 3);
        reject("L1", "0005", "REJ_FILE_UNREADABLE", "r5");
        const auto taken = take(from_queue("595", "IJ", 1));
        ASSERT_TRUE(taken && taken->documents_size() == 1);
        ASSERT_TRUE(acknowledge(taken->documents(0), "ij-1").has_value());
        ASSERT_TRUE(take(from_queue("595", "IJ", 1)).has_value());  // and kept
        ASSERT_TRUE(lease("reader-1", {"read"}).has_value());       // and never answered
        expect_whole();
    }
    void close_all() {
        reader_.reset();
        ledger_.reset();
    }
    Result<StoreCopied> copy(const std::string& from, const std::string& to) {
        close_all();
        return copy_store({.folder = options_.folder, .from = from, .to = to});
    }
    // As a hub that starts where the settings say now.
    void open_at(const std::string& url) {
        options_.url = url;
        open();
    }
    std::string refusal_of_hub_at(const std::string& url) {
        options_.url = url;
        try {
            open();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    }

    std::string postgres_;
};

TEST_P(MovedLedger, GoesOnInPostgresAndComesBackWhole) {
    const auto moved = copy("sqlite:", postgres_);
    ASSERT_TRUE(moved.has_value()) << moved.error().code << " " << moved.error().message;
    EXPECT_FALSE(moved->went_on);
    EXPECT_EQ(moved->verified.plis, 4);
    EXPECT_GT(moved->rows, moved->verified.audit_entries);
    EXPECT_NE(refusal_of_hub_at("sqlite:").find("LEDGER_MOVED"), std::string::npos);
    EXPECT_EQ(copy("sqlite:", postgres_).error().code, "LEDGER_MOVED");

    open_at(postgres_);
    register_new("L1", "0006");  // new rows are numbered after those that came
    EXPECT_TRUE(lease("reader-2", {"read"}).has_value());
    EXPECT_EQ(status().taken(), 1);
    expect_whole();

    const auto back = copy(postgres_, "sqlite:");
    ASSERT_TRUE(back.has_value()) << back.error().code << " " << back.error().message;
    EXPECT_EQ(back->verified.plis, 5);
    EXPECT_NE(refusal_of_hub_at(postgres_).find("LEDGER_MOVED"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(store_path(options_.folder) + ".moved-1"));
    open_at("sqlite:");
    register_new("L1", "0007");
    EXPECT_EQ(status().taken(), 1);
    expect_whole();
}

TEST_P(MovedLedger, IsComparedWhenTheCommandWasKilledBeforeItsLastLine) {
    ASSERT_TRUE(copy("sqlite:", postgres_).has_value());
    {
        SqliteDatabase killed(store_path(options_.folder), SqliteDatabase::Mode::Write);
        run(killed, "DELETE FROM setting WHERE name = 'moved_to'");
    }
    const auto again = copy("sqlite:", postgres_);
    ASSERT_TRUE(again.has_value()) << again.error().code;
    EXPECT_TRUE(again->went_on);
    EXPECT_NE(refusal_of_hub_at("sqlite:").find("LEDGER_MOVED"), std::string::npos);
}

TEST_P(MovedLedger, IsNotTakenForTheSameWhenARowDiffers) {
    ASSERT_TRUE(copy("sqlite:", postgres_).has_value());
    {
        SqliteDatabase changed(store_path(options_.folder), SqliteDatabase::Mode::Write);
        run(changed, "DELETE FROM setting WHERE name = 'moved_to'");
        run(changed, "UPDATE document SET note = 'something else' WHERE n = 1");
    }
    const auto again = copy("sqlite:", postgres_);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, "COPY_DIFFERS");
    EXPECT_NE(again.error().message.find("document"), std::string::npos);
    open_at("sqlite:");  // which stays the ledger
}

TEST_P(MovedLedger, GoesNowhereThatHoldsAnotherOrUnderAHub) {
    EXPECT_EQ(copy_store({.folder = options_.folder, .from = "sqlite:", .to = postgres_}).error().code,
              "LEDGER_IN_USE");
    EXPECT_EQ(copy("sqlite:", "").error().code, "SAME_STORE");
    EXPECT_EQ(copy(postgres_, postgres_).error().code, "SAME_STORE");
    open_at(postgres_);
    register_new("L9", "0001");
    EXPECT_EQ(copy("sqlite:", postgres_).error().code, "TARGET_NOT_EMPTY");
    open_at(postgres_);
    EXPECT_EQ(copy_store({.folder = options_.folder, .from = postgres_, .to = "sqlite:"}).error().code,
              "LEDGER_IN_USE");
    close_all();
    open_at("sqlite:");
    expect_whole();
}

// A column that a later schema adds is copied too, or this fails.
TEST_P(MovedLedger, HasEveryTableAndColumnInTheListOfTheCopy) {
    SqliteDatabase store(store_path(options_.folder), SqliteDatabase::Mode::Read);
    std::set<std::string> listed;
    for (const Table& table : tables()) {
        std::string columns = table.columns;
        for (std::size_t at = 0; at < columns.size();) {
            const auto comma = std::min(columns.find(',', at), columns.size());
            listed.insert(std::string(table.name) + "." + columns.substr(at, comma - at));
            at = comma + 1;
        }
    }
    std::set<std::string> there;
    Query query(store, std::string("SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c "
                                   "WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'"));
    while (query.next()) there.insert(query.text(0) + "." + query.text(1));
    EXPECT_EQ(listed, there);
    std::set<std::string> in_postgres;
    const auto& server = test::shared_postgres();
    const auto name = test::shared_postgres().create_database();
    open_at(server.url(name));
    const auto all = server.ask(name,
                                "SELECT string_agg(table_name || '.' || column_name, ' ') FROM "
                                "information_schema.columns WHERE table_schema = 'public' AND column_name <> 'beat' "
                                "AND table_name <> 'schema_version'");
    for (std::size_t at = 0; at < all.size();) {
        const auto space = std::min(all.find(' ', at), all.size());
        in_postgres.insert(all.substr(at, space - at));
        at = space + 1;
    }
    EXPECT_EQ(listed, in_postgres);
}

ON_ONE_ENGINE(MovedLedger, Engine::Sqlite);

}  // namespace
}  // namespace pleiade::ledger
