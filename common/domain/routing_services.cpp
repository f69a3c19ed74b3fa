#include "common/domain/routing_services.h"

#include <fmt/format.h>

#include "common/base/csv.h"
#include "common/domain/routing_problems.h"

namespace pleiade {

Result<RoutingServices> RoutingServices::parse(std::string_view csv, const std::string& file_name) {
    auto parsed = CsvTable::parse(file_name, csv, {"code", "label_fr", "medical"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    TableProblems problems;
    RoutingServices services;
    bool any_medical = false;
    for (const auto& row : table.rows()) {
        const RoutingService service{row["code"], row["label_fr"], row["medical"] == "yes"};
        if (service.code.empty()) problems.add(table, row.at("code"), "a service needs a code");
        if (service.label_fr.empty()) problems.add(table, row.at("label_fr"), "a service needs a French label");
        if (row["medical"] != "yes" && row["medical"] != "no") {
            problems.add(table, row.at("medical"), "medical is yes or no");
        }
        if (!services.by_code_.emplace(service.code, services.all_.size()).second) {
            problems.add(table, row.at("code"), fmt::format("the service «{}» is given twice", service.code));
        }
        if (service.medical && !any_medical) {
            any_medical = true;
            services.medical_ = services.all_.size();
        }
        services.all_.push_back(service);
    }
    if (!any_medical) problems.add(file_name, 1, 1, "one service at least must be medical: who sees medical pages?");
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return services;
}

const RoutingService* RoutingServices::find(std::string_view code) const {
    const auto found = by_code_.find(code);
    return found == by_code_.end() ? nullptr : &all_[found->second];
}

bool RoutingServices::is_medical(std::string_view code) const {
    const auto* service = find(code);
    return service != nullptr && service->medical;
}

const RoutingService& RoutingServices::medical_service() const {
    return all_[medical_];
}

std::vector<std::string> RoutingServices::codes() const {
    std::vector<std::string> codes;
    for (const auto& service : all_) codes.push_back(service.code);
    return codes;
}

}  // namespace pleiade
