// SQLite behind the port of common/ledger/sql. Private to common/ledger.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

class SqliteDatabase final : public Database {
  public:
    enum class Mode { Write, Read };
    SqliteDatabase(const std::string& path, Mode mode);
    ~SqliteDatabase() override;

    void execute_script(const std::string& sql) override;
    void begin_write() override;
    void begin_read() override;
    void commit() override;
    void roll_back() noexcept override;
    bool sound() override;

  protected:
    std::unique_ptr<Statement> prepare(const std::string& sql, bool kept) override;

  private:
    void configure(Mode mode);

    sqlite3* handle_ = nullptr;
};

}  // namespace pleiade::ledger
