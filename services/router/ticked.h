// What boxes that were ticked change in a decision, by tick_rules.csv.
//
// Operation: a box that is plainly ticked has its effect, and a reason says so. A doubtful one that a rule hangs on is
// a question. Once a person has looked at the document nobody is asked again; in doubt, then, whoever would have to
// know is told and what would be urgent is urgent, but nothing goes elsewhere than where it would go without the box.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/reading.h"
#include "common/domain/routing_services.h"
#include "common/domain/tick_rules.h"

namespace pleiade::router {

struct Ticked {
    std::string service;  // that works on it instead; empty: nothing changes
    std::optional<Priority> priority;
    std::vector<std::string> copies;   // services to tell
    std::vector<std::string> reasons;  // in French
    std::vector<std::string> doubts;   // in French: what a person must look at
};

Ticked ticked_on(const DocumentReading& document, const TickRules& rules, const RoutingServices& services);

// Adds the copies of `ticked`. decision.route is there, its pages shared out. A copy shows what the main recipient sees
// and is not medical; where that is nothing, the service receives the index without an image.
void tell_copies(const Ticked& ticked, const DocumentReading& document, const DocumentType& type, bool holds_secret_med,
                 Decision& decision);

}  // namespace pleiade::router
