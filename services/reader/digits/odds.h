// What a box of a comb may hold, and how likely each is.
#pragma once

#include <algorithm>
#include <array>

namespace pleiade::reader::digits {

// 0 to 9 stand for themselves. A and B are the letters of Corsica (2A, 2B). Other is all that is no figure: a letter, a
// figure struck out, two characters in one box.
enum Kind : int { kA = 10, kB = 11, kEmpty = 12, kOther = 13 };
inline constexpr int kKinds = 14;

// Probabilities by kind; they sum to one.
using Odds = std::array<float, kKinds>;

inline Odds certain(int kind) {
    Odds odds{};
    odds[static_cast<std::size_t>(kind)] = 1;
    return odds;
}

inline int likeliest(const Odds& odds) {
    return static_cast<int>(std::max_element(odds.begin(), odds.end()) - odds.begin());
}

// The likeliest figure or letter of Corsica, whatever speaks for an empty or spoilt box.
inline int likeliest_character(const Odds& odds) {
    return static_cast<int>(std::max_element(odds.begin(), odds.begin() + kEmpty) - odds.begin());
}

// '0' to '9', 'A', 'B'; ' ' for an empty box and '?' for what is no figure.
inline char character_of(int kind) {
    return "0123456789AB ?"[kind];
}

}  // namespace pleiade::reader::digits
