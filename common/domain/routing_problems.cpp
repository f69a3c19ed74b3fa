#include "common/domain/routing_problems.h"

#include <fmt/format.h>

#include <algorithm>

namespace pleiade {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

}  // namespace

void TableProblems::add(const CsvTable& table, const CsvCell& cell, std::string_view what) {
    lines_.push_back(table.error_at(cell, what).value().message);
}

void TableProblems::add(std::string_view file, int line, int column, std::string_view what) {
    lines_.push_back(fmt::format("{}:{}:{}: {}", file, line, column, what));
}

Error TableProblems::to_error() const {
    std::string message;
    for (std::size_t i = 0; i < std::min(lines_.size(), kShownMax); ++i) {
        if (i > 0) message += '\n';
        message += lines_[i];
    }
    if (lines_.size() > kShownMax) message += fmt::format("\n... and {} more", lines_.size() - kShownMax);
    return Error{ErrorKind::Invalid, "CONFIG_INVALID", std::move(message)};
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
    const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
        return edit_distance(a, word) < edit_distance(b, word);
    });
    return nearest == known.end() ? std::string() : *nearest;
}

std::string unknown_word(std::string_view word, std::string_view what, const std::vector<std::string>& known) {
    const auto nearest = nearest_word(word, known);
    if (nearest.empty()) return fmt::format("«{}» is not {}", word, what);
    return fmt::format("«{}» is not {}; the nearest one is «{}»", word, what, nearest);
}

bool glob_matches(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    if (text.substr(0, star) != pattern.substr(0, star)) return false;
    const auto rest = pattern.substr(star + 1);
    for (std::size_t from = star; from <= text.size(); ++from) {
        if (glob_matches(rest, text.substr(from))) return true;
    }
    return false;
}

}  // namespace pleiade
