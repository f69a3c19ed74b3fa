// A connection to a database engine, and a query that binds, steps and resets itself. Private to common/ledger.
//
// A port, for two reasons: production has two engines (sqlite/, postgres/), and each names its own errors. The SQL of
// this folder is the dialect that both speak; what only one can say stands in that one's folder.
//
// Operation: statements are prepared once per connection and found again by the address of their text, so SQL texts
// are literals, or live as long as the connection. Every failure throws StoreError: what an engine cannot do, nobody
// here can repair. Concurrency: one thread for each connection.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/ledger/ledger.h"

namespace pleiade::ledger {

enum class StoreFault { Failed, Full, InUse, Damaged, Refused, OtherSchema };

class StoreError : public std::runtime_error {
  public:
    StoreError(const std::string& what, StoreFault fault) : std::runtime_error(what), fault_(fault) {}
    StoreFault fault() const { return fault_; }

  private:
    StoreFault fault_;
};

// The connection was lost inside COMMIT: only looking tells whether it was carried out.
class CommitUnknown : public StoreAway {
  public:
    using StoreAway::StoreAway;
};

struct Blob {
    std::string_view bytes;
};

enum class ColumnType { Null, Integer, Real, Text, Blob };

// One prepared statement of an engine. Bound values are copied. `next` gives the rows one by one; texts and numbers of
// a column are of the present row.
class Statement {
  public:
    virtual ~Statement() = default;
    virtual void bind(int index, std::int64_t value) = 0;
    virtual void bind(int index, double value) = 0;
    virtual void bind(int index, std::string_view value) = 0;
    virtual void bind(int index, Blob value) = 0;
    virtual void bind(int index, std::nullptr_t) = 0;
    virtual bool next() = 0;
    virtual int changes() const = 0;  // of the run that has ended
    virtual bool busy() const = 0;
    virtual void reset() = 0;

    virtual ColumnType type(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string text(int column) const = 0;  // also of a blob; empty when NULL
};

class Database {
  public:
    virtual ~Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    virtual void execute_script(const std::string& sql) = 0;
    // A transaction that keeps every other writer out until it ends.
    virtual void begin_write() = 0;
    // A transaction that reads one moment of the store.
    virtual void begin_read() = 0;
    virtual void commit() = 0;
    virtual void roll_back() noexcept = 0;
    // Whether other processes write to it too.
    virtual bool shared() const { return false; }
    // Whether the engine finds its own files whole.
    virtual bool sound() = 0;

  protected:
    Database() = default;
    virtual std::unique_ptr<Statement> prepare(const std::string& sql, bool kept) = 0;
    // For rows that are read some at a time.
    virtual std::unique_ptr<Statement> prepare_scan(const std::string& sql) { return prepare(sql, false); }
    // Before what they were prepared on goes.
    void forget_statements() { statements_.clear(); }

  private:
    friend class Query;
    Statement& statement(const char* sql);

    std::unordered_map<const char*, std::unique_ptr<Statement>> statements_;
};

// Marks a query that gives more rows than memory should hold at once.
struct Scan {};

class Query {
  public:
    Query(Database& database, Scan, const char* sql);
    template <class... Values>
    Query(Database& database, const char* sql, const Values&... values) : statement_(&database.statement(sql)) {
        int index = 0;
        (bind(++index, values), ...);
    }
    // For SQL that is put together at run time; not kept.
    Query(Database& database, const std::string& sql);
    ~Query() { statement_->reset(); }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    void bind(int index, std::int64_t value) { statement_->bind(index, value); }
    void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, double value) { statement_->bind(index, value); }
    void bind(int index, std::string_view value) { statement_->bind(index, value); }
    void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
    void bind(int index, const char* value) { bind(index, std::string_view(value)); }
    void bind(int index, Blob value) { statement_->bind(index, value); }
    void bind(int index, std::nullptr_t) { statement_->bind(index, nullptr); }

    bool next() { return statement_->next(); }
    // Runs to the end; the number of rows changed.
    int run();

    std::int64_t integer(int column) const { return statement_->integer(column); }
    double real(int column) const { return statement_->real(column); }
    std::string text(int column) const { return statement_->text(column); }
    ColumnType type(int column) const { return statement_->type(column); }
    bool null(int column) const { return type(column) == ColumnType::Null; }

  private:
    std::unique_ptr<Statement> owned_;
    Statement* statement_;
};

// What every engine can hold as text: U+FFFD for each NUL.
std::string without_nul(std::string_view text);

// Runs one statement; the number of rows changed.
template <class... Values>
int run(Database& database, const char* sql, const Values&... values) {
    return Query(database, sql, values...).run();
}

// Runs an INSERT that ends in `RETURNING n`; the number of the new row.
template <class... Values>
std::int64_t inserted(Database& database, const char* sql, const Values&... values) {
    Query query(database, sql, values...);
    const std::int64_t n = query.next() ? query.integer(0) : 0;
    query.run();
    return n;
}

}  // namespace pleiade::ledger
