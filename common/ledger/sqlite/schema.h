// The tables (docs/formats/ledger.md) and the numbered steps that make them in SQLite. Private to common/ledger.
#pragma once

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

// Brings an older or empty store to this program's schema, each step in its own transaction. Throws StoreError when the
// store is of a newer program.
void migrate(Database& database);
void migrate(Database& database, int to);  // as an earlier program would: for tests of what comes after
// Throws StoreError unless the store has exactly this program's schema.
void require_current_schema(Database& database);
int current_schema();

}  // namespace pleiade::ledger
