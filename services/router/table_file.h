// One table of the configuration folder, as text: its version and its columns checked, its rows left to the domain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/routing_problems.h"

namespace pleiade::router {

struct TableFile {
    std::string name;     // "routing.csv"
    std::string text;     // as it is on disk
    std::string version;  // from its first line "# version: 2026-11-20"
};

// Empty when the file cannot be read; other problems are added and the file is given all the same.
std::optional<TableFile> read_config_file(const std::string& folder, const std::string& name, TableProblems& problems);
// A CSV table: its version and no column that nobody knows (a misspelt one would be ignored in silence).
std::optional<TableFile> read_table_file(const std::string& folder, const std::string& name,
                                         const std::vector<std::string>& columns, TableProblems& problems);

}  // namespace pleiade::router
