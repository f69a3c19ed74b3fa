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

Query::Query(Database& database, Scan, const char* sql)
    : owned_(database.prepare_scan(sql)), statement_(owned_.get()) {}

std::string without_nul(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    for (const char c : text) {
        if (c == '\0') {
            kept += "\xEF\xBF\xBD";
        } else {
            kept += c;
        }
    }
    return kept;
}

int Query::run() {
    while (next()) {
    }
    return statement_->changes();
}

}  // namespace pleiade::ledger
