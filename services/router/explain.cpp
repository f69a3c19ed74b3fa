#include "services/router/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pleiade::router {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, kFieldNames.size()> kFieldLabels = {{
    {"nir", "NIR de l'assuré"},
    {"beneficiary_nir", "NIR du bénéficiaire"},
    {"birth_date", "date de naissance"},
    {"last_name", "nom"},
    {"first_name", "prénom"},
    {"postal_code", "code postal"},
    {"iban", "IBAN"},
    {"siret", "SIRET"},
    {"finess", "FINESS"},
    {"rpps", "RPPS"},
    {"caisse", "code organisme"},
    {"document_date", "date du document"},
    {"accident_date", "date de l'accident"},
    {"period_from", "début de la période"},
    {"period_to", "fin de la période"},
}};

std::string label_of_field(const std::string& name) {
    const auto found =
        std::find_if(kFieldLabels.begin(), kFieldLabels.end(), [&](const auto& label) { return label.first == name; });
    return found == kFieldLabels.end() ? name : std::string(found->second);
}

std::string label_of_service(const std::string& code, const RoutingServices& services) {
    const auto* service = services.find(code);
    return service == nullptr ? code : fmt::format("{} ({})", code, service->label_fr);
}

}  // namespace

std::string explain_pages(const std::vector<int>& pages) {
    if (pages.empty()) return "aucune page";
    std::string text = pages.size() == 1 ? "page " : "pages ";
    for (std::size_t i = 0; i < pages.size(); ++i) {
        if (i > 0) text += i + 1 == pages.size() ? " et " : ", ";
        text += std::to_string(pages[i]);
    }
    return text;
}

std::string explain_rule(const RoutingRule& rule, const Organismes& organismes, const RoutingServices& services) {
    const auto* processing = organismes.find(rule.processed_by);
    auto text =
        fmt::format("Traité par {} ({}), service {}", rule.processed_by,
                    processing == nullptr ? "" : processing->label_fr, label_of_service(rule.service, services));
    if (rule.valid_from) text += fmt::format(", règle en vigueur depuis le {}", to_french_date(*rule.valid_from));
    if (rule.valid_to) text += fmt::format(", jusqu'au {}", to_french_date(*rule.valid_to));
    return text;
}

std::string explain_service(const std::string& service, const RoutingServices& services) {
    return fmt::format("Service {} d'après la nomenclature", label_of_service(service, services));
}

std::string explain_destination(const std::string& service, const RoutingServices& services) {
    return "service " + label_of_service(service, services);
}

std::string explain_copy(const ServicePages& copy, const std::string& main_service, const RoutingServices& services) {
    return fmt::format("{} : pour le service {}, sans image pour {}",
                       copy.pages.size() == 1 ? fmt::format("Page {}", copy.pages.front())
                                              : fmt::format("P{}", explain_pages(copy.pages).substr(1)),
                       label_of_service(copy.service, services), main_service);
}

std::string explain_to_key(const std::vector<std::string>& fields, const std::string& keyed_by, bool before_queue) {
    std::string names;
    for (const auto& field : fields) names += (names.empty() ? "" : ", ") + label_of_field(field);
    return fmt::format("À coder : {} (par {}, {})", names, keyed_by == "service" ? "le service" : "la plateforme",
                       before_queue ? "avant la file" : "dans la file");
}

}  // namespace pleiade::router
