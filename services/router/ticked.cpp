#include "services/router/ticked.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/router/explain.h"

namespace pleiade::router {
namespace {

void add_once(std::vector<std::string>& list, std::string what) {
    if (std::find(list.begin(), list.end(), what) == list.end()) list.push_back(std::move(what));
}

bool is_normal(const DocumentReading& document, const DocumentType& type, int page) {
    if (type.parts.empty()) return type.secrecy == Secrecy::Normal;
    const auto volet = document.volets.find(page);
    return volet != document.volets.end() && std::any_of(type.parts.begin(), type.parts.end(), [&](const Part& part) {
               return part.volet == volet->second && part.secrecy == Secrecy::Normal;
           });
}

}  // namespace

Ticked ticked_on(const DocumentReading& document, const TickRules& rules, const RoutingServices& services) {
    Ticked ticked;
    const bool seen_by_a_person = is_settled(document, kSettledType);
    for (const auto& rule : rules.of_type(document.type)) {
        for (const auto& tick : document.ticks) {
            if (tick.question != rule.question || (!tick.doubtful && tick.answer != rule.answer)) continue;
            const bool diverts = rule.effect == TickEffect::Service || rule.effect == TickEffect::Type;
            if (tick.doubtful && !seen_by_a_person) {
                add_once(ticked.doubts, fmt::format("case « {} » douteuse", rule.ticked_fr));
                continue;
            }
            if (tick.doubtful && diverts) continue;
            const auto box = fmt::format("Case {} : {}", tick.doubtful ? "douteuse" : "cochée", rule.ticked_fr);
            switch (rule.effect) {
                case TickEffect::Type:
                    break;  // the reader named the type by it
                case TickEffect::Service:
                    ticked.service = rule.value;
                    ticked.reasons.push_back(fmt::format("{}, {}", box, explain_destination(rule.value, services)));
                    break;
                case TickEffect::Copy:
                    add_once(ticked.copies, rule.value);
                    ticked.reasons.push_back(
                        fmt::format("{}, copie pour le {}", box, explain_destination(rule.value, services)));
                    break;
                case TickEffect::Priority:
                    ticked.priority = std::min(*priority_from(rule.value), ticked.priority.value_or(Priority::P3));
                    ticked.reasons.push_back(fmt::format("{}, priorité {}", box, rule.value));
                    break;
            }
        }
    }
    return ticked;
}

void tell_copies(const Ticked& ticked, const DocumentReading& document, const DocumentType& type, bool holds_secret_med,
                 Decision& decision) {
    auto& route = *decision.route;
    if (route.service == kHorsService) return;
    std::vector<int> pages;
    for (const int page : route.pages) {
        if (!holds_secret_med && is_normal(document, type, page)) pages.push_back(page);
    }
    for (const auto& service : ticked.copies) {
        const bool told =
            service == route.service || std::any_of(route.copies.begin(), route.copies.end(),
                                                    [&](const Copy& copy) { return copy.service == service; });
        if (!told) route.copies.push_back({decision.affiliation.caisse, service, pages});
    }
}

}  // namespace pleiade::router
