// Signs of running text: letters, languages, machine-readable lines, account numbers.
#pragma once

#include <string>
#include <utility>

#include "services/reader/page_text.h"

namespace pleiade::reader {

struct LetterSigns {
    bool salutation = false;  // "Madame, Monsieur,"
    bool farewell = false;    // "Veuillez agréer..."
    bool object_line = false;
    bool address = false;  // the caisse's name on a line of its own, and a line that ends with a date
    std::size_t object_begin = 0, object_end = 0;  // in the folded text

    bool opens() const { return salutation || object_line || address; }
    bool any() const { return opens() || farewell; }
};
LetterSigns letter_signs(const PageText& text);

// Running text of which hardly a word is a French tool word. Short pages and forms are never foreign.
bool reads_foreign(const PageText& text);
// Two lines of a passport or card, with their fillers.
bool has_mrz(const PageText& text);
// An account number whose check digits hold.
bool has_iban(const PageText& text);

}  // namespace pleiade::reader
