// `pleiade beneficiaries`: the register of the people whom the caisses insure.
#include <fmt/format.h>

#include "common/ledger/beneficiary_register.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"

namespace pleiade::cli {

int beneficiaries_import(const runtime::Settings& settings, const std::string& csv) {
    const auto report = ledger::import_beneficiaries(csv, settings.folder("ledger"));
    if (!report) return fail_with(report.error());
    if (!report->errors.empty()) {
        for (const auto& error : report->errors) fmt::print(stderr, "{}: {}\n", csv, error);
        fmt::print(stderr, "nothing was imported: mend these lines and import the whole file again\n");
        return runtime::kExitBadInput;
    }
    fmt::print("{} people of {} caisses; readers and routers use them from now on\n", report->rows, report->caisses);
    return runtime::kExitDone;
}

int beneficiaries_status(const runtime::Settings& settings) {
    const auto rows = ledger::count_beneficiaries(settings.folder("ledger"));
    if (!rows) return fail_with(rows.error());
    if (*rows == 0) {
        fmt::print("no register; `pleiade beneficiaries import FILE.csv` brings one\n");
    } else {
        fmt::print("{} people\n", *rows);
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
