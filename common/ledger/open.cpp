// Which engine an address means.
#include "common/ledger/postgres/open.h"
#include "common/ledger/ledger.h"
#include "common/ledger/store_address.h"
#include "common/ledger/verify.h"

namespace pleiade::ledger {
Error store_away(const StoreAway& away) {
    return {ErrorKind::Unavailable, "STORE_UNAVAILABLE", away.what()};
}

Result<bool> in_one_batch(Ledger& ledger, const std::function<void()>& apply) {
    try {
        ledger.begin();
        apply();
        return ledger.commit();
    } catch (const StoreAway& away) {
        ledger.abandon();
        return tl::unexpected<Error>(store_away(away));
    }
}

std::unique_ptr<Ledger> open_ledger(const LedgerOptions& options) {
    return is_postgres(options.url) ? open_postgres_ledger(options) : open_sqlite_ledger(options);
}

std::unique_ptr<LedgerReader> open_reader(const std::string& url, const std::string& folder, const Clock& clock) {
    return is_postgres(url) ? open_postgres_reader(url, folder, clock) : open_sqlite_reader(folder, clock);
}

Result<Verified> verify(const std::string& url, const std::string& ledger_folder, const vault::Vault* vault) {
    return is_postgres(url) ? verify_postgres(url, vault) : verify(ledger_folder, vault);
}

}  // namespace pleiade::ledger
