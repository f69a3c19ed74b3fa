// The routing plan: every table of the configuration folder, read, checked one by one and against one another. A plan
// that loads is whole; one that does not gives all its problems at once. Immutable, so any thread may read it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/calendar_legal_clocks.h"
#include "common/domain/nomenclature.h"
#include "common/domain/organismes.h"
#include "common/domain/routing_keying.h"
#include "common/domain/routing_rules.h"
#include "common/domain/routing_services.h"
#include "common/domain/tick_rules.h"
#include "services/router/calendar_file.h"
#include "services/router/identified_by.h"

namespace pleiade::router {

struct Plan {
    Nomenclature types;
    Organismes organismes;
    RoutingServices services;
    RoutingRules rules;
    KeyingRules keying;
    LegalClocks legal_clocks;
    IdentifiedBy identified_by;
    TickRules tick_rules;
    MailRoomCalendar mail_room;
    // "2026-11-20+1f2e3d4c5b6a": the latest version of the tables and the digest of all, so that two plans that differ
    // by one letter never have the same name.
    std::string version;
    std::vector<std::string> summary;
};

Result<std::shared_ptr<const Plan>> load_plan(const std::string& config_folder);

}  // namespace pleiade::router
