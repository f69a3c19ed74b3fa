#include "common/domain/routing_keying.h"

#include <fmt/format.h>

#include "common/base/csv.h"
#include "common/domain/routing_problems.h"

namespace pleiade {

int KeyingRules::Row::precision() const {
    const int type = document == "*" ? 0 : is_glob(document) ? 1 : 2;
    return (caisse == "*" ? 0 : 3) + type;
}

Result<KeyingRules> KeyingRules::parse(std::string_view csv, const std::string& file_name, const Nomenclature& types,
                                       const Organismes& organismes) {
    auto parsed = CsvTable::parse(file_name, csv, {"caisse", "document", "keyed_by", "when", "note"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    std::vector<std::string> codes;
    for (const auto& type : types.types()) codes.push_back(type.code);

    TableProblems problems;
    KeyingRules rules;
    for (const auto& row : table.rows()) {
        if (row["keyed_by"] != "platform" && row["keyed_by"] != "service") {
            problems.add(table, row.at("keyed_by"), unknown_word(row["keyed_by"], "who keys", {"platform", "service"}));
        }
        if (row["when"] != "before" && row["when"] != "after") {
            problems.add(table, row.at("when"), unknown_word(row["when"], "a moment", {"before", "after"}));
        }
        const auto& caisse = row["caisse"];
        if (caisse != "*") {
            const auto known = organismes.resolve(caisse);
            if (!known) {
                problems.add(table, row.at("caisse"), unknown_word(caisse, "a known caisse or *", organismes.codes()));
            } else if (!known->closed.empty()) {
                problems.add(
                    table, row.at("caisse"),
                    fmt::format("the caisse {} is closed; write its successor {}", caisse, known->organisme->caisse));
            }
        }
        auto documents = row.list("document");
        if (documents.empty()) problems.add(table, row.at("document"), "a row needs a type, a glob or *");
        for (auto& document : documents) {
            std::vector<std::string> matched;
            for (const auto& code : codes) {
                if (glob_matches(document, code)) matched.push_back(code);
            }
            if (matched.empty()) {
                problems.add(table, row.at("document"), unknown_word(document, "a type of the nomenclature", codes));
            }
            const Row added{caisse, std::move(document), {row["keyed_by"], row["when"] == "before"}, row.line()};
            for (const auto& other : rules.rows_) {
                if (other.caisse != added.caisse || other.precision() != added.precision()) continue;
                for (const auto& code : matched) {
                    if (!glob_matches(other.document, code)) continue;
                    problems.add(table, row.at("document"),
                                 fmt::format("as right as line {} for {} of caisse {}", other.line, code, caisse));
                    break;
                }
            }
            rules.rows_.push_back(added);
        }
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return rules;
}

KeyingPlace KeyingRules::find(std::string_view caisse, std::string_view type) const {
    const Row* best = nullptr;
    for (const auto& row : rows_) {
        if (row.caisse != "*" && row.caisse != caisse) continue;
        if (!glob_matches(row.document, type)) continue;
        if (best == nullptr || row.precision() > best->precision()) best = &row;
    }
    return best == nullptr ? KeyingPlace{} : best->place;
}

}  // namespace pleiade
