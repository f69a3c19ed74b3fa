#include "common/domain/organismes.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/domain/routing_problems.h"

namespace pleiade {
namespace {

bool is_caisse(std::string_view text) {
    return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Organismes> Organismes::parse(std::string_view csv, const std::string& file_name) {
    auto parsed =
        CsvTable::parse(file_name, csv, {"regime", "caisse", "label_fr", "departement", "status", "successor"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    TableProblems problems;
    Organismes organismes;
    for (const auto& row : table.rows()) {
        const Organisme organisme{
            row["regime"],   row["caisse"], row["label_fr"], row["departement"], row["status"] == "closed",
            row["successor"]};
        if (!is_caisse(organisme.caisse)) problems.add(table, row.at("caisse"), "a caisse has three digits");
        if (organisme.label_fr.empty()) problems.add(table, row.at("label_fr"), "a caisse needs a label");
        if (row["status"] != "open" && row["status"] != "closed") {
            problems.add(table, row.at("status"), "the status is open or closed");
        }
        if (organisme.closed && organisme.successor.empty()) {
            problems.add(table, row.at("successor"), "a closed caisse needs a successor");
        }
        if (!organisme.closed && !organisme.successor.empty()) {
            problems.add(table, row.at("successor"), "only a closed caisse has a successor");
        }
        if (!organisme.closed && organisme.departement.empty()) {
            problems.add(table, row.at("departement"), "an open caisse needs its departement, for its public holidays");
        }
        if (!organismes.by_caisse_.emplace(organisme.caisse, organismes.all_.size()).second) {
            problems.add(table, row.at("caisse"), fmt::format("the caisse {} is given twice", organisme.caisse));
        }
        organismes.all_.push_back(organisme);
    }
    for (std::size_t i = 0; i < organismes.all_.size(); ++i) {
        const auto& cell = table.rows()[i].at("successor");
        const auto* at = &organismes.all_[i];
        // A chain longer than the table goes round.
        for (std::size_t steps = 0; at->closed && !at->successor.empty(); ++steps) {
            const auto* next = organismes.find(at->successor);
            if (next == nullptr) {
                if (steps == 0) {
                    problems.add(table, cell, unknown_word(at->successor, "a known caisse", organismes.codes()));
                }
                break;
            }
            if (steps > organismes.all_.size()) {
                problems.add(table, cell,
                             fmt::format("the successors of {} go round in a circle", organismes.all_[i].caisse));
                break;
            }
            at = next;
        }
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return organismes;
}

const Organisme* Organismes::find(std::string_view caisse) const {
    const auto found = by_caisse_.find(caisse);
    return found == by_caisse_.end() ? nullptr : &all_[found->second];
}

std::optional<Succession> Organismes::resolve(std::string_view caisse) const {
    Succession succession;
    succession.organisme = find(caisse);
    if (succession.organisme == nullptr) return std::nullopt;
    while (succession.organisme->closed) {
        succession.closed.push_back(succession.organisme->caisse);
        succession.organisme = find(succession.organisme->successor);
        PLEIADE_CHECK(succession.organisme != nullptr);
    }
    return succession;
}

std::vector<std::string> Organismes::codes() const {
    std::vector<std::string> codes;
    for (const auto& organisme : all_) codes.push_back(organisme.caisse);
    return codes;
}

}  // namespace pleiade
