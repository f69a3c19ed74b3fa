#include "tests/unit/ledger/test_store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

#include "common/ledger/postgres/dialect.h"
#include "common/ledger/postgres/postgres_database.h"
#include "common/ledger/postgres/schema.h"
#include "tests/support/postgres_server.h"

namespace pleiade::ledger {
namespace fs = std::filesystem;
namespace {

class SqliteStore final : public TestStore {
  public:
    explicit SqliteStore(std::string folder) : folder_(std::move(folder)) {}

    std::string url() const override { return "sqlite:"; }
    bool tamper(const std::string& sql) override {
        int changes = 0;
        const int code = execute("PRAGMA ignore_check_constraints=ON;" + sql, changes);
        return code == SQLITE_OK && changes > 0;
    }
    bool refuses(const std::string& sql) override {
        int changes = 0;
        return (execute(sql, changes) & 0xff) == SQLITE_CONSTRAINT;
    }
    void keep() override { fs::copy(folder_, folder_ + ".kept", fs::copy_options::recursive); }
    void put_back() override {
        fs::remove_all(folder_);
        fs::copy(folder_ + ".kept", folder_, fs::copy_options::recursive);
    }
    void say_schema(int schema) override {
        int changes = 0;
        execute(fmt::format("PRAGMA user_version = {}", schema), changes);
    }

  private:
    int execute(const std::string& sql, int& changes) const {
        sqlite3* database = nullptr;
        sqlite3_open((folder_ + "/ledger.sqlite").c_str(), &database);
        const int code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
        changes = sqlite3_total_changes(database);
        sqlite3_close(database);
        return code;
    }

    std::string folder_;
};

// Made once; each test gets a copy.
const std::string& migrated_template() {
    static const std::string name = [] {
        auto& server = test::shared_postgres();
        const std::string made = server.create_database();
        PostgresDatabase database(server.url(made), PostgresDatabase::Mode::Write);
        migrate_postgres(database);
        return made;
    }();
    return name;
}

class PostgresStore final : public TestStore {
  public:
    PostgresStore() : name_(server().create_database(migrated_template())) {}
    ~PostgresStore() override {
        server().drop_database(name_);
        if (!kept_.empty()) server().drop_database(kept_);
    }

    std::string url() const override { return server().url(name_); }
    bool tamper(const std::string& sql) override {
        static const std::string free_hand =
            "SET session_replication_role = replica; DO $$ DECLARE r record; BEGIN FOR r IN SELECT conrelid::regclass "
            "AS t, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP "
            "EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.t, r.conname); END LOOP; END $$;";
        std::string changed = for_postgres(sql);
        for (auto at = changed.find("zeroblob(32)"); at != std::string::npos; at = changed.find("zeroblob(32)")) {
            changed.replace(at, 12, "decode(repeat('00', 32), 'hex')");
        }
        return server().ask(name_, free_hand + changed) != "0";
    }
    bool refuses(const std::string& sql) override {
        try {
            server().ask(name_, sql);
            return false;
        } catch (const std::runtime_error& error) {
            return std::string(error.what()).find("constraint") != std::string::npos;
        }
    }
    void keep() override { kept_ = server().create_database(name_); }
    void put_back() override {
        server().drop_database(name_);
        name_ = server().create_database(kept_);
    }
    void say_schema(int schema) override {
        server().ask(name_, fmt::format("UPDATE schema_version SET version = {}", schema));
    }

  private:
    static test::PostgresServer& server() { return test::shared_postgres(); }

    std::string name_;
    std::string kept_;
};

}  // namespace

std::string name_of(Engine engine) {
    return engine == Engine::Sqlite ? "sqlite" : "postgresql";
}

std::unique_ptr<TestStore> make_test_store(Engine engine, const std::string& folder) {
    if (engine == Engine::Sqlite) return std::make_unique<SqliteStore>(folder);
    if (!test::PostgresServer::available()) return nullptr;
    return std::make_unique<PostgresStore>();
}

}  // namespace pleiade::ledger
