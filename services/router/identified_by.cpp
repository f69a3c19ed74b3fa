#include "services/router/identified_by.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/csv.h"
#include "common/domain/routing_problems.h"

namespace pleiade::router {

Result<IdentifiedBy> IdentifiedBy::parse(std::string_view csv, const std::string& file_name,
                                         const Nomenclature& types) {
    auto parsed = CsvTable::parse(file_name, csv, {"document", "fields", "note"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    std::vector<std::string> codes;
    for (const auto& type : types.types()) codes.push_back(type.code);
    const std::vector<std::string> names(kFieldNames.begin(), kFieldNames.end());

    TableProblems problems;
    IdentifiedBy known;
    for (const auto& row : table.rows()) {
        const auto& code = row["document"];
        if (types.find(code) == nullptr) {
            problems.add(table, row.at("document"), unknown_word(code, "a type of the nomenclature", codes));
        }
        const auto fields = row.list("fields");
        if (fields.empty()) problems.add(table, row.at("fields"), "a row needs a field");
        for (const auto& field : fields) {
            if (std::find(names.begin(), names.end(), field) == names.end()) {
                problems.add(table, row.at("fields"), unknown_word(field, "a field", names));
            }
        }
        if (!known.by_type_.emplace(code, fields).second) {
            problems.add(table, row.at("document"), fmt::format("«{}» has two rows", code));
        }
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return known;
}

const std::vector<std::string>& IdentifiedBy::fields_of(std::string_view type) const {
    static const std::vector<std::string> none;
    const auto found = by_type_.find(type);
    return found == by_type_.end() ? none : found->second;
}

}  // namespace pleiade::router
