// The PostgreSQL store as one side of a copy. Private to common/ledger.
#pragma once

#include "common/ledger/sql/copy_side.h"

namespace pleiade::ledger {

CopySide postgres_source(const std::string& url);
CopySide postgres_target(const std::string& url);
// New rows are numbered after those that were copied with their numbers; the planner is told what there is now, since
// it would else read whole tables for one row of each.
void settle_copied_rows(Database& database);

}  // namespace pleiade::ledger
