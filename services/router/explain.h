// The sentences that explain a decision to an operator, in French, short, without any value read on the document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/nomenclature.h"
#include "common/domain/organismes.h"
#include "common/domain/reading.h"
#include "common/domain/routing_rules.h"
#include "common/domain/routing_services.h"
#include "services/router/recipients.h"

namespace pleiade::router {

// "page 1", "pages 1, 2 et 4"
std::string explain_pages(const std::vector<int>& pages);
std::string explain_rule(const RoutingRule& rule, const Organismes& organismes, const RoutingServices& services);
std::string explain_service(const std::string& service, const RoutingServices& services);
// "service RCT (Recours contre tiers)"
std::string explain_destination(const std::string& service, const RoutingServices& services);
std::string explain_copy(const ServicePages& copy, const std::string& main_service, const RoutingServices& services);
std::string explain_to_key(const std::vector<std::string>& fields, const std::string& keyed_by, bool before_queue);

}  // namespace pleiade::router
