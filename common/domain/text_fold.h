// Text as we compare it: lower case, no accents, plain apostrophes, dashes and spaces; with the way back to the text
// as it was read, so that what is found in the folded text can be shown, or boxed, in the original.
//
// Œ and æ become two letters, ligatures (ﬁ) come apart, «°» is folded to "o" so that n° and nº agree, guillemets become
// ", zero-width characters disappear, every kind of space or control character is one space each. What has no
// Latin form (Greek, symbols) is kept as it is, in UTF-8; a byte that is no UTF-8 becomes "?".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pleiade {

struct FoldedText {
    std::string text;
    // For each byte of `text`, the offset in the original where the character it comes from begins; one entry more
    // than `text` has bytes, the last one being the size of the original.
    std::vector<std::uint32_t> origin;

    struct Range {
        std::size_t from = 0, to = 0;
    };
    // The bytes of the original that gave [from, to) of `text`: whole characters.
    Range original(std::size_t from, std::size_t to) const;
};

// Linear in the size of the text. Pure, thread-safe.
FoldedText fold_text(std::string_view utf8);

// The folded text alone.
std::string folded(std::string_view utf8);

}  // namespace pleiade
