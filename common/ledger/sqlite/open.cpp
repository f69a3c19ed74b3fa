// The ledger on one machine: where the SQLite store is, and who may open it.
#include <filesystem>

#include "common/ledger/ledger.h"
#include "common/ledger/sql/sql_ledger.h"
#include "common/ledger/sql/sql_reader.h"
#include "common/ledger/sql/verifier.h"
#include "common/ledger/sqlite/schema.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "common/ledger/sqlite/store_guard.h"
#include "common/ledger/verify.h"

namespace pleiade::ledger {

std::unique_ptr<Ledger> open_sqlite_ledger(const LedgerOptions& options) {
    auto guard = std::make_shared<StoreGuard>(options.folder);
    auto store = std::make_unique<SqliteDatabase>(store_path(options.folder), SqliteDatabase::Mode::Write);
    store->execute_script("PRAGMA wal_autocheckpoint=" + std::to_string(options.journal_pages_max));
    migrate(*store);
    return std::make_unique<SqlLedger>(options, std::move(store), std::move(guard));
}

std::unique_ptr<LedgerReader> open_sqlite_reader(const std::string& folder, const Clock& clock) {
    auto store = std::make_unique<SqliteDatabase>(store_path(folder), SqliteDatabase::Mode::Read);
    require_current_schema(*store);
    return std::make_unique<SqlReader>(std::move(store), folder, clock);
}

Result<Verified> verify(const std::string& ledger_folder, const vault::Vault* vault) {
    const std::string path = store_path(ledger_folder);
    if (!std::filesystem::exists(path)) {
        return unavailable("LEDGER_UNREADABLE",
                           "there is no ledger in " + ledger_folder + "; has the hub ever started?");
    }
    try {
        SqliteDatabase database(path, SqliteDatabase::Mode::Read);
        require_current_schema(database);
        database.begin_read();
        return Verifier(database, vault).run_all();
    } catch (const StoreError& error) {
        if (error.fault() == StoreFault::Damaged) return invalid("LEDGER_DAMAGED", error.what());
        return unavailable("LEDGER_UNREADABLE", error.what());
    }
}

}  // namespace pleiade::ledger
