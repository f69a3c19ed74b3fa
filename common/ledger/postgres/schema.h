// The tables in PostgreSQL, and the numbered steps that make them. Private to common/ledger.
#pragma once

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

// As SQLite's `migrate`, under a lock that other hubs wait for: of two that start together, one makes the tables.
void migrate_postgres(Database& database);
void require_postgres_schema(Database& database);

}  // namespace pleiade::ledger
