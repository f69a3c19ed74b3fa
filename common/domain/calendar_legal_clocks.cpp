#include "common/domain/calendar_legal_clocks.h"

#include <fmt/format.h>

#include <charconv>

#include "common/base/csv.h"
#include "common/domain/sourced_row.h"

namespace pleiade {
namespace {

constexpr int kCountMax = 10'000;  // of days or hours: beyond, it is a slip of the keyboard

std::optional<int> count_from(const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > kCountMax) return std::nullopt;
    return value;
}

}  // namespace

Result<LegalClocks> LegalClocks::parse(std::string_view csv, const std::string& file_name, const Nomenclature& types) {
    auto parsed =
        CsvTable::parse(file_name, csv, {"document", "count", "unit", "enabled", "legal_rule_fr", "source", "note"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    std::vector<std::string> codes;
    for (const auto& type : types.types()) codes.push_back(type.code);

    TableProblems problems;
    LegalClocks clocks;
    for (const auto& row : table.rows()) {
        LegalClock clock;
        clock.rule_fr = row["legal_rule_fr"];
        clock.source = row["source"];
        clock.line = row.line();
        const auto count = count_from(row["count"]);
        if (!count) problems.add(table, row.at("count"), fmt::format("a whole number from 1 to {}", kCountMax));
        clock.delay.count = count.value_or(1);
        const auto unit = delay_unit_from(row["unit"]);
        if (!unit) {
            problems.add(table, row.at("unit"),
                         unknown_word(row["unit"], "a unit",
                                      {"calendar_days", "working_days", "months", "clear_days", "hours"}));
        }
        clock.delay.unit = unit.value_or(DelayUnit::CalendarDays);
        if (clock.delay.unit == DelayUnit::Hours && clock.delay.count % 24 != 0) {
            problems.add(table, row.at("count"), "hours come by 24: a receipt is known by its day");
        }
        if (clock.rule_fr.empty()) problems.add(table, row.at("legal_rule_fr"), "a delay needs its rule, in French");
        const auto sourced = sourced_row(table, row, codes, "a delay", problems);
        if (!sourced.enabled) {
            ++clocks.disabled_count_;
            continue;
        }
        for (const auto& code : sourced.types) {
            if (const auto [at, added] = clocks.by_type_.emplace(code, clock); !added) {
                problems.add(table, row.at("document"),
                             fmt::format("{} has a delay already, line {}", code, at->second.line));
            }
        }
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());
    return clocks;
}

const LegalClock* LegalClocks::find(std::string_view type) const {
    const auto found = by_type_.find(type);
    return found == by_type_.end() ? nullptr : &found->second;
}

}  // namespace pleiade
