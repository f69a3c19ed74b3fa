// What rows of law have in common, in tables that name types of documents, give each rule its source, and can be
// switched off one by one: columns `document` (codes, or globs of codes), `enabled` and `source`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/csv.h"
#include "common/domain/routing_problems.h"

namespace pleiade {

struct SourcedRow {
    bool enabled = false;
    std::vector<std::string> types;  // of the nomenclature that it names, in that order for each pattern
};

// `what`: "a rule", "a delay", as problems name it. `codes`: the nomenclature's.
SourcedRow sourced_row(const CsvTable& table, const CsvRow& row, const std::vector<std::string>& codes,
                       std::string_view what, TableProblems& problems);

}  // namespace pleiade
