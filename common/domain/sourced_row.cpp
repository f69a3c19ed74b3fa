#include "common/domain/sourced_row.h"

#include <fmt/format.h>

namespace pleiade {

SourcedRow sourced_row(const CsvTable& table, const CsvRow& row, const std::vector<std::string>& codes,
                       std::string_view what, TableProblems& problems) {
    SourcedRow read;
    read.enabled = row["enabled"] == "yes";
    if (!read.enabled && row["enabled"] != "no") problems.add(table, row.at("enabled"), "enabled is yes or no");
    if (read.enabled && row["source"].empty()) {
        problems.add(table, row.at("source"), fmt::format("{} without a source stays switched off", what));
    }
    const auto documents = row.list("document");
    if (documents.empty()) problems.add(table, row.at("document"), fmt::format("{} needs a type", what));
    for (const auto& pattern : documents) {
        const auto before = read.types.size();
        for (const auto& code : codes) {
            if (glob_matches(pattern, code)) read.types.push_back(code);
        }
        if (read.types.size() == before) {
            problems.add(table, row.at("document"), unknown_word(pattern, "a type of the nomenclature", codes));
        }
    }
    return read;
}

}  // namespace pleiade
