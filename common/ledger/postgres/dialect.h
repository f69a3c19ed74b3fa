// The SQL of common/ledger/sql, as PostgreSQL wants it said. Private to common/ledger.
#pragma once

#include <string>
#include <string_view>

namespace pleiade::ledger {

// `?` and `?3` become `$n`; `x'00ff'` a bytea; `instr(` is `strpos(`. SQLite's two hints to its planner, `INDEXED BY
// name` and the plus before a column, are left out; the remark `/*skip locked*/` becomes FOR UPDATE SKIP LOCKED.
// Nothing is changed between quotes.
std::string for_postgres(std::string_view sql);

}  // namespace pleiade::ledger
