#include "tests/faults/store_reader.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <cstring>
#include <stdexcept>

namespace pleiade::faults {
namespace {

class SqliteRow final : public StoreReader::Row {
  public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
    std::string text(int column) const override {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        if (bytes == nullptr) return "";
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    long long integer(int column) const override { return sqlite3_column_int64(statement_, column); }

  private:
    sqlite3_stmt* statement_;
};

class SqliteReader final : public StoreReader {
  public:
    explicit SqliteReader(const std::string& home) {
        const std::string path = home + "/ledger/ledger.sqlite";
        if (sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
            sqlite3_close(handle_);
            throw std::runtime_error("the store cannot be opened");
        }
        sqlite3_busy_timeout(handle_, 5'000);
        run("BEGIN", [](const Row&) {});
    }
    ~SqliteReader() override { sqlite3_close(handle_); }
    SqliteReader(const SqliteReader&) = delete;
    SqliteReader& operator=(const SqliteReader&) = delete;

    void run(const std::string& sql, const EachRow& row) override {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail();
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) row(SqliteRow(statement));
        sqlite3_finalize(statement);
        if (code != SQLITE_DONE) fail();
    }
    std::string damage() override {
        std::string said;
        run("PRAGMA integrity_check", [&](const Row& row) {
            if (row.text(0) != "ok") said = row.text(0);
        });
        return said;
    }

  private:
    [[noreturn]] void fail() { throw std::runtime_error(std::string("the store: ") + sqlite3_errmsg(handle_)); }
    sqlite3* handle_ = nullptr;
};

using PgAnswer = std::unique_ptr<PGresult, void (*)(PGresult*)>;

class PostgresRow final : public StoreReader::Row {
  public:
    PostgresRow(const PGresult* answer, int row) : answer_(answer), row_(row) {}
    std::string text(int column) const override {
        const char* const value = PQgetvalue(answer_, row_, column);
        constexpr Oid kBytes = 17;
        if (PQftype(answer_, column) != kBytes) return value;
        std::size_t size = 0;
        const std::unique_ptr<unsigned char, void (*)(void*)> bytes(
            PQunescapeBytea(reinterpret_cast<const unsigned char*>(value), &size), PQfreemem);
        return {reinterpret_cast<const char*>(bytes.get()), size};
    }
    long long integer(int column) const override { return std::atoll(PQgetvalue(answer_, row_, column)); }

  private:
    const PGresult* answer_;
    int row_;
};

class PostgresReader final : public StoreReader {
  public:
    explicit PostgresReader(const std::string& url) : connection_(PQconnectdb(url.c_str()), PQfinish) {
        if (PQstatus(connection_.get()) != CONNECTION_OK) fail();
        run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", [](const Row&) {});
    }
    void run(const std::string& sql, const EachRow& row) override {
        const PgAnswer answer(PQexec(connection_.get(), sql.c_str()), PQclear);
        const auto status = PQresultStatus(answer.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail();
        for (int i = 0; i < PQntuples(answer.get()); ++i) row(PostgresRow(answer.get(), i));
    }
    std::string damage() override { return ""; }

  private:
    [[noreturn]] void fail() {
        throw std::runtime_error(std::string("the store: ") + PQerrorMessage(connection_.get()));
    }
    const std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

}  // namespace

std::unique_ptr<StoreReader> read_store(const StorePlace& place) {
    if (place.url.starts_with("postgresql:")) return std::make_unique<PostgresReader>(place.url);
    return std::make_unique<SqliteReader>(place.home);
}

}  // namespace pleiade::faults
