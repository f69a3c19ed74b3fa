#include "services/cli/contract_lines.h"

#include <fmt/format.h>

#include "common/base/csv.h"

namespace pleiade::cli {
namespace json = boost::json;

std::string text_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::array& list_of(const json::object& object, const char* key) {
    static const json::array none;
    const auto* list = object.if_contains(key);
    return list != nullptr && list->is_array() ? list->as_array() : none;
}

Result<ContractLines> contract_lines(std::string_view text, const char* what) {
    ContractLines plis;
    int number = 0;
    for (const auto& line : split(text, '\n')) {
        ++number;
        if (line.empty()) continue;
        boost::system::error_code error;
        auto value = json::parse(line, error);
        if (error || !value.is_object()) {
            return invalid("INPUT_INVALID", fmt::format("line {} of the {} is no line of JSON", number, what));
        }
        auto& pli = value.as_object();
        if (pli.contains("rejected")) continue;
        std::pair key{text_of(pli, "lot"), text_of(pli, "pli")};
        plis.insert_or_assign(std::move(key), std::move(pli));
    }
    return plis;
}

}  // namespace pleiade::cli
