#include "common/ledger/sqlite/copy_side.h"

#include <filesystem>

#include "common/ledger/sqlite/schema.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "common/ledger/sqlite/store_guard.h"

namespace pleiade::ledger {
namespace fs = std::filesystem;
namespace {

std::shared_ptr<StoreGuard> guard_of(const std::string& folder) {
    try {
        return std::make_shared<StoreGuard>(folder);
    } catch (const std::runtime_error& refused) {
        if (std::string(refused.what()).rfind("LEDGER_IN_USE", 0) != 0) throw;
        throw StoreInUse("a hub holds " + folder + "; stop it first");
    }
}

bool was_moved(const std::string& path) {
    SqliteDatabase old(path, SqliteDatabase::Mode::Write);
    if (!Query(old, "SELECT 1 FROM sqlite_master WHERE name = 'setting'").next()) return false;
    return Query(old, "SELECT 1 FROM setting WHERE name = 'moved_to'").next();
}

void set_aside(const std::string& path) {
    for (int i = 1;; ++i) {
        const auto aside = path + ".moved-" + std::to_string(i);
        if (fs::exists(aside)) continue;
        fs::rename(path, aside);
        return;
    }
}

}  // namespace

CopySide sqlite_source(const std::string& folder) {
    const auto path = store_path(folder);
    if (!fs::exists(path)) throw StoreError("there is no ledger in " + folder, StoreFault::Failed);
    CopySide side{guard_of(folder), std::make_unique<SqliteDatabase>(path, SqliteDatabase::Mode::Write), "sqlite"};
    require_current_schema(*side.database);
    return side;
}

CopySide sqlite_target(const std::string& folder) {
    auto guard = guard_of(folder);
    const auto path = store_path(folder);
    if (fs::exists(path) && was_moved(path)) set_aside(path);  // its journal went when it was closed
    CopySide side{std::move(guard), std::make_unique<SqliteDatabase>(path, SqliteDatabase::Mode::Write), "sqlite"};
    migrate(*side.database);
    return side;
}

}  // namespace pleiade::ledger
