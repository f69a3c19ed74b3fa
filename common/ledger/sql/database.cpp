#include "common/ledger/sql/database.h"

#include "common/base/check.h"

namespace pleiade::ledger {

Statement& Database::statement(const char* sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) found = statements_.emplace(sql, prepare(sql, true)).first;
    PLEIADE_CHECK(!found->second->busy());  // a statement in use cannot be used again inside itself
    return *found->second;
}

Query::Query(Database& database, const std::string& sql)
    : owned_(database.prepare(sql, false)), statement_(owned_.get()) {}

int Query::run() {
    while (next()) {
    }
    return statement_->changes();
}

}  // namespace pleiade::ledger
