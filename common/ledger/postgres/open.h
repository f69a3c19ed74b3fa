// A ledger in PostgreSQL. Private to common/ledger.
#pragma once

#include <memory>
#include <string>

#include "common/ledger/ledger.h"
#include "common/ledger/verify.h"

namespace pleiade::ledger {

std::unique_ptr<Ledger> open_postgres_ledger(const LedgerOptions& options);
std::unique_ptr<LedgerReader> open_postgres_reader(const std::string& url, const std::string& folder,
                                                   const Clock& clock);
Result<Verified> verify_postgres(const std::string& url, const vault::Vault* vault);

}  // namespace pleiade::ledger
