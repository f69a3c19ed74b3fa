#include "common/ledger/verify.h"

#include <filesystem>

#include "common/ledger/sqlite/schema.h"
#include "common/ledger/sqlite/store_guard.h"
#include "common/ledger/sqlite/verifier.h"

namespace pleiade::ledger {

Result<Verified> verify(const std::string& ledger_folder, const vault::Vault* vault) {
    const std::string path = store_path(ledger_folder);
    if (!std::filesystem::exists(path)) {
        return unavailable("LEDGER_UNREADABLE",
                           "there is no ledger in " + ledger_folder + "; has the hub ever started?");
    }
    try {
        Database database(path, Database::Mode::Read);
        require_current_schema(database);
        database.execute_script("BEGIN");
        return Verifier(database, vault).run_all();
    } catch (const StoreError& error) {
        const bool damaged = (error.code() & 0xff) == SQLITE_CORRUPT || (error.code() & 0xff) == SQLITE_NOTADB;
        if (damaged) return invalid("LEDGER_DAMAGED", error.what());
        return unavailable("LEDGER_UNREADABLE", error.what());
    }
}

}  // namespace pleiade::ledger
