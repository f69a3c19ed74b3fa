#include "services/reader/forms/form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pleiade::reader::forms {
namespace {

constexpr std::array<std::pair<ZoneKind, std::string_view>, 5> kKinds = {{{ZoneKind::Comb, "comb"},
                                                                          {ZoneKind::Line, "line"},
                                                                          {ZoneKind::Text, "text"},
                                                                          {ZoneKind::Tick, "tick"},
                                                                          {ZoneKind::Signature, "signature"}}};

}  // namespace

std::string_view to_word(ZoneKind kind) {
    return std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == kind; })->second;
}

std::optional<ZoneKind> zone_kind_from(std::string_view word) {
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.second == word; });
    return found == kKinds.end() ? std::nullopt : std::optional(found->first);
}

std::string Form::title() const {
    std::string text = type;
    if (!cerfa.empty()) text += fmt::format(" {}{}{}", cerfa, notice ? "#" : "*", version.empty() ? "?" : version);
    if (cerfa.empty() && !version.empty()) text += fmt::format(" version {}", version);
    if (!reference.empty()) text += fmt::format(" {}", reference);
    return text + fmt::format(" page {}", page);
}

}  // namespace pleiade::reader::forms
