// Text as typage compares it: common/domain's folding, then everything that is neither a letter nor a digit becomes
// one space. OCR loses accents and invents punctuation; this makes both harmless.
#pragma once

#include <string>
#include <string_view>

namespace pleiade::reader {

// Lower-case ASCII letters, digits and single spaces; no space at either end.
std::string plain_words(std::string_view utf8);

}  // namespace pleiade::reader
