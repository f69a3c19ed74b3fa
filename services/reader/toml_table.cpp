#include "services/reader/toml_table.h"

#include <fmt/format.h>

namespace pleiade::reader {

tl::unexpected<Error> error_at(const std::string& file, const toml::source_region& at, std::string_view what) {
    return invalid("CONFIG_INVALID", fmt::format("{}:{}:{}: {}", file, at.begin.line, at.begin.column, what));
}

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        return error_at(file, error.source(), error.description());
    }
}

Result<Thresholds> thresholds_of(const std::string& file, const toml::table& table, const Nomenclature& nomenclature) {
    Thresholds thresholds;
    for (const auto& [type, threshold] : table) {
        const auto value = threshold.value<double>();
        if (nomenclature.find(type.str()) == nullptr) {
            return error_at(file, threshold.source(), fmt::format("the nomenclature has no type «{}»", type.str()));
        }
        if (!value || *value < 0 || *value > 1) {
            return error_at(file, threshold.source(), "a threshold is a number from 0 to 1");
        }
        thresholds.emplace(type.str(), *value);
    }
    return thresholds;
}

}  // namespace pleiade::reader
