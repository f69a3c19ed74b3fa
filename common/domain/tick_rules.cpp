#include "common/domain/tick_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/base/csv.h"
#include "common/domain/sourced_row.h"

namespace pleiade {
namespace {

std::optional<TickEffect> effect_from(std::string_view word) {
    if (word == "type") return TickEffect::Type;
    if (word == "service") return TickEffect::Service;
    if (word == "copy") return TickEffect::Copy;
    if (word == "priority") return TickEffect::Priority;
    return std::nullopt;
}

void check_value(const CsvTable& table, const CsvCell& cell, TickEffect effect, const std::vector<std::string>& codes,
                 const RoutingServices* services, TableProblems& problems) {
    if (effect == TickEffect::Type) {
        if (std::find(codes.begin(), codes.end(), cell.text) == codes.end()) {
            problems.add(table, cell, unknown_word(cell.text, "a type of the nomenclature", codes));
        }
    } else if (effect == TickEffect::Priority) {
        if (!priority_from(cell.text)) {
            problems.add(table, cell, unknown_word(cell.text, "a priority", {"P0", "P1", "P2", "P3"}));
        }
    } else if (services != nullptr && services->find(cell.text) == nullptr) {
        problems.add(table, cell, unknown_word(cell.text, "a service of services.csv", services->codes()));
    }
}

// Two rules that say different things of one answer are a mistake of the table, not of a letter.
bool contradicts(const TickRule& a, const TickRule& b) {
    return a.question == b.question && a.answer == b.answer && a.effect == b.effect && a.effect != TickEffect::Copy;
}

}  // namespace

Result<TickRules> TickRules::parse(std::string_view csv, const std::string& file_name, const Nomenclature& types,
                                   const RoutingServices* services) {
    auto parsed = CsvTable::parse(
        file_name, csv,
        {"document", "question", "answer", "effect", "value", "enabled", "ticked_fr", "source", "note"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    std::vector<std::string> codes;
    for (const auto& type : types.types()) codes.push_back(type.code);

    TableProblems problems;
    TickRules rules;
    for (const auto& row : table.rows()) {
        TickRule rule{row["question"], "", TickEffect::Copy, row["value"], row["ticked_fr"], row.line()};
        for (const auto* column : {"question", "answer", "ticked_fr"}) {
            if (row[column].empty()) problems.add(table, row.at(column), "a rule needs it");
        }
        const auto effect = effect_from(row["effect"]);
        if (!effect) {
            problems.add(table, row.at("effect"),
                         unknown_word(row["effect"], "an effect", {"type", "service", "copy", "priority"}));
        } else {
            rule.effect = *effect;
            check_value(table, row.at("value"), rule.effect, codes, services, problems);
        }
        const auto sourced = sourced_row(table, row, codes, "a rule", problems);
        ++(sourced.enabled ? rules.enabled_count_ : rules.disabled_count_);
        if (!sourced.enabled) continue;
        for (const auto& code : sourced.types) {
            auto& of_type = rules.by_type_[code];
            for (const auto& answer : row.list("answer")) {
                rule.answer = answer;
                const auto other = std::find_if(of_type.begin(), of_type.end(),
                                                [&](const TickRule& one) { return contradicts(one, rule); });
                if (other != of_type.end()) {
                    problems.add(table, row.at("document"),
                                 fmt::format("{} has such a rule already, line {}", code, other->line));
                }
                of_type.push_back(rule);
            }
        }
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return rules;
}

const std::vector<TickRule>& TickRules::of_type(std::string_view type) const {
    static const std::vector<TickRule> none;
    const auto found = by_type_.find(type);
    return found == by_type_.end() ? none : found->second;
}

}  // namespace pleiade
