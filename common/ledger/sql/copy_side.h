// One side of a copy between stores: each engine's folder opens its own. Private to common/ledger.
#pragma once

#include <memory>
#include <string>

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

// Thrown while a hub has the store open.
class StoreInUse : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct CopySide {
    std::shared_ptr<void> guard;         // keeps hubs out, where the engine's own lock does not
    std::unique_ptr<Database> database;  // destroyed before its guard
    std::string engine;                  // sqlite, postgresql
};

}  // namespace pleiade::ledger
