#include "services/gateway/reference.h"

#include <boost/json.hpp>

#include "common/base/csv.h"
#include "common/runtime/settings.h"

namespace pleiade::gateway {

namespace {

Result<std::map<std::string, std::string>> labels(const std::string& name, const std::string& text,
                                                  const std::string& key) {
    const auto table = CsvTable::parse(name, text, {key, "label_fr"});
    if (!table) return pass_on(table);
    std::map<std::string, std::string> values;
    for (const auto& row : (*table)->rows()) values.emplace(row[key], row["label_fr"]);
    return values;
}

Result<std::set<std::string, std::less<>>> normal_services(const std::string& text) {
    const auto table = CsvTable::parse("services.csv", text, {"code", "medical"});
    if (!table) return pass_on(table);
    std::set<std::string, std::less<>> normal;
    for (const auto& row : (*table)->rows()) {
        if (row["medical"] == "no") normal.emplace(row["code"]);
    }
    return normal;
}

boost::json::object to_json(const std::map<std::string, std::string>& values) {
    boost::json::object out;
    for (const auto& [code, label] : values) out[code] = label;
    return out;
}

// As the nomenclature writes it.
boost::json::string_view role_word(TypeRole role) {
    switch (role) {
        case TypeRole::Master:
            return "master";
        case TypeRole::Attachment:
            return "attachment";
        case TypeRole::MasterOrAttachment:
            return "master_or_attachment";
    }
    return "master";
}

boost::json::object field_labels() {
    return {{"nir", "NIR de l'assuré"},
            {"beneficiary_nir", "NIR du bénéficiaire"},
            {"birth_date", "Date de naissance"},
            {"last_name", "Nom"},
            {"first_name", "Prénom"},
            {"postal_code", "Code postal"},
            {"iban", "IBAN"},
            {"siret", "SIRET de l'employeur"},
            {"finess", "FINESS"},
            {"rpps", "RPPS"},
            {"caisse", "Code organisme"},
            {"document_date", "Date du document"},
            {"accident_date", "Date de l'accident"},
            {"period_from", "Début de période"},
            {"period_to", "Fin de période"}};
}

}  // namespace

std::string Reference::field_label(const std::string& name) {
    static const auto labels = field_labels();
    const auto* label = labels.if_contains(name);
    return label != nullptr ? std::string(label->as_string()) : name;
}

bool Reference::is_medical_service(std::string_view code) const {
    return !normal_services_.contains(code);
}

Result<Reference> Reference::load(const std::string& config_folder, const std::string& environment) {
    const auto nomenclature = runtime::read_file(config_folder + "/nomenclature.csv");
    if (!nomenclature) return pass_on(nomenclature);
    const auto services = runtime::read_file(config_folder + "/services.csv");
    if (!services) return pass_on(services);
    const auto organismes = runtime::read_file(config_folder + "/organismes.csv");
    if (!organismes) return pass_on(organismes);
    return parse(*nomenclature, *services, *organismes, environment);
}

Result<Reference> Reference::parse(const std::string& nomenclature_csv, const std::string& services_csv,
                                   const std::string& organismes_csv, const std::string& environment) {
    Reference reference;
    auto nomenclature = Nomenclature::parse(nomenclature_csv, "nomenclature.csv");
    if (!nomenclature) return pass_on(nomenclature);
    reference.nomenclature_ = std::move(*nomenclature);
    auto services = labels("services.csv", services_csv, "code");
    if (!services) return pass_on(services);
    reference.services_ = std::move(*services);
    auto normal = normal_services(services_csv);
    if (!normal) return pass_on(normal);
    reference.normal_services_ = std::move(*normal);
    auto caisses = labels("organismes.csv", organismes_csv, "caisse");
    if (!caisses) return pass_on(caisses);
    reference.caisses_ = std::move(*caisses);

    boost::json::object types;
    for (const auto& type : reference.nomenclature_.types()) {
        boost::json::array required;
        for (const auto& field : type.required) required.push_back(boost::json::string(field));
        boost::json::array volets;
        for (const auto& part : type.parts) volets.push_back(part.volet);
        boost::json::object one{{"label_fr", type.label_fr},          {"service", type.service},
                                {"priority", to_word(type.priority)}, {"secrecy", to_word(type.secrecy)},
                                {"role", role_word(type.role)},       {"required", std::move(required)},
                                {"volets", std::move(volets)},        {"share", type.daily_share_percent}};
        if (!type.cerfa.empty()) one["cerfa"] = type.cerfa;
        if (!type.s_ref.empty()) one["s_ref"] = type.s_ref;
        types[type.code] = std::move(one);
    }
    reference.json_ = boost::json::serialize(boost::json::object{{"types", std::move(types)},
                                                                 {"services", to_json(reference.services_)},
                                                                 {"caisses", to_json(reference.caisses_)},
                                                                 {"fields", field_labels()},
                                                                 {"environment", environment}});
    return reference;
}

}  // namespace pleiade::gateway
