// Finds a phrase in text that OCR has damaged: bit-parallel approximate search (G. Myers, "A fast bit-vector algorithm
// for approximate string matching based on dynamic programming", J. ACM 46(3), 1999), one machine word per phrase.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pleiade::reader {

struct Match {
    std::size_t begin = 0;  // in the searched text
    std::size_t end = 0;
    int errors = 0;  // insertions, deletions, substitutions
};

// Which groups of three characters a text has. A phrase is in few of the texts that it is looked for in, and it takes
// some of its groups to say so, where the search takes the whole text. Immutable.
class CharacterGroups {
  public:
    static constexpr std::size_t kPlaces = 1 << 15;  // groups share them, so that a text may seem to have one more

    explicit CharacterGroups(std::string_view text);
    bool has(std::uint16_t group) const { return groups_[group]; }
    static std::vector<std::uint16_t> of(std::string_view text);

  private:
    std::bitset<kPlaces> groups_;
};

// A folded phrase, prepared once and searched in many pages. Immutable, so any thread may use it.
class Phrase {
  public:
    static constexpr std::size_t kLengthMax = 64;  // bits of the machine word

    explicit Phrase(std::string folded);  // at most kLengthMax characters, not empty
    const std::string& text() const { return text_; }
    // Errors that still leave no doubt for a phrase of that length: none under 7 characters, then about one in eight.
    int errors_allowed() const;
    // The best occurrence that begins and ends at words, with at most errors_max errors; the first one among equals.
    std::optional<Match> find_in(std::string_view folded, int errors_max) const;
    std::optional<Match> find_in(std::string_view folded) const { return find_in(folded, errors_allowed()); }
    // False only when find_in would find nothing in the text of these groups.
    bool may_be_in(const CharacterGroups& text, int errors_max) const;

  private:
    std::string text_;
    std::vector<std::uint16_t> groups_;
    std::array<std::uint64_t, 128> masks_{};     // where each character stands in the phrase
    std::array<std::uint64_t, 128> reversed_{};  // the same, read backwards
};

// Edit distance of the whole strings; `a` has at most Phrase::kLengthMax characters.
int edit_distance(std::string_view a, std::string_view b);

}  // namespace pleiade::reader
