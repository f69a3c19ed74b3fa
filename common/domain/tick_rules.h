// What an answer that a form gives by a box to tick changes: deploy/config/tick_rules.csv. A rule without a source
// stands in the table, switched off, so that nobody adds it again by mistake. Immutable once parsed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "common/domain/routing_services.h"

namespace pleiade {

enum class TickEffect {
    Type,      // the form is of another type: the reader names that one
    Service,   // another service of the caisse of affiliation works on it
    Copy,      // another service is told, and sees what the main recipient sees of what is not medical
    Priority,  // it is worked on sooner
};

struct TickRule {
    std::string question, answer;
    TickEffect effect = TickEffect::Copy;
    std::string value;      // a type, a service or a priority
    std::string ticked_fr;  // what the box says, for people
    int line = 0;
};

class TickRules {
  public:
    // `services`: null where they are not known (the reader); the rules' services are then not checked.
    // Errors: CONFIG_INVALID, every mistake with file, line and column.
    static Result<TickRules> parse(std::string_view csv, const std::string& file_name, const Nomenclature& types,
                                   const RoutingServices* services);

    // In the order of the table.
    const std::vector<TickRule>& of_type(std::string_view type) const;
    std::size_t enabled_count() const { return enabled_count_; }
    std::size_t disabled_count() const { return disabled_count_; }

  private:
    std::map<std::string, std::vector<TickRule>, std::less<>> by_type_;
    std::size_t enabled_count_ = 0, disabled_count_ = 0;
};

}  // namespace pleiade
