// PostgreSQL behind the port of common/ledger/sql, through libpq. Private to common/ledger.
//
// Operation: connects with `synchronous_commit=on` and refuses a server whose `fsync` or `full_page_writes` is off: an
// answer is given after a commit that a power cut cannot take back. One writer at a time: `begin_write` takes an
// advisory lock that the transaction's end gives back, as does the death of whoever holds it. A connection that was
// lost throws StoreAway; the next transaction connects again.
// Concurrency: one thread for each connection; any number of processes.
// Limits: a session of its own (no pooler that shares sessions between transactions); a text holds no NUL character
// (U+FFFD stands for it); a server that stays silent for 5 s is away, and a hub that stays silent for 5 s inside a
// transaction loses it, so that no stopped process keeps the others out.
#pragma once

#include <memory>
#include <string>

#include "common/ledger/sql/database.h"

struct pg_conn;
struct pg_result;

namespace pleiade::ledger {

struct PgDelete {
    void operator()(pg_conn* connection) const;
    void operator()(pg_result* result) const;
};
using PgResult = std::unique_ptr<pg_result, PgDelete>;

class PostgresDatabase final : public Database {
  public:
    enum class Mode { Write, Read };
    // Throws StoreAway when it cannot be reached, std::runtime_error with what to do when it is no place for a ledger.
    PostgresDatabase(std::string url, Mode mode);
    ~PostgresDatabase() override;

    void execute_script(const std::string& sql) override;
    void begin_write() override;
    void begin_read() override;
    void commit() override;
    void roll_back() noexcept override;
    bool sound() override;
    bool shared() const override { return true; }

    pg_conn* connection() const { return connection_.get(); }
    // Throws what the failed result stands for; `doing` is shown.
    PgResult checked(pg_result* result, const std::string& doing);

  protected:
    std::unique_ptr<Statement> prepare(const std::string& sql, bool kept) override;
    std::unique_ptr<Statement> prepare_scan(const std::string& sql) override;

  private:
    void connect();
    void begin(const std::string& sql);

    std::string url_;
    Mode mode_;
    std::unique_ptr<pg_conn, PgDelete> connection_;
    std::uint64_t prepared_ = 0;
};

}  // namespace pleiade::ledger
