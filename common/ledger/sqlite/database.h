// SQLite behind RAII: a connection, and a query that binds, steps and resets itself. Private to this folder.
//
// Every failure throws StoreError: what SQLite cannot do, nobody here can repair. Statements are prepared once per
// connection and found again by the address of their text, so SQL texts are literals.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pleiade::ledger {

class StoreError : public std::runtime_error {
  public:
    StoreError(const std::string& what, int code) : std::runtime_error(what), code_(code) {}
    int code() const { return code_; }  // SQLite's extended result code

  private:
    int code_;
};

struct Blob {
    std::string_view bytes;
};

class Database {
  public:
    enum class Mode { Write, Read };
    Database(const std::string& path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute_script(const std::string& sql);
    int changes() const { return sqlite3_changes(handle_); }
    std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_); }
    sqlite3* handle() const { return handle_; }

  private:
    friend class Query;
    void configure(Mode mode);
    sqlite3_stmt* statement(const char* sql);
    [[noreturn]] void raise(const std::string& doing) const;

    sqlite3* handle_ = nullptr;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

class Query {
  public:
    template <class... Values>
    Query(Database& database, const char* sql, const Values&... values)
        : database_(database), statement_(database.statement(sql)) {
        int index = 0;
        (bind(++index, values), ...);
    }
    // For SQL that is put together at run time; not kept.
    Query(Database& database, const std::string& sql);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    void bind(int index, std::int64_t value);
    void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, double value);
    void bind(int index, std::string_view value);
    void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
    void bind(int index, const char* value) { bind(index, std::string_view(value)); }
    void bind(int index, Blob value);
    void bind(int index, std::nullptr_t);

    bool next();
    // Runs to the end; the number of rows changed.
    int run();

    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    double real(int column) const { return sqlite3_column_double(statement_, column); }
    std::string text(int column) const;  // also of a blob; empty when NULL
    int type(int column) const { return sqlite3_column_type(statement_, column); }
    bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

  private:
    Database& database_;
    sqlite3_stmt* statement_;
    bool owned_ = false;
};

// Runs one statement; the number of rows changed.
template <class... Values>
int run(Database& database, const char* sql, const Values&... values) {
    return Query(database, sql, values...).run();
}

}  // namespace pleiade::ledger
