// Copies every row of a store into another one, and compares both row for row. Private to common/ledger.
//
// Operation: `copy` and `compare` run inside transactions that the caller has begun on both sides. Rows go some at a
// time, in the order of each table's key. Concurrency: the thread of both connections.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "common/base/result.h"
#include "common/ledger/sql/database.h"
#include "common/ledger/sql/tables.h"

namespace pleiade::ledger {

class Copier {
  public:
    using Progress = std::function<void(const char* doing, const char* table, std::int64_t rows)>;
    Copier(Database& from, Database& to, Progress progress) : from_(from), to_(to), progress_(std::move(progress)) {}

    std::int64_t copy();
    // Error COPY_DIFFERS (Invalid): which table, and the number of its row.
    Result<std::int64_t> compare();
    // Of the target, before anything was copied into it.
    bool target_is_empty();

  private:
    std::int64_t copy(const Table& table);
    Result<std::int64_t> compare(const Table& table);

    Database& from_;
    Database& to_;
    Progress progress_;
};

}  // namespace pleiade::ledger
