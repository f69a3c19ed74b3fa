#include "services/reader/certainty.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/reader/toml_table.h"

namespace pleiade::reader {
namespace {

constexpr double kExtreme = 1e-6;  // probabilities are stated with that many digits; beyond it log-odds mean nothing

double log_odds(double p) {
    p = std::clamp(p, kExtreme, 1 - kExtreme);
    return std::log(p / (1 - p));
}
double probability(double odds) {
    return 1 / (1 + std::exp(-odds));
}

constexpr double kSteepest = 5, kFurthest = 20;

Result<CertaintyCurve> curve_of(const std::string& file, const toml::node& node, bool only_lowers) {
    const auto* table = node.as_table();
    if (table == nullptr) return error_at(file, node.source(), "a curve is { slope = ..., offset = ... }");
    CertaintyCurve curve;
    for (const auto& [key, number] : *table) {
        const auto value = number.value<double>();
        if (key == "slope") {
            const double most = only_lowers ? 1 : kSteepest;
            if (!value || *value <= 0 || *value > most) {
                return error_at(file, number.source(), fmt::format("this slope is above 0 and at most {}", most));
            }
            curve.slope = *value;
        } else if (key == "offset") {
            const double most = only_lowers ? 0 : kFurthest;
            if (!value || *value < -kFurthest || *value > most) {
                return error_at(file, number.source(),
                                fmt::format("this offset is a number from {} to {}", -kFurthest, most));
            }
            curve.offset = *value;
        } else {
            return error_at(file, number.source(), fmt::format("a curve has no «{}»", key.str()));
        }
    }
    return curve;
}

}  // namespace

double CertaintyCurve::operator()(double stated) const {
    return as_stated() ? stated : probability(slope * log_odds(stated) + offset);
}

double CertaintyCurve::stated_for(double certainty) const {
    return as_stated() ? certainty : probability((log_odds(certainty) - offset) / slope);
}

double Certainty::of_field(const std::string& name, double stated) const {
    const auto curve = fields.find(name);
    return curve == fields.end() ? stated : curve->second(stated);
}

Result<Certainty> Certainty::parse(std::string_view text, const std::string& file_name,
                                   const Nomenclature& nomenclature) {
    const auto root = parse_toml(text, file_name);
    if (!root) return pass_on(root);
    Certainty certainty;
    for (const auto& [key, node] : *root) {
        if (key == "version") {
            certainty.version = node.value_or(std::string());
        } else if (key == "type") {
            const auto curve = curve_of(file_name, node, true);
            if (!curve) return pass_on(curve);
            certainty.type = *curve;
        } else if (key == "fields" && node.is_table()) {
            for (const auto& [name, one] : *node.as_table()) {
                if (std::find(kFieldNames.begin(), kFieldNames.end(), name.str()) == kFieldNames.end()) {
                    return error_at(file_name, one.source(), fmt::format("no field is called «{}»", name.str()));
                }
                const auto curve = curve_of(file_name, one, false);
                if (!curve) return pass_on(curve);
                certainty.fields.emplace(name.str(), *curve);
            }
        } else if (key == "certain_min_of" && node.is_table()) {
            auto thresholds = thresholds_of(file_name, *node.as_table(), nomenclature);
            if (!thresholds) return pass_on(thresholds);
            certainty.certain_min_of = std::move(*thresholds);
        } else {
            return error_at(file_name, node.source(), fmt::format("no setting is called «{}»", key.str()));
        }
    }
    if (certainty.version.empty()) {
        return invalid("CONFIG_INVALID", fmt::format("{}:1:1: the key «version» is missing", file_name));
    }
    return certainty;
}

std::string Certainty::to_toml() const {
    std::string out = fmt::format(
        "# Written by `pleiade calibrate`: how often what is stated with a probability is right, as log-odds "
        "(slope * stated + offset).\nversion = \"{}\"\ntype = {{ slope = {:.4f}, offset = {:.4f} }}\n",
        version, type.slope, type.offset);
    if (!fields.empty()) out += "\n[fields]\n";
    for (const auto& [name, curve] : fields) {
        out += fmt::format("{} = {{ slope = {:.4f}, offset = {:.4f} }}\n", name, curve.slope, curve.offset);
    }
    if (!certain_min_of.empty()) {
        out += "\n# From this certainty on the mistakes seen stay within the target.\n[certain_min_of]\n";
    }
    for (const auto& [type_code, threshold] : certain_min_of) out += fmt::format("{} = {:.4f}\n", type_code, threshold);
    return out;
}

}  // namespace pleiade::reader
