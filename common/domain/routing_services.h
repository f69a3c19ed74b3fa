// The services that receive mail, and which of them belongs to the service médical. Immutable once parsed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace pleiade {

inline constexpr std::string_view kHorsService = "HORS";  // mail that should not be here, sent on

struct RoutingService {
    std::string code;
    std::string label_fr;
    bool medical = false;  // every agent is habilitated to the secret médical: may see any medical page
};

class RoutingServices {
  public:
    // Refuses a table without a medical service: nobody could see a page whose secrecy is unknown.
    static Result<RoutingServices> parse(std::string_view csv, const std::string& file_name);

    const std::vector<RoutingService>& all() const { return all_; }
    const RoutingService* find(std::string_view code) const;  // nullptr when unknown
    bool is_medical(std::string_view code) const;
    // The service médical: the first medical one of the table. It receives what only it may see.
    const RoutingService& medical_service() const;
    std::vector<std::string> codes() const;

  private:
    std::vector<RoutingService> all_;
    std::map<std::string, std::size_t, std::less<>> by_code_;
    std::size_t medical_ = 0;
};

}  // namespace pleiade
