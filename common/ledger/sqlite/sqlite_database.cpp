#include "common/ledger/sqlite/sqlite_database.h"

#include "common/base/failpoint.h"

namespace pleiade::ledger {
namespace {

StoreFault fault_of(int code) {
    switch (code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return StoreFault::Damaged;
        case SQLITE_FULL:
            return StoreFault::Full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return StoreFault::InUse;
        case SQLITE_CONSTRAINT:
            return StoreFault::Refused;
        default:
            return StoreFault::Failed;
    }
}

[[noreturn]] void raise(sqlite3* handle, const std::string& doing) {
    throw StoreError("the ledger's store failed: " + std::string(sqlite3_errmsg(handle)) + " (" + doing + ")",
                     fault_of(sqlite3_extended_errcode(handle)));
}

class SqliteStatement final : public Statement {
  public:
    SqliteStatement(sqlite3* handle, const std::string& sql, bool kept) : handle_(handle) {
        const unsigned flags = kept ? SQLITE_PREPARE_PERSISTENT : 0;
        if (sqlite3_prepare_v3(handle_, sql.c_str(), -1, flags, &statement_, nullptr) != SQLITE_OK) raise(handle_, sql);
    }
    ~SqliteStatement() override { sqlite3_finalize(statement_); }
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    void bind(int index, std::int64_t value) override { check(sqlite3_bind_int64(statement_, index, value)); }
    void bind(int index, double value) override { check(sqlite3_bind_double(statement_, index, value)); }
    void bind(int index, std::string_view value) override {
        const char* bytes = value.data() == nullptr ? "" : value.data();
        check(sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    void bind(int index, Blob value) override {
        const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
        check(sqlite3_bind_blob64(statement_, index, bytes, value.bytes.size(), SQLITE_TRANSIENT));
    }
    void bind(int index, std::nullptr_t) override { check(sqlite3_bind_null(statement_, index)); }

    bool next() override {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        raise(handle_, sqlite3_sql(statement_));
    }
    int changes() const override { return sqlite3_changes(handle_); }
    bool busy() const override { return sqlite3_stmt_busy(statement_) != 0; }
    void reset() override {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

    ColumnType type(int column) const override {
        switch (sqlite3_column_type(statement_, column)) {
            case SQLITE_INTEGER:
                return ColumnType::Integer;
            case SQLITE_FLOAT:
                return ColumnType::Real;
            case SQLITE_TEXT:
                return ColumnType::Text;
            case SQLITE_BLOB:
                return ColumnType::Blob;
            default:
                return ColumnType::Null;
        }
    }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    double real(int column) const override { return sqlite3_column_double(statement_, column); }
    std::string text(int column) const override {
        const void* bytes = sqlite3_column_blob(statement_, column);
        const int length = sqlite3_column_bytes(statement_, column);
        return bytes == nullptr ? std::string()
                                : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(length));
    }

  private:
    void check(int code) const {
        if (code != SQLITE_OK) raise(handle_, "bind");
    }

    sqlite3* handle_;
    sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

SqliteDatabase::SqliteDatabase(const std::string& path, Mode mode) {
    const int flags = (mode == Mode::Write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const std::string why = handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory";
        const int code = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
        sqlite3_close(handle_);
        throw StoreError("cannot open the ledger " + path + ": " + why, fault_of(code));
    }
    try {
        configure(mode);
    } catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

void SqliteDatabase::configure(Mode mode) {
    sqlite3_extended_result_codes(handle_, 1);
    // Also waits for a reader that is recovering the journal after a crash.
    sqlite3_busy_timeout(handle_, 5'000);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute_script(
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;");
    if (mode == Mode::Write) {
        // FULL: with NORMAL a power cut takes back commits that were acknowledged.
        execute_script(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;");
        if (PLEIADE_PLANTED_BUG("synchronous_normal")) execute_script("PRAGMA synchronous=NORMAL;");
    } else {
        execute_script("PRAGMA query_only=ON; PRAGMA cache_size=-16384;");
    }
}

SqliteDatabase::~SqliteDatabase() {
    forget_statements();
    sqlite3_close(handle_);
}

void SqliteDatabase::execute_script(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise(handle_, sql.substr(0, 80));
}

void SqliteDatabase::begin_write() {
    run(*this, "BEGIN IMMEDIATE");
}
void SqliteDatabase::begin_read() {
    run(*this, "BEGIN");
}
void SqliteDatabase::commit() {
    run(*this, "COMMIT");
}
void SqliteDatabase::roll_back() noexcept {
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool SqliteDatabase::sound() {
    Query query(*this, "PRAGMA quick_check(1)");
    return query.next() && query.text(0) == "ok";
}

std::unique_ptr<Statement> SqliteDatabase::prepare(const std::string& sql, bool kept) {
    return std::make_unique<SqliteStatement>(handle_, sql, kept);
}

}  // namespace pleiade::ledger
