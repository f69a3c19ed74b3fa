#include "services/cli/letters/learning.h"

#include <fmt/format.h>
#include <linear.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>

#include "common/domain/reading.h"
#include "services/reader/letters/terms.h"

namespace pleiade::cli {
namespace {

constexpr double kErrorRates[] = {0.0, 0.1, 0.22, 0.35};
constexpr double kWeightMin = 0.02;  // less says nothing

// Where a lesson's terms come from: all copies of one wording are one source.
std::string source_of(const Lesson& lesson) {
    if (!lesson.wording.empty()) return lesson.wording;
    return lesson.lot < 0 ? lesson.text : fmt::format("lot {}", lesson.lot);
}

struct Row {
    std::string term;
    int type = 0;
    double weight = 0;
};

// The heaviest ones, in the order they came in.
std::vector<Row> heaviest(std::vector<Row> rows, std::size_t count) {
    if (rows.size() <= count) return rows;
    std::vector<double> weights;
    for (const auto& row : rows) weights.push_back(std::abs(row.weight));
    std::nth_element(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(count), weights.end(),
                     std::greater<>());
    const double least = weights[count];
    std::erase_if(rows, [&](const Row& row) { return std::abs(row.weight) <= least; });
    return rows;
}

struct Samples {
    std::vector<std::vector<feature_node>> rows;
    std::vector<double> labels;
};

}  // namespace

std::string learn(const std::vector<Lesson>& lessons, const Learning& learning) {
    std::mt19937 random(learning.seed);
    std::vector<std::set<std::string>> texts;
    std::vector<int> labels;
    std::vector<std::string> types;
    std::map<std::string, int> label_of, seen;
    std::map<std::string, std::set<int>> plis_of;             // of terms of real letters
    std::map<std::string, std::set<std::string>> sources_of;  // of terms of invented ones
    for (const auto& lesson : lessons) {
        const auto [label, fresh] = label_of.emplace(lesson.type, static_cast<int>(types.size()));
        if (fresh) types.push_back(lesson.type);
        const auto source = source_of(lesson);
        for (const double rate : kErrorRates) {
            texts.push_back(reader::letters::terms_of(rate > 0 ? with_errors(lesson.text, rate, random) : lesson.text));
            labels.push_back(label->second);
            for (const auto& term : texts.back()) {
                if (lesson.keyed) {
                    plis_of[term].insert(lesson.lot);
                } else {
                    ++seen[term];
                    sources_of[term].insert(source);
                }
            }
        }
    }
    std::vector<std::string> terms;
    std::map<std::string, int> index_of;
    for (const auto& [term, plis] : plis_of) seen[term] += 0;
    for (const auto& [term, times] : seen) {
        const auto plis = plis_of.find(term);
        const bool by_people = plis != plis_of.end() && static_cast<int>(plis->second.size()) >= learning.people_min;
        const bool usual =
            times >= learning.rarest && static_cast<int>(sources_of[term].size()) >= learning.wordings_min;
        if (!usual && !by_people) continue;
        terms.push_back(term);
        index_of[term] = static_cast<int>(terms.size());  // liblinear counts from 1
    }
    const int bias = static_cast<int>(terms.size()) + 1;
    Samples samples;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const double share = texts[i].empty() ? 0 : 1 / std::sqrt(static_cast<double>(texts[i].size()));
        std::vector<feature_node> row;
        for (const auto& term : texts[i]) {  // in the order of the terms, as liblinear asks
            if (const auto at = index_of.find(term); at != index_of.end()) row.push_back({at->second, share});
        }
        row.push_back({bias, 1});
        row.push_back({-1, 0});
        samples.rows.push_back(std::move(row));
        samples.labels.push_back(labels[i]);
    }
    std::vector<feature_node*> rows;
    for (auto& row : samples.rows) rows.push_back(row.data());
    problem problem{};
    problem.l = static_cast<int>(rows.size());
    problem.n = bias;
    problem.y = samples.labels.data();
    problem.x = rows.data();
    problem.bias = 1;
    parameter parameter{};
    parameter.solver_type = L2R_LR;
    parameter.eps = 0.01;
    parameter.C = learning.cost;
    set_print_string_function([](const char*) {});
    std::srand(learning.seed);  // liblinear shuffles by rand()
    model* model = train(&problem, &parameter);

    std::string csv = fmt::format(
        "# Written by `pleiade letters train` from {} letters and phrases.\nterm;type;weight\n", lessons.size());
    // Two types make one row of weights, for the first label; more make one each.
    const bool pair = model->nr_class == 2;
    const double scale = learning.lead.slope;
    csv += fmt::format("*;{};{:.3f}\n", kUnknownType, std::max(0.0, -learning.lead.offset));
    std::vector<Row> rows_of_table;
    for (int at = 0; at < model->nr_class; ++at) {
        const auto& type = types[static_cast<std::size_t>(model->label[at])];
        const auto weight_of = [&](int feature) {
            const double first =
                model->w[static_cast<std::ptrdiff_t>(feature) * (pair ? 1 : model->nr_class) + (pair ? 0 : at)];
            return scale * (pair && at == 1 ? -first : first);
        };
        csv += fmt::format("*;{};{:.2f}\n", type, weight_of(bias - 1));
        for (int feature = 0; feature + 1 < bias; ++feature) {
            const double weight = weight_of(feature);
            if (std::abs(weight) >= kWeightMin)
                rows_of_table.push_back({terms[static_cast<std::size_t>(feature)], model->label[at], weight});
        }
    }
    for (const auto& row : heaviest(std::move(rows_of_table), static_cast<std::size_t>(learning.rows_max)))
        csv += fmt::format("{};{};{:.2f}\n", row.term, types[static_cast<std::size_t>(row.type)], row.weight);
    free_and_destroy_model(&model);
    return csv;
}

}  // namespace pleiade::cli
