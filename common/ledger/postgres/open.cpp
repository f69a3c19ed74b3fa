#include "common/ledger/postgres/open.h"

#include <sys/stat.h>

#include <filesystem>

#include "common/ledger/postgres/postgres_database.h"
#include "common/ledger/postgres/schema.h"
#include "common/ledger/sql/sql_ledger.h"
#include "common/ledger/sql/sql_reader.h"
#include "common/ledger/sql/verifier.h"

namespace pleiade::ledger {

std::unique_ptr<Ledger> open_postgres_ledger(const LedgerOptions& options) {
    ::umask(0077);  // the folder holds the key that persons are found by
    std::filesystem::create_directories(options.folder);
    ::chmod(options.folder.c_str(), 0700);
    auto store = std::make_unique<PostgresDatabase>(options.url, PostgresDatabase::Mode::Write);
    migrate_postgres(*store);
    return std::make_unique<SqlLedger>(options, std::move(store), nullptr);
}

std::unique_ptr<LedgerReader> open_postgres_reader(const std::string& url, const std::string& folder,
                                                   const Clock& clock) {
    auto store = std::make_unique<PostgresDatabase>(url, PostgresDatabase::Mode::Read);
    require_postgres_schema(*store);
    return std::make_unique<SqlReader>(std::move(store), folder, clock);
}

Result<Verified> verify_postgres(const std::string& url, const vault::Vault* vault) {
    try {
        PostgresDatabase database(url, PostgresDatabase::Mode::Read);
        require_postgres_schema(database);
        database.begin_read();
        return Verifier(database, vault).run_all();
    } catch (const StoreAway& away) {
        return tl::unexpected<Error>(store_away(away));
    } catch (const StoreError& error) {
        if (error.fault() == StoreFault::Damaged) return invalid("LEDGER_DAMAGED", error.what());
        return unavailable("LEDGER_UNREADABLE", error.what());
    }
}

}  // namespace pleiade::ledger
