// The SQLite store as one side of a copy. Private to common/ledger.
#pragma once

#include "common/ledger/sql/copy_side.h"

namespace pleiade::ledger {

CopySide sqlite_source(const std::string& folder);
// What was moved from here before is set aside under another name.
CopySide sqlite_target(const std::string& folder);

}  // namespace pleiade::ledger
