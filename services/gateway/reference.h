// The words that people read for our codes: document types, services, caisses; and which environment this is
// (production, recette, formation). Loaded once, immutable.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"

namespace pleiade::gateway {

class Reference {
  public:
    // Reads nomenclature.csv, organismes.csv and services.csv of the configuration folder. Errors: CONFIG_INVALID with
    // file, line and column.
    static Result<Reference> load(const std::string& config_folder, const std::string& environment = "production");
    static Result<Reference> parse(const std::string& nomenclature_csv, const std::string& services_csv,
                                   const std::string& organismes_csv, const std::string& environment = "production");

    const Nomenclature& nomenclature() const { return nomenclature_; }
    const std::map<std::string, std::string>& services() const { return services_; }
    // Its volets are medical. A service that is not known is, until it is.
    bool is_medical_service(std::string_view code) const;
    const std::map<std::string, std::string>& caisses() const { return caisses_; }
    // French name of a field of the contract; the name itself when it is not one.
    static std::string field_label(const std::string& name);
    // The whole answer of GET /api/v1/reference.
    const std::string& json() const { return json_; }

  private:
    Nomenclature nomenclature_;
    std::map<std::string, std::string> services_;
    std::set<std::string, std::less<>> normal_services_;
    std::map<std::string, std::string> caisses_;
    std::string json_;
};

}  // namespace pleiade::gateway
