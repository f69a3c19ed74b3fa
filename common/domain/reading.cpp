#include "common/domain/reading.h"

#include <algorithm>
#include <array>

namespace pleiade {
namespace {

template <class Enum, std::size_t N>
std::string_view word_of(const std::array<std::string_view, N>& words, Enum value) {
    return words[static_cast<std::size_t>(value)];
}
template <class Enum, std::size_t N>
std::optional<Enum> value_of(const std::array<std::string_view, N>& words, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == word) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

constexpr std::array<std::string_view, 4> kPageKinds = {"document", "blank", "separator", "envelope"};
constexpr std::array<std::string_view, 6> kQualities = {"ok", "blurred", "too_dark", "too_light", "cut", "unreadable"};
constexpr std::array<std::string_view, 2> kSecrecies = {"normal", "medical"};
constexpr std::array<std::string_view, 2> kRoles = {"master", "attachment"};
constexpr std::array<std::string_view, 3> kStatuses = {"valid", "invalid", "unchecked"};
constexpr std::array<std::string_view, 2> kDecisions = {"auto", "keying"};
constexpr std::array<std::string_view, 4> kPriorities = {"P0", "P1", "P2", "P3"};

}  // namespace

bool is_settled(const DocumentReading& document, std::string_view what) {
    return std::find(document.settled.begin(), document.settled.end(), what) != document.settled.end();
}

std::string_view to_word(PageKind value) {
    return word_of(kPageKinds, value);
}
std::string_view to_word(Quality value) {
    return word_of(kQualities, value);
}
std::string_view to_word(Secrecy value) {
    return word_of(kSecrecies, value);
}
std::string_view to_word(Role value) {
    return word_of(kRoles, value);
}
std::string_view to_word(FieldStatus value) {
    return word_of(kStatuses, value);
}
std::string_view to_word(DecisionKind value) {
    return word_of(kDecisions, value);
}
std::string_view to_word(Priority value) {
    return word_of(kPriorities, value);
}
std::optional<Priority> priority_from(std::string_view word) {
    return value_of<Priority>(kPriorities, word);
}
std::optional<PageKind> page_kind_from(std::string_view word) {
    return value_of<PageKind>(kPageKinds, word);
}
std::optional<Quality> quality_from(std::string_view word) {
    return value_of<Quality>(kQualities, word);
}

}  // namespace pleiade
