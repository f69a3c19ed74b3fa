#include "services/cli/calibrate/judged.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/domain/reading.h"
#include "common/domain/text_fold.h"
#include "services/cli/contract_lines.h"

namespace pleiade::cli {
namespace json = boost::json;
namespace {

bool holds(const json::object& document, std::int64_t page) {
    const auto& pages = list_of(document, "pages");
    return std::any_of(pages.begin(), pages.end(),
                       [&](const json::value& one) { return one.is_int64() && one.as_int64() == page; });
}

std::vector<const json::object*> values_of(const json::value& field) {
    std::vector<const json::object*> values;
    if (field.is_object()) values.push_back(&field.as_object());
    if (field.is_array()) {
        for (const auto& item : field.as_array()) {
            if (item.is_object()) values.push_back(&item.as_object());
        }
    }
    return values;
}

bool same_value(const std::string& name, const std::string& a, const std::string& b) {
    // A form that prints 13 boxes holds the NIR without its key.
    if (name.ends_with("nir")) return a.size() >= 13 && b.size() >= 13 && a.substr(0, 13) == b.substr(0, 13);
    return folded(a) == folded(b);
}

void judge_fields(const json::object& read, const json::object& truth, Judged& judged) {
    const auto* fields = read.if_contains("fields");
    const auto* drawn = truth.if_contains("fields");
    if (fields == nullptr || !fields->is_object() || drawn == nullptr || !drawn->is_object()) return;
    for (const auto& field : fields->as_object()) {
        const std::string name(field.key());
        const auto* known = drawn->as_object().if_contains(name);
        for (const auto* value : values_of(field.value())) {
            const auto* confidence = value->if_contains("confidence");
            if (confidence == nullptr || !confidence->is_number()) continue;
            bool right = false;
            if (known != nullptr) {
                for (const auto* one : values_of(*known)) {
                    right |= same_value(name, text_of(*value, "value"), text_of(*one, "value"));
                }
            }
            judged.fields[name].push_back({confidence->to_number<double>(), right});
        }
    }
}

}  // namespace

Result<Judged> judge_readings(std::string_view readings, std::string_view truths) {
    const auto read = contract_lines(readings, "readings");
    if (!read) return pass_on(read);
    const auto truth = contract_lines(truths, "truth");
    if (!truth) return pass_on(truth);
    Judged judged;
    for (const auto& [key, drawn_pli] : *truth) {
        const auto read_pli = read->find(key);
        if (read_pli == read->end()) continue;
        ++judged.plis;
        for (const auto& drawn_value : list_of(drawn_pli, "documents")) {
            const auto& drawn = drawn_value.as_object();
            const auto& pages = list_of(drawn, "pages");
            if (pages.empty() || !pages.front().is_int64()) continue;
            for (const auto& value : list_of(read_pli->second, "documents")) {
                const auto& document = value.as_object();
                if (!holds(document, pages.front().as_int64())) continue;
                JudgedType one;
                one.read = text_of(document, "type");
                one.truth = text_of(drawn, "type");
                one.automatic = text_of(document, "decision") == "auto";
                const auto* confidence = document.if_contains("confidence");
                one.sample.stated =
                    confidence != nullptr && confidence->is_number() ? confidence->to_number<double>() : 0;
                one.sample.right = one.read == one.truth;
                judged.types.push_back(std::move(one));
                judge_fields(document, drawn, judged);
            }
        }
    }
    if (judged.types.empty()) {
        return invalid("INPUT_INVALID", "the readings and the truth have no pli in common; are they of the same mail?");
    }
    return judged;
}

}  // namespace pleiade::cli
