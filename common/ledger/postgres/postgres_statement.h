// A statement on a PostgreSQL connection: parameters and columns travel as text, blobs in as bytes. Private to
// common/ledger.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/ledger/postgres/postgres_database.h"

namespace pleiade::ledger {

class PostgresStatement final : public Statement {
  public:
    // `name`: of the prepared statement; empty for one that is run once.
    PostgresStatement(PostgresDatabase& database, const std::string& sql, std::string name);
    // Reads through a cursor, some rows at a time.
    struct Cursor {
        std::string name;
    };
    PostgresStatement(PostgresDatabase& database, const std::string& sql, Cursor cursor);

    void bind(int index, std::int64_t value) override;
    void bind(int index, double value) override;
    void bind(int index, std::string_view value) override;
    void bind(int index, Blob value) override;
    void bind(int index, std::nullptr_t) override;
    bool next() override;
    int changes() const override { return changes_; }
    bool busy() const override { return result_ != nullptr; }
    void reset() override;

    ColumnType type(int column) const override;
    std::int64_t integer(int column) const override;
    double real(int column) const override;
    std::string text(int column) const override;

  private:
    struct Value {
        std::optional<std::string> bytes;
        bool is_blob = false;
    };
    Value& at(int index);
    PgResult execute();
    PgResult fetch();

    PostgresDatabase& database_;
    std::string sql_;
    std::string name_;
    std::string cursor_;
    bool prepared_ = false;
    std::vector<Value> values_;
    PgResult result_;
    int row_ = -1;
    int changes_ = 0;
};

}  // namespace pleiade::ledger
