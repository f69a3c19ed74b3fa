#include "common/ledger/sqlite/database.h"

#include "common/base/check.h"
#include "common/base/failpoint.h"

namespace pleiade::ledger {

Database::Database(const std::string& path, Mode mode) {
    const int flags = (mode == Mode::Write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const std::string why = handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory";
        const int code = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
        sqlite3_close(handle_);
        throw StoreError("cannot open the ledger " + path + ": " + why, code);
    }
    try {
        configure(mode);
    } catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

void Database::configure(Mode mode) {
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

Database::~Database() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void Database::execute_script(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise(sql.substr(0, 80));
}

sqlite3_stmt* Database::statement(const char* sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK) {
            raise(sql);
        }
        found = statements_.emplace(sql, prepared).first;
    }
    PLEIADE_CHECK(sqlite3_stmt_busy(found->second) == 0);  // a statement in use cannot be used again inside itself
    return found->second;
}

void Database::raise(const std::string& doing) const {
    throw StoreError("the ledger's store failed: " + std::string(sqlite3_errmsg(handle_)) + " (" + doing + ")",
                     sqlite3_extended_errcode(handle_));
}

Query::Query(Database& database, const std::string& sql) : database_(database), statement_(nullptr), owned_(true) {
    if (sqlite3_prepare_v2(database.handle_, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) database.raise(sql);
}

Query::~Query() {
    if (owned_) {
        sqlite3_finalize(statement_);
        return;
    }
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::bind(int index, std::int64_t value) {
    if (sqlite3_bind_int64(statement_, index, value) != SQLITE_OK) database_.raise("bind");
}
void Query::bind(int index, double value) {
    if (sqlite3_bind_double(statement_, index, value) != SQLITE_OK) database_.raise("bind");
}
void Query::bind(int index, std::string_view value) {
    const char* bytes = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK) {
        database_.raise("bind");
    }
}
void Query::bind(int index, Blob value) {
    const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
    if (sqlite3_bind_blob64(statement_, index, bytes, value.bytes.size(), SQLITE_TRANSIENT) != SQLITE_OK) {
        database_.raise("bind");
    }
}
void Query::bind(int index, std::nullptr_t) {
    if (sqlite3_bind_null(statement_, index) != SQLITE_OK) database_.raise("bind");
}

bool Query::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    database_.raise(sqlite3_sql(statement_));
}

int Query::run() {
    while (next()) {
    }
    return database_.changes();
}

std::string Query::text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const int length = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string()
                            : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

}  // namespace pleiade::ledger
