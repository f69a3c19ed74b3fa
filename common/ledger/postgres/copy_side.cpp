#include "common/ledger/postgres/copy_side.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "common/ledger/postgres/postgres_database.h"
#include "common/ledger/postgres/schema.h"
#include "common/ledger/sql/tables.h"

namespace pleiade::ledger {
namespace {

constexpr std::chrono::seconds kFormerHubPatience{5};

// The lock of a batch is no hindrance to a hub that goes on after it; whether one is there shows in its connections.
void refuse_hubs(Database& database) {
    const auto until = std::chrono::steady_clock::now() + kFormerHubPatience;
    while (Query(database, std::string("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND "
                                       "application_name = 'pleiade' AND pid <> pg_backend_pid()"))
               .next()) {
        if (std::chrono::steady_clock::now() >= until) {
            throw StoreInUse("hubs are connected to the database; stop them all first");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

CopySide side_of(const std::string& url) {
    auto database = std::make_unique<PostgresDatabase>(url, PostgresDatabase::Mode::Write);
    refuse_hubs(*database);
    // The other side may take its time.
    database->execute_script("SET idle_in_transaction_session_timeout = 0");
    return {nullptr, std::move(database), "postgresql"};
}

}  // namespace

CopySide postgres_source(const std::string& url) {
    CopySide side = side_of(url);
    require_postgres_schema(*side.database);
    return side;
}

CopySide postgres_target(const std::string& url) {
    CopySide side = side_of(url);
    migrate_postgres(*side.database);
    return side;
}

void settle_copied_rows(Database& database) {
    for (const Table& table : tables()) {
        if (!table.numbers_rows) continue;
        database.execute_script(fmt::format(
            "SELECT setval(pg_get_serial_sequence('{0}', 'n'), (SELECT coalesce(max(n), 0) + 1 FROM {0}), false)",
            table.name));
    }
    database.execute_script("ANALYZE");
}

}  // namespace pleiade::ledger
