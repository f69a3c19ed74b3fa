#include "services/cli/letters/learning.h"

#include <fmt/format.h>
#include <linear.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "services/reader/letters/terms.h"

namespace pleiade::cli {
namespace {

constexpr double kErrorRates[] = {0.0, 0.1, 0.22};
constexpr double kWeightMin = 0.02;  // less says nothing

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
    std::map<std::string, std::set<int>> plis_of;  // of terms of real letters
    for (const auto& lesson : lessons) {
        const auto [label, fresh] = label_of.emplace(lesson.type, static_cast<int>(types.size()));
        if (fresh) types.push_back(lesson.type);
        for (const double rate : kErrorRates) {
            texts.push_back(reader::letters::terms_of(rate > 0 ? with_errors(lesson.text, rate, random) : lesson.text));
            labels.push_back(label->second);
            for (const auto& term : texts.back()) {
                if (lesson.keyed) {
                    plis_of[term].insert(lesson.lot);
                } else {
                    ++seen[term];
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
        if (times < learning.rarest && !by_people) continue;
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
    parameter.solver_type = L1R_LR;
    parameter.eps = 0.01;
    parameter.C = learning.cost;
    set_print_string_function([](const char*) {});
    std::srand(learning.seed);  // liblinear shuffles by rand()
    model* model = train(&problem, &parameter);

    std::string csv = fmt::format(
        "# Written by `pleiade letters train` from {} letters and phrases.\nterm;type;weight\n", lessons.size());
    // Two types make one row of weights, for the first label; more make one each.
    const bool pair = model->nr_class == 2;
    for (int at = 0; at < model->nr_class; ++at) {
        const auto& type = types[static_cast<std::size_t>(model->label[at])];
        const auto weight_of = [&](int feature) {
            const double first =
                model->w[static_cast<std::ptrdiff_t>(feature) * (pair ? 1 : model->nr_class) + (pair ? 0 : at)];
            return pair && at == 1 ? -first : first;
        };
        csv += fmt::format("*;{};{:.3f}\n", type, weight_of(bias - 1));
        for (int feature = 0; feature + 1 < bias; ++feature) {
            const double weight = weight_of(feature);
            if (std::abs(weight) >= kWeightMin) {
                csv += fmt::format("{};{};{:.3f}\n", terms[static_cast<std::size_t>(feature)], type, weight);
            }
        }
    }
    free_and_destroy_model(&model);
    return csv;
}

}  // namespace pleiade::cli
