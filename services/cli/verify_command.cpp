#include <fmt/format.h>

#include "common/ledger/verify.h"
#include "common/runtime/service.h"
#include "common/vault/open.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"

namespace pleiade::cli {

int verify(const runtime::Settings& settings) {
    const auto vault = vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max});
    if (!vault) return fail_with(vault.error());
    const auto verified = ledger::verify(settings.store.url, settings.folder("ledger"), vault->get());
    if (!verified) {
        fmt::print(stderr, "{}: {}\n", verified.error().code, verified.error().message);
        return verified.error().kind == ErrorKind::Unavailable ? runtime::kExitUnavailable : runtime::kExitNo;
    }
    fmt::print("whole: {} audit entries, {} lots, {} plis, {} documents, {} deliveries, {} pages, {} files re-read\n",
               verified->audit_entries, verified->lots, verified->plis, verified->documents, verified->deliveries,
               verified->pages, verified->files);
    fmt::print("last audit entry {}\n", verified->head);
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
