#include "services/reader/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pleiade::reader {
namespace {

// "third_party_2" -> "third_party".
std::string_view without_number(std::string_view name) {
    const auto last = name.find_last_not_of("0123456789");
    if (last == std::string_view::npos || last + 1 == name.size() || last == 0 || name[last] != '_') return name;
    return name.substr(0, last);
}

std::string answer_of(const forms::PlacedZone& zone, std::string_view question) {
    const auto name = without_number(zone.name);
    const bool named = name.size() > question.size() + 1 && name.starts_with(question) && name[question.size()] == '_';
    return std::string(named ? name.substr(question.size() + 1) : name);
}

}  // namespace

std::vector<Tick> ticks_of(const std::vector<int>& pages, const TickZones& zones) {
    std::map<std::string, Tick, std::less<>> by_question;
    for (const int page : pages) {
        const auto of_page = zones.find(page);
        if (of_page == zones.end()) continue;
        for (const auto& zone : *of_page->second) {
            if (zone.kind != forms::ZoneKind::Tick || zone.group.empty() || zone.tick == forms::TickState::Empty)
                continue;
            const auto question = without_number(zone.group);
            const bool doubtful = zone.tick == forms::TickState::Doubtful;
            const auto answer = doubtful ? std::string() : answer_of(zone, question);
            const auto [at, fresh] =
                by_question.emplace(std::string(question), Tick{std::string(question), answer, doubtful, page});
            auto& tick = at->second;
            if (!fresh && tick.answer != answer) {
                tick.doubtful = true;
                tick.answer.clear();
            }
        }
    }
    std::vector<Tick> ticks;
    for (auto& [question, tick] : by_question) ticks.push_back(std::move(tick));
    return ticks;
}

void take_type_from_ticks(const TickRules& rules, DocumentReading& document) {
    const auto of_type = rules.of_type(document.type);  // copied: the type changes below
    for (const auto& rule : of_type) {
        if (rule.effect != TickEffect::Type) continue;
        for (const auto& tick : document.ticks) {
            if (tick.question != rule.question) continue;
            if (tick.doubtful) {
                document.certain = false;
                document.reasons.push_back({fmt::format("case « {} » douteuse", rule.ticked_fr), tick.page, {}});
            } else if (tick.answer == rule.answer) {
                document.type = rule.value;
                document.reasons.push_back({fmt::format("case cochée : {}", rule.ticked_fr), tick.page, {}});
                return;
            }
        }
    }
}

}  // namespace pleiade::reader
