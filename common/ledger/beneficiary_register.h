// The register of beneficiaries of an installation: `beneficiaries.db` beside the journal, imported whole from a CSV
// file of the caisses and replaced at once; the journal neither waits for it nor grows with it.
//
// Numbers are kept as keyed digests (nir_digest.h), names folded: the file says who is insured where, so it is readable
// by its owner alone (0600), and is no backup of anything.
//
// Operation: opened again when an import has replaced it, looked for at most once a second. Concurrency: any thread.
// Limits: the readers and routers of this machine; one caisse for each person.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/beneficiaries.h"

namespace pleiade::ledger {

// Never null and never fails: without `<folder>/beneficiaries.db`, or with one made under another key, nobody is found
// until there is one.
std::unique_ptr<Beneficiaries> open_beneficiaries(const std::string& folder);

struct ImportReport {
    std::uint64_t rows = 0;
    std::uint64_t caisses = 0;
    std::vector<std::string> errors;  // "line 12: ...", the first twenty; no value of a person in them
};

// UTF-8, `;`, header `nir;last_name;first_name;birth_date;caisse`. All or nothing: with one bad line nothing changes.
// Makes the key of the installation when it has none. Errors: BENEFICIARIES_UNREADABLE (Invalid), Unavailable when the
// folder cannot be written.
Result<ImportReport> import_beneficiaries(const std::string& csv, const std::string& folder);

// How many rows the register has; 0 without one. Errors: BENEFICIARIES_OTHER_KEY (Invalid), Unavailable.
Result<std::uint64_t> count_beneficiaries(const std::string& folder);

}  // namespace pleiade::ledger
