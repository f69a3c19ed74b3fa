#include "services/reader/letters/letter_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>

#include "common/base/csv.h"
#include "common/domain/reading.h"
#include "services/reader/letters/terms.h"

namespace pleiade::reader::letters {
namespace {

constexpr std::size_t kSaidMax = 3;

}  // namespace

Result<LetterModel> LetterModel::parse(std::string_view csv, const std::string& file_name,
                                       const Nomenclature& nomenclature) {
    const auto table = CsvTable::parse(file_name, csv, {"term", "type", "weight"});
    if (!table) return pass_on(table);
    LetterModel model;
    std::map<std::string, int> numbers;
    for (const auto& row : (*table)->rows()) {
        const std::string type = row["type"], term = row["term"], written = row["weight"];
        const auto* known = nomenclature.find(type);
        const bool doubt = type == kUnknownType && term == "*";
        if (known == nullptr && !doubt) {
            return (*table)->error_at(row.at("type"), fmt::format("the nomenclature has no type «{}»", type));
        }
        double weight = 0;
        const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), weight);
        if (error != std::errc{} || end != written.data() + written.size() || !(std::abs(weight) < 1e3)) {
            return (*table)->error_at(row.at("weight"), fmt::format("«{}» is no weight", written));
        }
        if (doubt) {
            model.doubt_ = weight;
            continue;
        }
        const auto [at, fresh] = numbers.emplace(type, static_cast<int>(model.types_.size()));
        if (fresh) {
            model.types_.push_back(type);
            model.masters_.push_back(known->role == TypeRole::Master);
            model.starts_.push_back(0);
        }
        if (term == "*") {
            model.starts_[static_cast<std::size_t>(at->second)] = weight;
        } else if (term.empty()) {
            return (*table)->error_at(row.at("term"), "a term is missing");
        } else {
            model.weights_[term].emplace_back(at->second, weight);
        }
    }
    return model;
}

Opinion LetterModel::opinion_of(std::string_view folded) const {
    Opinion opinion;
    const auto terms = terms_of(folded);
    if (empty() || terms.empty()) return opinion;
    auto odds = starts_;
    const double share = 1 / std::sqrt(static_cast<double>(terms.size()));
    for (const auto& term : terms) {
        const auto known = weights_.find(term);
        if (known == weights_.end()) continue;
        for (const auto& [type, weight] : known->second) odds[static_cast<std::size_t>(type)] += weight * share;
    }
    const auto best = std::max_element(odds.begin(), odds.end()) - odds.begin();
    double next = odds.size() == 1 ? 0 : -std::numeric_limits<double>::infinity();
    for (std::ptrdiff_t i = 0; i < std::ssize(odds); ++i) {
        if (i != best) next = std::max(next, odds[static_cast<std::size_t>(i)]);
    }
    opinion.type = types_[static_cast<std::size_t>(best)];
    opinion.letter = masters_[static_cast<std::size_t>(best)];
    opinion.margin = odds[static_cast<std::size_t>(best)] - next - doubt_;
    std::vector<std::pair<double, std::string>> spoke;
    for (const auto& term : terms) {
        const auto known = weights_.find(term);
        if (known == weights_.end() || term.front() == '~') continue;
        for (const auto& [type, weight] : known->second) {
            if (type == best && weight > 0) spoke.emplace_back(weight, term);
        }
    }
    std::sort(spoke.begin(), spoke.end(), std::greater<>());
    for (std::size_t i = 0; i < std::min(kSaidMax, spoke.size()); ++i) opinion.said.push_back(spoke[i].second);
    return opinion;
}

}  // namespace pleiade::reader::letters
