#include "tests/faults/empty_ledger.h"

#include "common/ledger/sqlite/schema.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "tests/faults/sim_disk.h"

namespace pleiade::faults {

const std::string& empty_ledger() {
    static const std::string kBytes = [] {
        SimDisk disk;
        {
            ledger::SqliteDatabase database("empty", ledger::SqliteDatabase::Mode::Write);
            ledger::migrate(database);
        }
        return disk.open("empty", false)->now;
    }();
    return kBytes;
}

}  // namespace pleiade::faults
