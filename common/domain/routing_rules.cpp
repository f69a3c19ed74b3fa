#include "common/domain/routing_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "common/base/csv.h"
#include "common/domain/routing_problems.h"

namespace pleiade {
namespace {

bool overlap(const RoutingRule& a, const RoutingRule& b) {
    const bool a_ends_before = a.valid_to && b.valid_from && *a.valid_to < *b.valid_from;
    const bool b_ends_before = b.valid_to && a.valid_from && *b.valid_to < *a.valid_from;
    return !a_ends_before && !b_ends_before;
}

std::optional<Day> bound(const CsvTable& table, const CsvCell& cell, TableProblems& problems) {
    if (cell.text.empty()) return std::nullopt;
    const auto day = day_from(cell.text);
    if (!day) problems.add(table, cell, fmt::format("«{}» is not a day such as 2026-11-20", cell.text));
    return day;
}

// Open: a closed caisse gives way to its successor before any rule is looked at, so a rule on it would never serve.
void check_open_caisse(const CsvTable& table, const CsvCell& cell, const Caisse& caisse, const Organismes& organismes,
                       TableProblems& problems) {
    const auto known = organismes.resolve(caisse);
    if (!known) {
        problems.add(table, cell, unknown_word(caisse, "a known caisse", organismes.codes()));
    } else if (!known->closed.empty()) {
        problems.add(table, cell,
                     fmt::format("the caisse {} is closed; write its successor {}", caisse, known->organisme->caisse));
    }
}

}  // namespace

std::string RoutingRule::name() const {
    return fmt::format("{} {} -> {} {}", fmt::join(documents, "|"), fmt::join(affiliations, "|"), processed_by,
                       service);
}

Result<RoutingRules> RoutingRules::parse(std::string_view csv, const std::string& file_name, const Nomenclature& types,
                                         const Organismes& organismes, const RoutingServices& services) {
    auto parsed = CsvTable::parse(
        file_name, csv,
        {"document", "affiliation", "processed_by", "service", "valid_from", "valid_to", "source", "note"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    std::vector<std::string> codes;
    for (const auto& type : types.types()) codes.push_back(type.code);

    TableProblems problems;
    RoutingRules rules;
    for (const auto& row : table.rows()) {
        RoutingRule rule;
        rule.documents = row.list("document");
        rule.affiliations = row.list("affiliation");
        rule.processed_by = row["processed_by"];
        rule.service = row["service"];
        rule.valid_from = bound(table, row.at("valid_from"), problems);
        rule.valid_to = bound(table, row.at("valid_to"), problems);
        rule.source = row["source"];
        rule.line = row.line();
        if (rule.documents.empty()) problems.add(table, row.at("document"), "a rule needs a type or a glob");
        if (rule.affiliations.empty()) problems.add(table, row.at("affiliation"), "a rule needs a caisse");
        if (rule.valid_from && rule.valid_to && *rule.valid_to < *rule.valid_from) {
            problems.add(table, row.at("valid_to"), "the rule ends before it begins");
        }
        if (services.find(rule.service) == nullptr) {
            problems.add(table, row.at("service"), unknown_word(rule.service, "a known service", services.codes()));
        }
        check_open_caisse(table, row.at("processed_by"), rule.processed_by, organismes, problems);
        for (const auto& caisse : rule.affiliations) {
            check_open_caisse(table, row.at("affiliation"), caisse, organismes, problems);
        }

        // type -> named exactly by this row; a row that says both "AAT" and "A*" names AAT exactly
        std::map<std::string, bool> named;
        for (const auto& pattern : rule.documents) {
            bool matched = false;
            for (const auto& code : codes) {
                if (!glob_matches(pattern, code)) continue;
                matched = true;
                named[code] |= !is_glob(pattern);
            }
            if (!matched) {
                problems.add(table, row.at("document"),
                             is_glob(pattern) ? fmt::format("«{}» matches no type of the nomenclature", pattern)
                                              : unknown_word(pattern, "a type of the nomenclature", codes));
            }
        }
        const std::size_t index = rules.all_.size();
        rules.all_.push_back(rule);
        std::vector<int> told;  // lines already named as rivals of this row
        for (const auto& [code, exact] : named) {
            for (const auto& caisse : rule.affiliations) {
                auto& candidates = rules.by_type_and_caisse_[{code, caisse}];
                for (const auto& candidate : candidates) {
                    const auto& other = rules.all_[candidate.rule];
                    if (candidate.rule == index || candidate.exact != exact || !overlap(other, rule)) continue;
                    if (std::find(told.begin(), told.end(), other.line) != told.end()) continue;
                    told.push_back(other.line);
                    problems.add(table, row.at("document"),
                                 fmt::format("as right as line {} for {} of caisse {} on the same days", other.line,
                                             code, caisse));
                }
                candidates.push_back({index, exact});
            }
        }
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return rules;
}

const RoutingRule* RoutingRules::find(std::string_view type, std::string_view affiliation, Day received_on) const {
    const auto found = by_type_and_caisse_.find({std::string(type), Caisse(affiliation)});
    if (found == by_type_and_caisse_.end()) return nullptr;
    const RoutingRule* best = nullptr;
    for (const auto& candidate : found->second) {
        const auto& rule = all_[candidate.rule];
        if (!rule.holds_on(received_on)) continue;
        if (candidate.exact) return &rule;
        best = &rule;
    }
    return best;
}

}  // namespace pleiade
