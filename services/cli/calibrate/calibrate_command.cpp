#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>
#include <filesystem>

#include "common/base/interval.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/calibrate/picture.h"
#include "services/cli/calibrate/reliability.h"
#include "services/cli/commands.h"
#include "services/cli/replace_file.h"
#include "services/reader/typage_settings.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int kFieldSamplesMin = 100;  // fewer make no curve of their own
constexpr std::size_t kLinesDrawn = 5;

// What was stated before the curves in force changed it.
std::vector<Sample> unbent(std::vector<Sample> samples, const reader::CertaintyCurve& curve) {
    for (auto& sample : samples) sample.stated = curve.stated_for(sample.stated);
    return samples;
}
std::vector<Sample> bent(std::vector<Sample> samples, const reader::CertaintyCurve& curve) {
    for (auto& sample : samples) sample.stated = curve(sample.stated);
    return samples;
}

// Of the documents that were named: what nothing is said of has no certainty to judge.
std::vector<Sample> named(const std::vector<JudgedType>& types) {
    std::vector<Sample> samples;
    for (const auto& one : types) {
        if (one.read != kUnknownType) samples.push_back(one.sample);
    }
    return samples;
}

struct TypeTable {
    int drawn = 0, right = 0, named = 0, automatic = 0, automatic_wrong = 0;
    std::vector<Sample> samples;  // that were named so
    double f1() const { return drawn + named == 0 ? 0 : 2.0 * right / (drawn + named); }
};

std::map<std::string, TypeTable> by_type(const std::vector<JudgedType>& types) {
    std::map<std::string, TypeTable> table;
    for (const auto& one : types) {
        auto& drawn = table[one.truth];
        ++drawn.drawn;
        drawn.right += one.sample.right ? 1 : 0;
        if (one.read == kUnknownType) continue;
        auto& read = table[one.read];
        ++read.named;
        read.samples.push_back(one.sample);
        if (one.automatic) {
            ++read.automatic;
            read.automatic_wrong += one.sample.right ? 0 : 1;
        }
    }
    return table;
}

void print_bins(const std::string& what, const std::vector<Sample>& samples) {
    const auto bins = reliability(samples);
    fmt::print("\n{}: {} samples, expected calibration error {:.4f}\n", what, samples.size(), calibration_error(bins));
    fmt::print("  {:>16}{:>9}{:>9}{:>9}   95 % interval\n", "stated", "samples", "stated", "right");
    for (const auto& bin : bins) {
        if (bin.samples == 0) continue;
        const auto share = wilson(bin.right, bin.samples);
        fmt::print("  {:>7.3f} - {:<6.3f}{:>9}{:>9.4f}{:>9.4f}   {:.4f} - {:.4f}\n", bin.from, bin.to, bin.samples,
                   bin.stated, 1.0 * bin.right / bin.samples, share.low, share.high);
    }
}

json::object json_of(const std::vector<Sample>& samples, const reader::CertaintyCurve& curve) {
    json::object out;
    const auto bins = reliability(samples);
    out["samples"] = samples.size();
    out["expected_calibration_error"] = calibration_error(bins);
    out["slope"] = curve.slope;
    out["offset"] = curve.offset;
    auto& list = out["bins"].emplace_array();
    for (const auto& bin : bins) {
        if (bin.samples == 0) continue;
        list.push_back({{"from", bin.from},
                        {"to", bin.to},
                        {"samples", bin.samples},
                        {"right", bin.right},
                        {"stated", bin.stated}});
    }
    return out;
}

}  // namespace

int calibrate(const runtime::Settings& settings, const CalibrateOptions& options) {
    const auto nomenclature_text = runtime::read_file(settings.config_folder + "/nomenclature.csv");
    if (!nomenclature_text) return fail_with(nomenclature_text.error());
    const auto nomenclature = Nomenclature::parse(*nomenclature_text, "nomenclature.csv");
    if (!nomenclature) return fail_with(nomenclature.error());
    reader::Certainty now;  // in force when the readings were made
    if (const auto path = settings.config_folder + "/certainty.toml"; fs::exists(path)) {
        const auto text = runtime::read_file(path);
        if (!text) return fail_with(text.error());
        auto parsed = reader::Certainty::parse(*text, "certainty.toml", *nomenclature);
        if (!parsed) return fail_with(parsed.error());
        now = std::move(*parsed);
    }
    const auto readings = runtime::read_file(options.readings);
    if (!readings) return fail_with(readings.error());
    const auto truth = runtime::read_file(options.truth);
    if (!truth) return fail_with(truth.error());
    const auto judged = judge_readings(*readings, *truth);
    if (!judged) return fail_with(judged.error());

    reader::Certainty fitted;
    fitted.version =
        options.version.empty() ? fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr))) : options.version;
    const auto stated = unbent(named(judged->types), now.type);
    fitted.type = fit(stated, true);
    const auto types = bent(stated, fitted.type);
    const auto note = fmt::format("{} plis, {} documents", judged->plis, judged->types.size());
    fmt::print("{}\n", note);
    print_bins("types, as stated", stated);
    if (!fitted.type.as_stated()) print_bins("types, with their curve", types);

    json::object out{{"plis", judged->plis}, {"documents", judged->types.size()}, {"target", options.target}};
    out["types"] = json_of(types, fitted.type);
    auto& fields_out = out["fields"].emplace_object();
    std::vector<ReliabilityLine> lines{{"types", types}};
    std::vector<ReliabilityLine> of_fields;
    std::vector<Sample> all_fields;
    fmt::print("\n{:<16}{:>9}{:>9}{:>9}{:>9}{:>9}{:>12}\n", "fields", "samples", "right", "ECE", "slope", "offset",
               "ECE, curve");
    for (const auto& [name, samples] : judged->fields) {
        const auto former = now.fields.find(name);
        const auto raw = former == now.fields.end() ? samples : unbent(samples, former->second);
        const auto curve = static_cast<int>(raw.size()) < kFieldSamplesMin ? reader::CertaintyCurve{} : fit(raw, false);
        const auto with = bent(raw, curve);
        if (!curve.as_stated()) fitted.fields.emplace(name, curve);
        int right = 0;
        for (const auto& sample : raw) right += sample.right ? 1 : 0;
        fmt::print("{:<16}{:>9}{:>7.1f} %{:>9.4f}{:>9.3f}{:>9.3f}{:>12.4f}\n", name, raw.size(),
                   100.0 * right / static_cast<double>(raw.size()), calibration_error(reliability(raw)), curve.slope,
                   curve.offset, calibration_error(reliability(with)));
        fields_out[name] = json_of(with, curve);
        of_fields.push_back({name, with});
        all_fields.insert(all_fields.end(), with.begin(), with.end());
    }
    print_bins("fields, with their curves", all_fields);

    const auto overall = threshold_for(types, options.target);
    fmt::print("\ntarget: at most {:.2f} % of wrong types. ", options.target * 100);
    if (overall.shown) {
        fmt::print("Reached from {:.4f} on: {} of {} documents, {} wrong, upper bound {:.2f} %.\n", overall.certainty,
                   overall.samples, types.size(), overall.wrong, overall.upper * 100);
    } else {
        fmt::print("Not shown: {} documents from {:.4f} on, {} wrong, upper bound {:.2f} %; more samples are needed.\n",
                   overall.samples, overall.certainty, overall.wrong, overall.upper * 100);
    }
    fmt::print("\n{:<14}{:>7}{:>8}{:>11}{:>9}{:>8}{:>7}{:>8}  threshold\n", "type", "drawn", "right", "precision",
               "recall", "F1", "auto", "wrong");
    auto& table_out = out["by_type"].emplace_object();
    double f1 = 0;
    int drawn_types = 0;
    for (const auto& [type, row] : by_type(judged->types)) {
        const auto own = threshold_against(bent(unbent(row.samples, now.type), fitted.type), options.target,
                                           reader::TypageSettings{}.certain_min);
        // A type whose mistakes speak against the usual threshold gets one of its own.
        const bool raised = own.samples > 0 && own.certainty > reader::TypageSettings{}.certain_min &&
                            std::any_of(row.samples.begin(), row.samples.end(), [&](const Sample& sample) {
                                return !sample.right && sample.stated >= reader::TypageSettings{}.certain_min &&
                                       sample.stated < own.certainty;
                            });
        if (raised && nomenclature->find(type) != nullptr) fitted.certain_min_of[type] = own.certainty;
        if (row.drawn > 0) {
            f1 += row.f1();
            ++drawn_types;
        }
        fmt::print("{:<14}{:>7}{:>8}{:>9.1f} %{:>7.1f} %{:>8.3f}{:>7}{:>8}  {}\n", type, row.drawn, row.right,
                   row.named == 0 ? 0.0 : 100.0 * row.right / row.named,
                   row.drawn == 0 ? 0.0 : 100.0 * row.right / row.drawn, row.f1(), row.automatic, row.automatic_wrong,
                   raised ? fmt::format("{:.4f}", own.certainty) : "");
        table_out[type] = {{"drawn", row.drawn}, {"right", row.right},    {"named", row.named},
                           {"f1", row.f1()},     {"auto", row.automatic}, {"auto_wrong", row.automatic_wrong}};
    }
    fmt::print("macro-F1 over the {} types drawn: {:.3f}\n", drawn_types, drawn_types == 0 ? 0 : f1 / drawn_types);
    out["macro_f1"] = drawn_types == 0 ? 0 : f1 / drawn_types;

    if (!options.out.empty()) {
        std::stable_sort(of_fields.begin(), of_fields.end(), [](const ReliabilityLine& a, const ReliabilityLine& b) {
            return a.samples.size() > b.samples.size();
        });
        for (auto& one : of_fields) {
            if (lines.size() < kLinesDrawn) lines.push_back(std::move(one));
        }
        std::vector<Sample> masters;
        for (const auto& one : judged->types) {
            masters.push_back(one.read == kUnknownType ? Sample{0, false} : one.sample);
        }
        for (const auto& [name, text] : {std::pair{"certainty.svg", draw_certainty(lines, masters, note)},
                                         std::pair{"certainty.json", json::serialize(out) + "\n"}}) {
            if (auto done = replace_file(fs::path(options.out) / name, text); !done) return fail_with(done.error());
        }
        fmt::print("\nwritten: {0}/certainty.svg, {0}/certainty.json\n", options.out);
    }
    if (!options.write.empty()) {
        if (auto done = replace_file(options.write, fitted.to_toml()); !done) return fail_with(done.error());
        fmt::print(
            "written: {}; readers started from now on take it when it stands in the folder of the "
            "configuration\n",
            options.write);
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
