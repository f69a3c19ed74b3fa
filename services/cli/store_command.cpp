// `pleiade store copy`: moves the ledger from one engine to the other while the hub is stopped.
#include <fmt/format.h>

#include "common/ledger/store_copy.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"

namespace pleiade::cli {

int store_copy(const runtime::Settings& settings, const StoreOptions& options) {
    const std::string from = options.from.empty() ? settings.store.url : options.from;
    const auto copied = ledger::copy_store({settings.folder("ledger"), from, options.to,
                                            [](const std::string& line) { fmt::print(stderr, "{}\n", line); }});
    if (!copied) return fail_with(copied.error());
    const auto& whole = copied->verified;
    fmt::print("{}: {} rows, the same in both stores; {} audit entries, {} plis, {} documents, {} deliveries\n",
               copied->went_on ? "was copied before, now compared" : "copied and compared", copied->rows,
               whole.audit_entries, whole.plis, whole.documents, whole.deliveries);
    fmt::print("last audit entry {}\n", whole.head);
    fmt::print(
        "No hub opens the former store any more. Now set, on every host that has a hub:\n"
        "  [store]\n  url = \"{}\"\nthen start the hubs.\n",
        options.to);
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
