// The dated rules of mutualisation: which caisse processes a type for another, and since when. Matched on the caisse of
// affiliation (after succession) at the day of receipt, bounds inclusive. An exact code beats a glob; two rules that
// would be equally right for one type, one caisse and one day are refused when the table is read, never discovered on
// a letter. Immutable once parsed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/domain/calendar.h"
#include "common/domain/nomenclature.h"
#include "common/domain/organismes.h"
#include "common/domain/routing_services.h"

namespace pleiade {

struct RoutingRule {
    std::vector<std::string> documents;  // codes and globs
    std::vector<Caisse> affiliations;
    Caisse processed_by;
    std::string service;
    std::optional<Day> valid_from;  // inclusive; empty: always was
    std::optional<Day> valid_to;    // inclusive; empty: still is
    std::string source;
    int line = 0;

    bool holds_on(Day day) const { return (!valid_from || *valid_from <= day) && (!valid_to || day <= *valid_to); }
    std::string name() const;  // "FSP_* 597 -> 595 FSP": for the document's history
};

class RoutingRules {
  public:
    static Result<RoutingRules> parse(std::string_view csv, const std::string& file_name, const Nomenclature& types,
                                      const Organismes& organismes, const RoutingServices& services);

    // nullptr: the caisse of affiliation processes it, in the nomenclature's service.
    const RoutingRule* find(std::string_view type, std::string_view affiliation, Day received_on) const;
    const std::vector<RoutingRule>& all() const { return all_; }

  private:
    struct Candidate {
        std::size_t rule = 0;
        bool exact = false;
    };
    std::vector<RoutingRule> all_;
    std::map<std::pair<std::string, Caisse>, std::vector<Candidate>> by_type_and_caisse_;
};

}  // namespace pleiade
