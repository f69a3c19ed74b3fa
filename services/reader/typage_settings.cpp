#include "services/reader/typage_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/reader/toml_table.h"

namespace pleiade::reader {
namespace {

struct Number {
    std::string_view key;
    double TypageSettings::*member;
    double least, most;
};
constexpr std::array kNumbers = {
    Number{"unknown_prior", &TypageSettings::unknown_prior, 0, 20},
    Number{"cerfa_weight", &TypageSettings::cerfa_weight, 0, 20},
    Number{"s_ref_weight", &TypageSettings::s_ref_weight, 0, 20},
    Number{"form_weight", &TypageSettings::form_weight, 0, 20},
    Number{"unknown_form_weight", &TypageSettings::unknown_form_weight, 0, 20},
    Number{"text_total_max", &TypageSettings::text_total_max, 0, 40},
    Number{"named_min", &TypageSettings::named_min, 0, 1},
    Number{"certain_min", &TypageSettings::certain_min, 0, 1},
};

}  // namespace

double TypageSettings::certain_min_for(const std::string& type) const {
    const auto own = certain_min_of.find(type);
    return own == certain_min_of.end() ? certain_min : own->second;
}

void TypageSettings::take(const Certainty& certainty) {
    curve = certainty.type;
    for (const auto& [type, threshold] : certainty.certain_min_of) {
        certain_min_of.insert_or_assign(type, std::max(threshold, certain_min_for(type)));
    }
}

Result<TypageSettings> TypageSettings::parse(std::string_view text, const std::string& file_name,
                                             const Nomenclature& nomenclature) {
    const auto root = parse_toml(text, file_name);
    if (!root) return pass_on(root);
    TypageSettings settings;
    for (const auto& [key, node] : *root) {
        if (key == "version") {
            const auto version = node.value<std::string>();
            if (!version) return error_at(file_name, node.source(), "the version is a text");
            settings.version = *version;
            continue;
        }
        if (key == "certain_min_of" && node.is_table()) {
            auto thresholds = thresholds_of(file_name, *node.as_table(), nomenclature);
            if (!thresholds) return pass_on(thresholds);
            settings.certain_min_of = std::move(*thresholds);
            continue;
        }
        const auto known =
            std::find_if(kNumbers.begin(), kNumbers.end(), [&](const Number& n) { return n.key == key.str(); });
        if (known == kNumbers.end()) {
            return error_at(file_name, node.source(), fmt::format("no setting is called «{}»", key.str()));
        }
        const auto value = node.value<double>();
        if (!value || *value < known->least || *value > known->most) {
            return error_at(file_name, node.source(),
                            fmt::format("«{}» is a number from {} to {}", key.str(), known->least, known->most));
        }
        settings.*(known->member) = *value;
    }
    if (settings.version.empty()) {
        return invalid("CONFIG_INVALID", fmt::format("{}:1:1: the key «version» is missing", file_name));
    }
    return settings;
}

}  // namespace pleiade::reader
